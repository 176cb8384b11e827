"""SPARQL text, as far as it must be understood without the engine, which has no parser to ask.

Its words answer: is it an update, may it call other servers or name a graph, and where does it go wrong.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tacit.errors import QuerySyntaxError
from tacit.names import PREFIXES

#: `*+` keeps no way back, for which a string of a megabyte would take a hundred.
#: Beyond ASCII every character counts as part of a name: those that are not are errors anywhere.
_WORD: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
      | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
      | (?P<string>'''(?:'{0,2}(?:[^'\\]|\\.))*+'''|\"{3}(?:"{0,2}(?:[^"\\]|\\.))*+\"{3}
                  |'(?:[^'\\\r\n]|\\.)*+'|"(?:[^"\\\r\n]|\\.)*+")
      | (?P<variable>[?$][\w\x80-\U0010ffff]+)
      | (?P<name>@[A-Za-z0-9-]+ | [+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?!\w)
                | [\w:\x80-\U0010ffff](?:[\w:.\x80-\U0010ffff-]|%[0-9A-Fa-f]{2}|\\.)*(?<!\.))
      | (?P<other>\^\^|\|\||&&|[!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)

#: The words with which a SPARQL 1.1 update operation begins (SPARQL 1.1 grammar, rule 30).
UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
#: How many words a declaration of the prologue takes.
_PROLOGUE: Final = {"PREFIX": 3, "BASE": 2, "VERSION": 2}

#: Wider than the engine's longest keyword, see `_locate`.
_GAP: Final = " " * 40
#: A longer query is not laid out again to find its fault: the engine's own position must do.
_MOST_WORDS: Final = 10_000
#: What a character that the engine would have accepted stands for.
_STANDS_FOR: Final = {
    "?": "a variable",
    "<": "an IRI",
    '\\"': "a literal",
    "{": "{",
    "}": "}",
    "(": "(",
    ")": ")",
}
#: What a text processor writes where a query has something else.
_TYPESET: Final = {
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),  # noqa: RUF001
    **dict.fromkeys("‐‑‒–—−", "-"),  # noqa: RUF001
    **{"≤": "<=", "≥": ">=", "≠": "!="},
}
#: What it writes that nobody sees, by category of Unicode: spaces, separators, marks of format; two of them
#: may be part of a name (SPARQL 1.1 grammar, rule 164).
_UNSEEN: Final = ("Zs", "Zl", "Zp", "Cf")
_JOINERS: Final = "\u200c\u200d"


#: GRAPH and FROM, and what reads like them. Where a keyword may stand, a letter before it can only end one of
#: these words, and `?from` is a variable: `tacit:paragraph` names no graph.
_GRAPHS: Final = re.compile(r"(?<![a-z?$])(?:graph|from)|(?:true|false|ask|construct)(?:graph|from)")


@dataclass(frozen=True)
class Word:
    """One word of a query; *start* counts code points from 0."""

    kind: str
    text: str
    start: int


#: The faulty word, None being the end of the query, and what could have stood there.
_Place = tuple[Word | None, list[str]]


def words(query: str) -> Iterator[Word]:
    """Yield the words of *query*, without white space and comments."""
    for match in _WORD.finditer(query):
        if match.lastgroup != "space":
            yield Word(str(match.lastgroup), match[0], match.start())


def first_word(query: str, prologue: Mapping[str, int] = _PROLOGUE) -> Word | None:
    """Return the first word after the declarations of *prologue*: a keyword each, and its words in all."""
    skip = 0
    for word in words(query):
        if skip:
            skip -= 1
        elif (keyword := word.text.upper()) in prologue:
            skip = prologue[keyword] - 1
        else:
            return word
    return None


def is_update(query: str) -> bool:
    """Tell whether *query* is a SPARQL update: the first word after the prologue decides."""
    first = first_word(query)
    return first is not None and first.text.upper() in UPDATES


def may_name_graphs(query: str) -> bool:
    """Tell whether *query* may have a GRAPH or FROM clause. When in doubt, it may."""
    lower = query.lower()
    # most queries have neither word, and looking for them takes a hundredth of the time
    return ("graph" in lower or "from" in lower) and _GRAPHS.search(lower) is not None


def may_name_data_set(query: str) -> bool:
    """Tell whether *query* may have a FROM clause. When in doubt, it may."""
    return "from" in query.lower() and may_name_graphs(query)


def may_call_service(query: str) -> bool:
    """Tell whether *query* may contain a SERVICE clause. When in doubt, it may.

    The engine reads without word boundaries, and where one reading fails it tries another: ``SERVICEex:a {}``
    and ``1SERVICE<…> {}`` are clauses to it. So is ``ex:SERVICE <…> {}`` if ``ex:`` alone makes an IRI, but
    ``ex:SERVICE`` does not.
    """
    return services(query) != []


def services(query: str) -> list[Word] | None:
    """Return the IRI of each SERVICE clause of *query*; None if there may be a clause of another kind.

    Only ``SERVICE <…> {`` and ``SERVICE SILENT <…> {`` are beyond doubt: words of their own, and an IRI that
    is written out without escapes.
    """
    if "service" not in query.lower():  # the engine knows no other way to write the keyword
        return []
    found = list(words(query))
    if any(word.kind == "iri" and _is_doubtful(word.text) for word in found):
        return None
    end = Word("other", "", len(query))
    clauses = []
    for place, (word, follows) in enumerate(pairwise([*found, end])):
        if word.kind != "name" or not _may_be_service(word.text, follows.text):
            continue
        rest = found[place + 1 : place + 4]
        if rest and rest[0].kind == "name" and rest[0].text.upper() == "SILENT":
            del rest[0]
        if word.text.upper() != "SERVICE" or [w.kind for w in rest[:1]] != ["iri"]:
            return None
        if [w.text for w in rest[1:2]] != ["{"]:
            return None
        clauses.append(rest[0])
    return clauses


def redirect(query: str, clauses: Iterable[Word], addresses: Callable[[str], str]) -> str:
    """Return *query* with other addresses in the *clauses* that `services` found in it."""
    for word in sorted(clauses, key=lambda word: -word.start):
        before, after = query[: word.start], query[word.start + len(word.text) :]
        query = f"{before}<{addresses(word.text[1:-1])}>{after}"
    return query


def _is_doubtful(iri: str) -> bool:
    """Tell whether what looks like an IRI may be none, or be a namespace that not every name can follow.

    ``1<ex:b#>`` is "less than" and a comment to the engine; with ``//``, which no expression has, it is one
    for certain. ``<http://h:8>`` followed by a name is an IRI with a faulty port.
    """
    if "\\" in iri:
        return True
    if authority := re.match(r"<(?:[A-Za-z][\w+.-]*:)?//[^/?#>]*", iri):
        return iri[authority.end() :] == ">"
    return bool(re.search("['#]", iri))


def _may_be_service(name: str, follows: str) -> bool:
    prefix, colon, local = name.lower().partition(":")
    if "service" in prefix and prefix[0] != "@" and (not colon or follows == "{"):
        return True  # else `service:x` is a prefixed name
    # a name of other characters may make no IRI, and then the engine reads on after its first colon
    return "service" in local and not re.fullmatch(r"[a-z0-9_][a-z0-9_.-]*", local)


def explain(query: str, complaint: str, parse: Callable[[str], object]) -> QuerySyntaxError:
    """Return the engine's *complaint* about *query* as an error that names the faulty word.

    *parse* is given another text of the same words, and raises SyntaxError.
    """
    start, expected = _read(complaint, query)
    found: list[Word] = []  # not all of them: of what strangers send there may be a million
    fault = unclosed = None
    for word in words(query):
        if word.start <= start:
            fault = word
        if unclosed is None and word.kind == "other" and word.text in "\"'":
            unclosed = word
        if len(found) <= _MOST_WORDS:
            found.append(word)
    if len(found) <= _MOST_WORDS:
        fault, expected = _locate(found, parse, (fault, expected))
    sign = None if unclosed else _typeset(fault)
    fault = unclosed or sign or fault
    start = fault.start if fault else len(query.rstrip())
    line = query.count("\n", 0, start)
    column = start - query.rfind("\n", 0, start)
    message = _instead(sign.text) if sign else _sentence(fault, expected)
    return QuerySyntaxError(message, line + 1, column, query.split("\n")[line].rstrip("\r"))


def _typeset(fault: Word | None) -> Word | None:
    """Return the first character of *fault* that only a text processor writes, as a word."""
    if fault is None or fault.kind in ("string", "iri"):
        return None
    for place, sign in enumerate(fault.text):
        unseen = unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS
        if unseen or sign in _TYPESET:
            return Word("other", sign, fault.start + place)
    return None


def _instead(sign: str) -> str:
    if sign in _TYPESET:
        return f"{sign} cannot stand here; write {_TYPESET[sign]}"
    name = f"U+{ord(sign):04X} ({unicodedata.name(sign).lower()})"
    return f"the invisible {name} cannot stand here; write a plain space, or nothing"


def _locate(found: list[Word], parse: Callable[[str], object], otherwise: _Place) -> _Place:
    """Find the word at which parsing fails, None being the end, and what could have stood there.

    The engine tries a keyword by reading as many characters as it is long, and reports the farthest character
    that it read: often several words too far. So the words are laid out again with wide gaps, and the
    farthest character is in the gap after the faulty word. *otherwise* is the answer if the new text parses.
    """
    text, starts = "", []
    for before, word in pairwise([Word("other", "", 0), *found]):
        glued = word.text == "^^" or word.text[0] == "@" or before.text == "^^"
        text += word.text if glued else _GAP + word.text
        starts.append(len(text) - len(word.text))
    text += 2 * _GAP
    try:
        parse(text)
    except SyntaxError as error:
        offset, expected = _read(str(error), text)
        if not found or offset >= len(text) - len(_GAP):
            return None, expected
        place = max(i for i, start in enumerate([0, *starts]) if start <= offset) - 1
        exact = offset == starts[place]  # else the farthest keyword, which says nothing about the others
        return found[max(place, 0)], [
            item for item in expected if exact or " " in item or item == "CONSTRUCT"
        ]
    return otherwise


def _read(complaint: str, text: str) -> tuple[int, list[str]]:
    """Return the offset and what was expected there, from ``error at 2:5: expected one of …``."""
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", complaint, re.DOTALL)
    if match is None:
        return 0, [complaint]
    before = text.split("\n")[: int(match[1]) - 1]
    offset = sum(len(line) + 1 for line in before) + int(match[2]) - 1
    items = re.split(r", (?=[\"\[\w<])", match[3])
    return offset, [
        item.strip('"') for item in items if not item.startswith("[")
    ]  # [ ] are character classes


def _sentence(fault: Word | None, expected: list[str]) -> str:
    """Say what is wrong at *fault*, and what to do. Only where a query begins could CONSTRUCT stand."""
    text = fault.text if fault else ""
    if fault and fault.kind == "other" and text in "\"'":
        return (
            f"this string is not closed; end it with {text} on the same line, or write it between {text * 3}"
        )
    if "CONSTRUCT" in expected or (fault is None and not expected):
        return "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines"
    if "Prefix not found" in expected:
        prefix = text.partition(":")[0]
        known = PREFIXES.get(prefix, "…")
        return f"the prefix {prefix}: is not declared; add PREFIX {prefix}: <{known}> before the query"
    if "IRI parsing failed" in expected:
        return "this is not an IRI; one such as <https://…> has no spaces and no brackets inside"
    if rule := next((item for item in expected if " " in item), ""):
        return rule.rstrip(".")
    wanted = [meaning for sign, meaning in _STANDS_FOR.items() if sign in expected]
    wish = f"; expected {', '.join(wanted[:-1])}{' or ' if wanted[1:] else ''}{wanted[-1]}" if wanted else ""
    return (f"{text} cannot stand here" if fault else "the query ends too early") + wish
