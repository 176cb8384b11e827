"""The data set in VoID and DCAT, and the service that answers for it, as triples."""

from collections.abc import Iterable

import pyoxigraph as ox

from server.dataset import Dataset, Part, Sizes
from server.downloads import GRAPHS, NQUADS
from server.formats import FORMATS
from server.outline import Term
from server.rdf import EXTENSIONS, NAMESPACES
from tacit.names import BASE, ID

Subject = ox.NamedNode | ox.BlankNode


def iri(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name, or of a whole IRI."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(NAMESPACES[prefix] + local if prefix in NAMESPACES else name)


class Description:
    """Triples in the making. Blank nodes are numbered, so that the same data give the same bytes."""

    def __init__(self, root: str) -> None:
        self.triples: list[ox.Triple] = []
        self.service = ox.NamedNode(f"{root}/sparql")
        self._root = root
        self._nodes = 0

    def say(self, subject: Subject, predicate: str, *objects: Term | str | int) -> None:
        """Add a triple per object; a text is a prefixed name or an IRI, a number is a literal."""
        for value in objects:
            term = iri(value) if isinstance(value, str) else value
            term = ox.Literal(term) if isinstance(term, int) else term
            self.triples.append(ox.Triple(subject, iri(predicate), term))

    def node(self, subject: Subject, predicate: str, *types: str) -> ox.BlankNode:
        """Add a new blank node as an object, and return it."""
        self._nodes += 1
        node = ox.BlankNode(f"n{self._nodes}")
        self.say(subject, predicate, node)
        self.say(node, "rdf:type", *types)
        return node

    def add_service(self, sizes: Sizes, *, union: bool, federated: bool) -> None:
        """Add the SPARQL 1.1 Service Description; *union* is whether the default graph is that of all."""
        service = self.service
        self.say(service, "rdf:type", "sd:Service", "dcat:DataService")
        self.say(service, "sd:endpoint", service)
        self.say(service, "dcat:endpointURL", service)
        self.say(service, "sd:supportedLanguage", "sd:SPARQL11Query")
        self.say(service, "sd:resultFormat", *(f"format:{format_.standard}" for format_ in FORMATS))
        if union:
            self.say(service, "sd:feature", "sd:UnionDefaultGraph")
        if federated:
            self.say(service, "sd:feature", "sd:BasicFederatedQuery")
        self.say(service, "rdfs:seeAlso", f"{self._root}/.well-known/void")
        default = self.node(service, "sd:defaultDataset", "sd:Dataset")
        graph = self.node(default, "sd:defaultGraph", "sd:Graph")
        self.say(graph, "void:triples", sizes.whole)
        for name, count in sizes.graphs.items():
            member = self.node(default, "sd:namedGraph", "sd:NamedGraph")
            self.say(member, "sd:name", ox.NamedNode(name))
            self.say(self.node(member, "sd:graph", "sd:Graph"), "void:triples", count)

    def add_dataset(self, data: Dataset, *, built: bool, digest: str) -> None:
        """Add the data set, its graphs and their downloads; *built* is whether the graph is ours."""
        here = f"{self._root}/.well-known/void"
        whole = ox.NamedNode(BASE if built else f"{here}#dataset")
        self.say(ox.NamedNode(here), "rdf:type", "void:DatasetDescription", "dcat:Catalog")
        self.say(ox.NamedNode(here), "foaf:primaryTopic", whole)
        self.say(ox.NamedNode(here), "dcat:dataset", whole)
        self.say(ox.NamedNode(here), "dcat:service", self.service)
        self.say(self.service, "dcat:servesDataset", whole)
        self._add_part(whole, data.whole)
        self.say(whole, "void:sparqlEndpoint", self.service)
        self.say(whole, "void:feature", *(f"format:{format_.standard}" for format_ in EXTENSIONS.values()))
        for class_, properties in data.used.items():
            partition = self.node(whole, "void:classPartition")
            self.say(partition, "void:class", ox.NamedNode(class_))
            self.say(partition, "void:entities", data.whole.classes.get(class_, 0))
            self._add_properties(partition, properties)
        if built:
            self._add_identity(whole, data, digest)
        for name, part in data.graphs.items():
            graph = ox.NamedNode(name)
            self.say(whole, "void:subset", graph)
            self._add_part(graph, part)
            for class_, entities in part.classes.items():
                partition = self.node(graph, "void:classPartition")
                self.say(partition, "void:class", ox.NamedNode(class_))
                self.say(partition, "void:entities", entities)
            if built:
                self._add_downloads(graph, name, data)

    def _add_part(self, subject: ox.NamedNode, part: Part) -> None:
        self.say(subject, "rdf:type", "void:Dataset", "dcat:Dataset")
        self.say(subject, "void:triples", part.triples)
        self.say(subject, "void:entities", part.entities)
        self.say(subject, "void:classes", len(part.classes))
        self.say(subject, "void:properties", len(part.properties))
        self.say(subject, "void:distinctSubjects", part.subjects)
        self.say(subject, "void:distinctObjects", part.objects)
        self._add_properties(subject, part.properties)

    def _add_properties(self, subject: Subject, properties: dict[str, int]) -> None:
        for name, count in sorted(properties.items()):
            partition = self.node(subject, "void:propertyPartition")
            self.say(partition, "void:property", ox.NamedNode(name))
            self.say(partition, "void:triples", count)

    def _add_identity(self, whole: ox.NamedNode, data: Dataset, digest: str) -> None:
        """Add what a catalogue asks for; the ontology's header has it."""
        for name, terms in data.header.items():
            self.say(whole, f"dcterms:{name}", *terms)
        self.say(whole, "dcterms:identifier", ox.Literal(digest))
        self.say(whole, "void:uriSpace", ox.Literal(str(ID)))
        self.say(whole, "void:vocabulary", f"{BASE}ontology", f"{BASE}definition")
        self.say(whole, "foaf:homepage", f"{self._root}/")

    def _add_downloads(self, graph: ox.NamedNode, iri_of: str, data: Dataset) -> None:
        name = iri_of.removeprefix(f"{BASE}graph/")
        self.say(graph, "dcterms:title", ox.Literal(f"Tacit: the graph {name}", language="en"))
        if name in GRAPHS:
            self.say(graph, "dcterms:description", ox.Literal(GRAPHS[name], language="en"))
        self.say(graph, "dcterms:license", *data.header["license"])
        for extension, media in _files():
            dump = f"{self._root}/graph/{name}.{extension}"
            self.say(graph, "void:dataDump", dump)
            distribution = self.node(graph, "dcat:distribution", "dcat:Distribution")
            self.say(distribution, "dcat:downloadURL", dump)
            self.say(distribution, "dcat:mediaType", f"media:{media}")
            self.say(distribution, "dcterms:license", *data.header["license"])


def _files() -> Iterable[tuple[str, str]]:
    yield from ((extension, format_.media[0]) for extension, format_ in EXTENSIONS.items())
    yield "nq", NQUADS
