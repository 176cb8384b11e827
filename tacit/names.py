"""The names that every part shares: namespaces, prefixes and the named graphs."""

from typing import Final

from rdflib import Namespace, URIRef

BASE: Final = "https://w3id.org/tacit/"

TACIT: Final = Namespace(BASE + "ontology#")
DEF: Final = Namespace(BASE + "definition#")
ID: Final = Namespace(BASE + "id/")
OA: Final = Namespace("http://www.w3.org/ns/oa#")
CITO: Final = Namespace("http://purl.org/spar/cito/")
SPEX: Final = Namespace("https://purl.expasy.org/sparql-examples/ontology#")

#: What a query or a file of ours may abbreviate, in the order in which files list them.
PREFIXES: Final[dict[str, str]] = {
    "tacit": str(TACIT),
    "def": str(DEF),
    "id": str(ID),
    "graph": BASE + "graph/",
    "cito": str(CITO),
    "dcterms": "http://purl.org/dc/terms/",
    "oa": str(OA),
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spex": str(SPEX),
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def graph(name: str) -> URIRef:
    """Return the IRI of one of our named graphs, for example ``graph("corpus")``."""
    return URIRef(f"{BASE}graph/{name}")


ONTOLOGY: Final = graph("ontology")
CORPUS: Final = graph("corpus")
CODINGS: Final = graph("codings")
WIKIDATA: Final = graph("wikidata")
QUERIES: Final = graph("queries")
INFERRED: Final = graph("inferred")
ASSESSMENTS: Final = graph("assessments")


def short(iri: str) -> str:
    """Return *iri* as a prefixed name where one of our prefixes fits, else in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and (local := iri[len(namespace) :]) and "/" not in local:
            return f"{prefix}:{local}"
    return f"<{iri}>"
