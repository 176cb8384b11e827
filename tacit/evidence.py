"""Evidence: which words of which article a claim rests on, found in the texts and proved against them.

The graph holds no sentence of an article: a passage is a range of Unicode code points with the digest of its
text. The texts themselves are not part of the project, so all of this needs a folder that holds them.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final

from rdflib import DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from tacit.errors import Fault, TacitError
from tacit.files import Project
from tacit.names import OA, TACIT, short

#: Printed and typed forms of one sign: double quotes, single quotes, dashes.
_ALIKE: Final = ('"\u201c\u201d\u201e', "'\u2018\u2019`", "-\u2011\u2013\u2014")
#: How many characters to show on either side of words that stand more than once.
_CONTEXT: Final = 30


@dataclass(frozen=True, order=True)
class Passage:
    """A stretch of an article: *start* and *end* count Unicode code points, *end* is exclusive."""

    article: str
    start: int
    end: int
    paragraph: int
    sha256: str

    @property
    def name(self) -> str:
        """Return the prefixed name of the passage."""
        return f"id:passage-{self.article}-{self.start}-{self.end}"

    def turtle(self) -> str:
        """Return the passage as Turtle, ready to paste."""
        return (
            f"{self.name} a oa:SpecificResource ; oa:hasSource id:article-{self.article} ;"
            f" tacit:paragraph {self.paragraph} ;\n"
            "    oa:hasSelector [ a oa:TextPositionSelector ;"
            f" oa:start {self.start} ; oa:end {self.end} ] ;\n"
            f'    tacit:sha256 "{self.sha256}" .\n'
        )


@dataclass(frozen=True)
class Article:
    """The text of one article. A paragraph is a non-empty line, counted from 1."""

    identifier: str
    text: str

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Return the range of each paragraph, the first at index 0."""
        return [match.span() for match in re.finditer(r"[^\n]+", self.text) if match[0].strip()]

    def passage(self, start: int, end: int) -> Passage:
        """Return the passage of this range, which must lie within one paragraph."""
        paragraph = next(n for n, (first, last) in enumerate(self.paragraphs, 1) if first <= start < last)
        return Passage(self.identifier, start, end, paragraph, digest(self.text[start:end]))

    def occurrences(self, words: str) -> list[Passage]:
        """Return each place where *words* stand, whatever the form of quotes, dashes and white space."""
        pattern = r"\s+".join("".join(map(_any_form, word)) for word in words.split())
        start = r"(?<!\w)" if words.lstrip()[0].isalnum() else ""
        end = r"(?!\w)" if words.rstrip()[-1].isalnum() else ""
        expression = re.compile(start + pattern + end)
        return [
            self.passage(*match.span())
            for first, last in self.paragraphs
            for match in expression.finditer(self.text, first, last)
        ]

    def nearest(self, words: str) -> str:
        """Return a hint that quotes the stretch most like *words*, or that there is none."""
        count = len(words.split())
        windows: dict[str, int] = {}
        for number, (first, last) in enumerate(self.paragraphs, 1):
            spans = [match.span() for match in re.finditer(r"\S+", self.text[first:last])]
            for i in range(max(1, len(spans) - count + 1)):
                begin, end = spans[i][0], spans[min(i + count, len(spans)) - 1][1]
                windows.setdefault(self.text[first + begin : first + end], number)
        near = get_close_matches(words, windows, n=1, cutoff=0.5)
        return (
            f"nearest, in paragraph {windows[near[0]]}: {near[0]!r}" if near else "nothing there is like them"
        )

    def find(self, words: str, paragraph: int | None = None) -> Passage:
        """Return the one passage in which *words* stand, if asked in this *paragraph* only.

        Raises TacitError if they stand nowhere, or more than once.
        """
        if not words.split():
            raise TacitError("There are no words to look for: quote some of the article's.")
        found = [p for p in self.occurrences(words) if paragraph in (None, p.paragraph)]
        where = f"article {self.identifier}" + (f", paragraph {paragraph}" if paragraph else "")
        if not found:
            raise TacitError(f"{words!r} does not stand in {where}; {self.nearest(words)}.")
        if len(found) > 1:
            places = "".join(f"\n  paragraph {p.paragraph}: …{self._around(p)}…" for p in found)
            cure = "quote more words, or name the paragraph"
            raise TacitError(f"{words!r} stands {len(found)} times in {where}; {cure}:{places}")
        return found[0]

    def _around(self, passage: Passage) -> str:
        first, last = self.paragraphs[passage.paragraph - 1]
        return self.text[max(first, passage.start - _CONTEXT) : min(last, passage.end + _CONTEXT)]


