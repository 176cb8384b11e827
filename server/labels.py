"""How terms are shown to a reader: labels, short names, and links that this server answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from server.rdf import named, rows
from tacit.names import BASE, ID, TACIT, short

RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
#: What stands for a thing without a label, the better first: a claim has only its paraphrase.
NAMING: Final = (RDFS_LABEL, f"{TACIT}paraphrase", "http://purl.org/dc/terms/title")
#: What readers may call the terms of other vocabularies that our data use.
_FOREIGN: Final = {
    "cito:disputes": "disputes",
    "cito:repliesTo": "replies to",
    "cito:supports": "supports",
    "dcterms:bibliographicCitation": "citation",
    "dcterms:creator": "creator",
    "dcterms:identifier": "identifier",
    "dcterms:issued": "issued",
    "dcterms:license": "licence",
    "dcterms:publisher": "publisher",
    "dcterms:title": "title",
    "oa:end": "end",
    "oa:hasSelector": "where",
    "oa:hasSource": "in",
    "oa:start": "start",
    "owl:disjointWith": "shares no member with",
    "owl:equivalentClass": "is the same as",
    "owl:imports": "builds on",
    "owl:intersectionOf": "all of",
    "owl:inverseOf": "inverse of",
    "owl:onProperty": "has as",
    "owl:someValuesFrom": "at least one",
    "owl:versionIRI": "version",
    "owl:versionInfo": "version number",
    "prov:wasAttributedTo": "attributed to",
    "prov:wasDerivedFrom": "derived from",
    "rdf:type": "is a",
    "rdfs:subClassOf": "is a kind of",
    "rdfs:subPropertyOf": "is a kind of",
    "skos:altLabel": "also called",
    "skos:broader": "is narrower than",
    "skos:closeMatch": "much the same as",
    "skos:exactMatch": "the same as",
    "skos:inScheme": "in the list",
    "skos:note": "note",
}
#: The parts of an IRI of ours that this server answers by itself.
_ANSWERED: Final = (str(ID), f"{BASE}ontology", f"{BASE}definition", f"{BASE}graph/")


@dataclass(frozen=True)
class Cell:
    """A term for a reader: *text* to show, the whole IRI as *title*, a *link* where it can be followed."""

    text: str
    title: str = ""
    link: str = ""
    label: str = ""
    lang: str = ""


def labels(iris: Iterable[str], naming: Iterable[str] = (RDFS_LABEL,)) -> dict[str, str]:
    """Return the English or untagged labels of *iris*, by the first property of *naming* that has one."""
    wanted, found = {iri for iri in iris if named(iri)}, dict[str, str]()
    for naming_property in naming:
        if unnamed := " ".join(f"<{iri}>" for iri in sorted(wanted - found.keys())):
            query = (
                f"SELECT ?i ?l {{ VALUES ?i {{ {unnamed} }} ?i <{naming_property}> ?l "
                'FILTER(LANG(?l) IN ("", "en")) } ORDER BY ?i ?l'
            )
            for row in rows(query):
                found.setdefault(row["i"]["value"], row["l"]["value"])
    return found


def ours(iris: Iterable[str]) -> set[str]:
    """Return those *iris* that the graph describes."""
    return {iri for iri in iris if iri.startswith(BASE)}


def address(iri: str) -> str:
    """Return where *iri* can be followed to: on this server, on the web, or "".

    A link with another scheme than http could run a script.
    """
    if iri.startswith(_ANSWERED):
        return f"{request.script_root}/{iri.removeprefix(BASE)}"
    return iri if iri.startswith(("http://", "https://")) and not iri.startswith(BASE) else ""


def iri_cell(iri: str, known: dict[str, str]) -> Cell:
    """Return *iri* for a reader, with its label if *known* has one."""
    return Cell(short(iri).strip("<>"), iri, address(iri), known.get(iri) or _FOREIGN.get(short(iri), ""))


def cell(term: dict[str, Any] | None, known: dict[str, str]) -> Cell:
    """Return a term of SPARQL JSON for a reader; None is an unbound variable."""
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    if term["type"] == "triple":
        return Cell(" ".join(cell(value[part], known).text for part in ("subject", "predicate", "object")))
    if term["type"] != "uri":
        return Cell(value, lang=term.get("xml:lang", ""))
    return iri_cell(value, known)
