"""Drafts: Turtle in which a passage is still the quoted words, `tacit:passage "exact words"`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tacit.errors import Fault, FaultsError, TacitError
from tacit.evidence import Corpus, Passage

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<iri><[^<>\s]*>)
      | (?P<string>(?P<quote>\"{3}|'{3}|\"|')(?P<words>(?:\\.|(?!(?P=quote)).)*)(?P=quote)(?:@[a-zA-Z-]+)?)
      | (?P<type>\^\^)
      | (?P<mark>[;,\[\]()]|\.(?=[\s#]|$))
      | (?P<name>(?:[^\s<>"';,\[\]().]|\.(?!\s|$))+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ARTICLE = "id:article-"


@dataclass
class _Block:
    """One subject with all it says: where its quotations stand, and the article it names as its source."""

    subject: str = ""
    article: str = ""
    quotations: list[re.Match[str]] = field(default_factory=list)


def fill(draft: Path, corpus: Corpus) -> str:
    """Return the draft with each quotation replaced by its passage's name, and the passages' Turtle after it.

    All else stays as it is, comments too; a passage which the draft already describes is not repeated. Raises
    FaultsError with every quotation that has no source, or does not stand exactly once in its article.
    """
    try:
        text = draft.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TacitError(f"{draft} is not UTF-8: save it as UTF-8.") from error
    faults: list[Fault] = []
    passages: set[Passage] = set()
    pieces: list[str] = []
    done = 0
    described = set()
    for block in _blocks(draft, text):
        described.add(block.subject)
        for quotation in block.quotations:
            try:
                passage = _passage(block, quotation, corpus)
            except TacitError as error:
                line = _line(text, quotation.start())
                faults.append(Fault(draft, line, block.subject, "quotation", str(error)))
                continue
            passages.add(passage)
            pieces += text[done : quotation.start()], passage.name
            done = quotation.end()
    if faults:
        raise FaultsError(faults)
    filled = "".join([*pieces, text[done:]])
    return "\n".join([filled, *(p.turtle() for p in sorted(passages) if p.name not in described)])


def _passage(block: _Block, quotation: re.Match[str], corpus: Corpus) -> Passage:
    if not block.article:
        raise TacitError(f"The quotation has no article: give its subject tacit:source {_ARTICLE}NNN.")
    words = _ESCAPE.sub(
        lambda m: chr(int(m[1], 16)) if m[1] else {"n": "\n", "t": "\t"}.get(m[2], m[2]), quotation["words"]
    )
    return corpus.article(block.article).find(words)


def _blocks(draft: Path, text: str) -> Iterator[_Block]:
    """Read the statements of a Turtle text as far as quotations need it."""
    block, predicate = _Block(), ""
    for token in _tokens(draft, text):
        if token["mark"] == ".":
            yield block
            block, predicate = _Block(), ""
        elif token["mark"] and token["mark"] != ",":
            predicate = ""
        elif token["string"] and predicate == "tacit:passage":
            block.quotations.append(token)
        elif token["name"] and not block.subject:
            block.subject = token["name"]
        elif token["name"] and not predicate:
            predicate = token["name"]
        elif token["name"] and predicate == "tacit:source" and token["name"].startswith(_ARTICLE):
            block.article = token["name"].removeprefix(_ARTICLE)
    if block.subject:
        message = f"The block of {block.subject} does not end."
        raise FaultsError(
            [Fault(draft, _line(text, len(text)), block.subject, "turtle", message, "End it with ' .'.")]
        )


def _tokens(draft: Path, text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            line, sign = _line(text, position), text[position]
            message = (
                f"A {sign} stands here that nothing closes." if sign in "\"'<" else f"{sign!r} is no Turtle."
            )
            raise FaultsError(
                [Fault(draft, line, "", "turtle", message, "Look at the end of the line before, too.")]
            )
        yield token
        position = token.end()


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