class Corpus:
    """The articles' texts in a folder: files `NNN*.txt`, where NNN is the article's dcterms:identifier.

    Raises TacitError if the folder holds none, or a file differs from what its SHA256SUMS says.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = sorted(folder.glob("[0-9][0-9][0-9]*.txt"))
        if not files:
            raise TacitError(
                f"{folder} holds no article: name the folder with the texts (000….txt and so on)."
            )
        content = {file.name: file.read_bytes() for file in files}
        sums = folder / "SHA256SUMS"
        if sums.exists():
            _verify(sums, content)
        self.articles = {name[:3]: Article(name[:3], data.decode()) for name, data in content.items()}

    def article(self, identifier: str) -> Article:
        """Return an article by its identifier, such as "003"; raise TacitError if the folder lacks it."""
        if identifier not in self.articles:
            raise TacitError(
                f"{self.folder} holds no article {identifier!r}: it has {', '.join(self.articles)}."
            )
        return self.articles[identifier]


def corpus_folder(project: Project) -> Path:
    """Return where the texts are if nothing else is said: $TACIT_CORPUS, else ../shared/corpus.

    Raises TacitError if no folder is there.
    """
    folder = Path(os.environ.get("TACIT_CORPUS", project.root.parent / "shared" / "corpus"))
    if not folder.is_dir():
        raise TacitError("Where are the articles' texts? Name their folder by --corpus or TACIT_CORPUS.")
    return folder


def digest(text: str) -> str:
    """Return the SHA-256 of *text* in UTF-8, in lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _any_form(sign: str) -> str:
    return next((f"[{re.escape(forms)}]" for forms in _ALIKE if sign in forms), re.escape(sign))


def _verify(sums: Path, content: dict[str, bytes]) -> None:
    expected = {name: value for value, name in (line.split() for line in sums.read_text().splitlines())}
    for name, data in content.items():
        if expected.get(name) != hashlib.sha256(data).hexdigest():
            raise TacitError(f"{sums.parent / name} is not the file which {sums.name} lists: fetch it again.")


def prove(project: Project, corpus: Corpus) -> tuple[list[Fault], str]:
    """Return the faults of all passages against the texts, and a sentence that counts what was proved.

    A passage must lie within the paragraph that it names, and its digest must be that of the text there.
    """
    graph = project.union()
    faults: list[Fault] = []
    proved: set[Node] = set()
    for passage in graph.subjects(RDF.type, OA.SpecificResource):
        try:
            _prove(graph, passage, corpus)
        except TacitError as error:
            cure = "Let tacit cite find the words anew."
            faults.append(project.fault(passage, "evidence", str(error), cure))
        else:
            proved.add(passage)
    claims = {claim for claim, passage in graph.subject_objects(TACIT.passage) if passage in proved}
    faults.sort(key=lambda fault: (fault.file, fault.line))
    return (
        faults,
        f"Proved against {corpus.folder}: passages {len(proved)}, claims that rest on them {len(claims)}.",
    )


def _prove(graph: Graph, passage: Node, corpus: Corpus) -> None:
    source, selector = graph.value(passage, OA.hasSource), graph.value(passage, OA.hasSelector)
    article = corpus.article(str(graph.value(source, DCTERMS.identifier)))
    start, end = _number(graph, selector, OA.start), _number(graph, selector, OA.end)
    paragraph = _number(graph, passage, TACIT.paragraph)
    here = article.text[start:end]
    now = f"characters {start} to {end} of article {article.identifier} now read {here!r}"
    spans = article.paragraphs
    if not 1 <= paragraph <= len(spans):
        raise TacitError(f"There is no paragraph {paragraph}; {now}.")
    first, last = spans[paragraph - 1]
    if not first <= start < end <= last:
        raise TacitError(f"Paragraph {paragraph} is characters {first} to {last}; {now}.")
    if digest(here) != str(graph.value(passage, TACIT.sha256)):
        raise TacitError(f"The digest is that of another text; {now}.")


def _number(graph: Graph, thing: Node | None, name: URIRef) -> int:
    number = graph.value(thing, name)
    if not isinstance(number, Literal) or not isinstance(number.value, int):
        raise TacitError(f"The passage has no whole number as {short(str(name))}.")
    return number.value
