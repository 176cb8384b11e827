"""The terms of the ontology and the definitions: /ontology and /definition, each one page and one file.

What follows the # of a term's IRI never reaches a server, so that either page holds all terms, with anchors.
"""

from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from server.errors import ProblemError
from server.labels import NAMING, RDFS_LABEL, labels, ours
from server.outline import TYPE, Outline, Property, Value
from server.rdf import EXTENSIONS, send, triples
from server.uses import Uses, uses
from tacit.names import BASE, ONTOLOGY, PREFIXES

blueprint = Blueprint("terms", __name__)

_OWL: Final = PREFIXES["owl"]
_DEFINITION: Final = f"{PREFIXES['skos']}definition"
_EXAMPLE: Final = f"{PREFIXES['skos']}example"
_COUNTER: Final = f"{PREFIXES['tacit']}counterExample"
_VERSION: Final = f"{_OWL}versionIRI"
_HEADING: Final = (f"{PREFIXES['dcterms']}title", f"{PREFIXES['dcterms']}description")
#: The kinds of term in the order of the page; the first whose type a term has is its kind.
_KINDS: Final = (
    ("Definitions", f"{PREFIXES['tacit']}Definition"),
    ("Conditions", f"{PREFIXES['tacit']}Condition"),
    ("Classes", f"{_OWL}Class"),
    ("Properties between things", f"{_OWL}ObjectProperty"),
    ("Properties with a value", f"{_OWL}DatatypeProperty"),
    ("Annotations", f"{_OWL}AnnotationProperty"),
)
_OTHERS: Final = "Values and concepts"


#: What has a page of its own, by the title of its kind.
_PAGES: Final = {"Definitions": "definitions/", "Conditions": "workbench?condition="}


@dataclass(frozen=True)
class Term:
    """A term for a reader; *name* is its anchor, *met* the nameless classes which say when a condition is.

    *parents* are the anchors of what it is a kind of, *uses* how often the data have it.
    """

    name: str
    iri: str
    label: str
    definition: str
    examples: tuple[str, ...]
    counters: tuple[str, ...]
    properties: tuple[Property, ...]
    met: tuple[Value, ...]
    parents: tuple[str, ...]
    uses: Uses


def vocabulary(name: str, extension: str | None = None, version: str | None = None) -> Response:
    """Answer for the ontology or the definitions as a whole; *version* has to be the present one."""
    about = _about(name)
    node = ox.NamedNode(f"{BASE}{name}")
    versions = [t.object for t in about if t.subject == node and t.predicate.value == _VERSION]
    present = {iri.value for iri in versions if isinstance(iri, ox.NamedNode)}
    if not about or (version is not None and f"{node.value}/{version}" not in present):
        wanted = name if version is None else f"version {version[:50]} of {name}"
        there = " or ".join(sorted(present))
        raise ProblemError("not-found", f"There is no {wanted} here{f'; there is {there}' if there else ''}.")
    return send(f"{request.script_root}/{name}", extension, lambda: about, lambda: _page(name, about))


for _name in ("ontology", "definition"):
    for _rule in (
        f"/{_name}",
        f"/{_name}.<any(ttl, nt, rdf, jsonld, html):extension>",
        f"/{_name}/<version>",
    ):
        blueprint.add_url_rule(_rule, view_func=vocabulary, defaults={"name": _name})


def _about(name: str) -> set[ox.Triple]:
    """Return what the graph of the ontology says of the terms whose IRIs begin with *name*.

    A condition is the superclass of nameless classes, which say when it is met; they belong to it.
    """
    rdfs = PREFIXES["rdfs"]
    return triples(
        f"DESCRIBE ?s FROM <{ONTOLOGY}> WHERE {{ "
        f'{{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}{name}")) }} UNION '
        f'{{ ?s <{rdfs}subClassOf> ?t FILTER(ISBLANK(?s) && STRSTARTS(STR(?t), "{BASE}{name}")) }} }}'
    )


def _page(name: str, about: set[ox.Triple]) -> str:
    iris = {term.value for t in about for term in (t.predicate, t.object) if isinstance(term, ox.NamedNode)}
    outline = Outline(about, labels(ours(iris), NAMING))
    header = ox.NamedNode(f"{BASE}{name}")
    used = uses(s.value for s in outline.subjects() if isinstance(s, ox.NamedNode))
    groups: dict[str, list[Term]] = {title: [] for title in (*(title for title, _ in _KINDS), _OTHERS)}
    for subject in outline.subjects():
        if isinstance(subject, ox.NamedNode) and subject != header:
            groups[_kind(outline, subject)].append(_term(outline, subject, used[subject.value]))
    ordered = [(kind, sorted(terms, key=lambda term: term.name)) for kind, terms in groups.items() if terms]
    return render_template(
        "terms.html",
        name=name,
        title=outline.one(header, _HEADING[:1]),
        description=outline.one(header, _HEADING[1:]),
        header=outline.properties(header, without={TYPE, *_HEADING}),
        groups=ordered,
        trees={kind: _tree(terms) for kind, terms in ordered},
        pages=_PAGES,
        forms=[
            (format_.label, f"{request.script_root}/{name}.{extension}")
            for extension, format_ in EXTENSIONS.items()
        ],
    )


def _tree(terms: list[Term]) -> list[tuple[Term, Any]]:
    """Return *terms* as a tree: what is a kind of several stands under each of them."""
    names = {term.name for term in terms}
    below: dict[str, list[Term]] = {}
    for term in terms:
        for parent in term.parents:
            below.setdefault(parent, []).append(term)

    def branch(term: Term, above: frozenset[str]) -> tuple[Term, Any]:
        above |= {term.name}
        return term, [branch(one, above) for one in below.get(term.name, ()) if one.name not in above]

    return [branch(term, frozenset()) for term in terms if not names & set(term.parents)]


def _kind(outline: Outline, subject: ox.NamedNode) -> str:
    types = {value.cell.title for value in outline.all(subject, TYPE) if value.cell}
    return next((title for title, type_ in _KINDS if type_ in types), _OTHERS)


def _term(outline: Outline, subject: ox.NamedNode, used: Uses) -> Term:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(value.cell.text for value in outline.all(subject, name) if value.cell)

    shown = {RDFS_LABEL, _DEFINITION, _EXAMPLE, _COUNTER, TYPE}
    return Term(
        subject.value.partition("#")[2],
        subject.value,
        outline.one(subject, [RDFS_LABEL]),
        outline.one(subject, [_DEFINITION]),
        texts(_EXAMPLE),
        texts(_COUNTER),
        outline.properties(subject, without=shown),
        outline.nameless(subject, f"{PREFIXES['rdfs']}subClassOf"),
        tuple(
            value.cell.title.partition("#")[2]
            for kind in ("subClassOf", "subPropertyOf")
            for value in outline.all(subject, f"{PREFIXES['rdfs']}{kind}")
            if value.cell
        ),
        used,
    )
