"""The formats of an answer, and which one a request prefers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MIMEAccept

from tacit.engine import GRAPH_FORMATS, RESULT_FORMATS

HTML: Final = "text/html"


@dataclass(frozen=True)
class Format:
    """A format: *name* is the engine's and the value of ``format=``, the first of *media* its media type.

    *extension* ends an address that wants it, *standard* is its name in http://www.w3.org/ns/formats/.
    """

    name: str
    kind: str
    label: str
    media: tuple[str, ...]
    extension: str
    standard: str


_SPARQL: Final = "application/sparql-results"
_JSON: Final = "application/json"
_XML: Final = ("application/xml", "text/xml")

#: In the order in which a request that does not care gets them.
FORMATS: Final = (
    Format("json", "results", "JSON", (f"{_SPARQL}+json", _JSON), "srj", "SPARQL_Results_JSON"),
    Format("xml", "results", "XML", (f"{_SPARQL}+xml", *_XML), "srx", "SPARQL_Results_XML"),
    Format("csv", "results", "CSV", ("text/csv",), "csv", "SPARQL_Results_CSV"),
    Format("tsv", "results", "TSV", ("text/tab-separated-values",), "tsv", "SPARQL_Results_TSV"),
    Format("turtle", "graph", "Turtle", ("text/turtle", "application/x-turtle"), "ttl", "Turtle"),
    Format("ntriples", "graph", "N-Triples", ("application/n-triples", "text/plain"), "nt", "N-Triples"),
    Format("rdfxml", "graph", "RDF/XML", ("application/rdf+xml", *_XML), "rdf", "RDF_XML"),
    Format("jsonld", "graph", "JSON-LD", ("application/ld+json", _JSON), "jsonld", "JSON-LD"),
)
assert {f.name for f in FORMATS} == {*RESULT_FORMATS, *GRAPH_FORMATS}  # noqa: S101


@dataclass(frozen=True)
class Choice:
    """What an answer is sent as: a format by *name* (None: no format would do), and a *media* type."""

    name: str | None
    media: str


def of_kind(kind: str) -> tuple[Format, ...]:
    """Return the formats of *kind*, ``results`` or ``graph``."""
    return tuple(format_ for format_ in FORMATS if format_.kind == kind)


def available(kind: str) -> list[str]:
    """Return the media types in which an answer of *kind* can be had."""
    return [format_.media[0] for format_ in of_kind(kind)]


def choose(kind: str, accept: MIMEAccept, name: str | None) -> Choice:
    """Return how an answer of *kind* is sent; the *media* type is ``text/html`` for a page.

    *name*, the ``format=`` of a request, decides; else the Accept header; without either, the first format.
    """
    formats = of_kind(kind)
    if name is not None:
        return next((Choice(f.name, f.media[0]) for f in formats if f.name == name), Choice(None, ""))
    by_media = {media: format_ for format_ in reversed(formats) for media in format_.media}
    offered = [format_.media[0] for format_ in formats]
    offered += [media for media in by_media if media not in offered] + [HTML]
    media = _plain(accept, offered).best_match(offered) if accept.provided else offered[0]
    if media is None:
        return Choice(None, "")
    return Choice(formats[0].name if media == HTML else by_media[media].name, media)


def prefers_html(accept: MIMEAccept) -> bool:
    """Tell whether an error is told as a page: only to those who prefer one to every format for programs."""
    programs = [media for format_ in FORMATS for media in format_.media]
    offered = ["application/problem+json", *programs, HTML]
    return _plain(accept, offered).best_match(offered) == HTML


def _plain(accept: MIMEAccept, offered: Iterable[str]) -> MIMEAccept:
    """Return what *accept* says of the *offered* types, for all others cost time, and each of them once.

    It has no parameters such as charset, which make another type of it to Werkzeug.
    """
    known = {"*/*", *offered, *(f"{media.partition('/')[0]}/*" for media in offered)}
    found: dict[str, float] = {}
    for value, weight in accept:
        media = value.partition(";")[0].strip().lower()
        if media in known:
            found[media] = max(weight, found.get(media, 0))
    return MIMEAccept(list(found.items()))
