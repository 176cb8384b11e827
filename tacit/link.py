"""Links to Wikidata: as data, checked against Wikidata itself, and written anew.

A link fits as long as its item is there, is no redirect, still bears the recorded name, and is of a class
which a thing of ours can be. What the shapes hold of links (`ontology/shapes.ttl`) is not asked again here.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rdflib import RDF, SKOS, Graph, Literal, URIRef

from tacit.files import Project
from tacit.names import ID, PREFIXES, TACIT, WIKIDATA, short
from tacit.wikidata import BATCH, Client, Entity

_WD: Final = PREFIXES["wd"]
#: How long what was read of an interrupted check is good for.
_KEPT: Final = timedelta(hours=24)
#: How far up the classes of an item are followed: enough for all that we link, and an end to circles.
_DEPTH: Final = 8

#: What an item may be, by the class of our thing: classes of Wikidata, or what is below them. A thing of
#: another class may be linked to anything; so may one whose link is not exact, as its note says why.
KINDS: Final[dict[URIRef, frozenset[str]]] = {
    TACIT.State: frozenset(
        {"Q7275", "Q6256", "Q3624078", "Q3024240"}
    ),  # state, country, sovereign, historical
    TACIT.Party: frozenset({"Q7278"}),  # political party
    TACIT.Organization: frozenset({"Q43229", "Q1002697"}),  # organization; periodical: The Diplomat is one
    TACIT.ArmedMovement: frozenset({"Q43229"}),
    TACIT.Person: frozenset({"Q5"}),  # human
    TACIT.Place: frozenset({"Q2221906", "Q618123", "Q17334923"}),  # geographic location, object; location
    TACIT.Treaty: frozenset({"Q131569"}),  # treaty
    TACIT.Event: frozenset({"Q1190554", "Q1656682", "Q198"}),  # occurrence, event, war
}


@dataclass(frozen=True)
class Link:
    """A link as data: *match* is the local name of its SKOS property, *kind* the class of our thing."""

    thing: str
    item: str
    match: str
    label: str
    language: str
    kind: URIRef | None


@dataclass(frozen=True)
class Finding:
    """One link that no longer is what was recorded. A *remark* is no change that makes a link wrong."""

    link: Link
    what: str
    recorded: str
    now: str
    remark: bool = False


def links(project: Project) -> list[Link]:
    """Return the links of the project in the order of our names."""
    union = project.union()
    found = []
    for entry in project.graphs.get(WIKIDATA, Graph()).subjects(RDF.type, TACIT.Link):
        thing, item = union.value(entry, TACIT.linkOf), union.value(entry, TACIT.item)
        match, label = union.value(entry, TACIT.matchType), union.value(entry, TACIT.itemLabel)
        kinds = [kind for kind in union.objects(thing, RDF.type) if kind in KINDS]
        found.append(
            Link(
                short(str(thing)),
                str(item).removeprefix(_WD),
                str(match).removeprefix(str(SKOS)),
                str(label),
                (label.language if isinstance(label, Literal) else "") or "en",
                URIRef(str(kinds[0])) if kinds else None,
            )
        )
    return sorted(found, key=lambda link: (link.thing, link.item))


class Reading:
    """What was read of Wikidata, kept in *file* after each batch, so that an interrupted check goes on."""

    def __init__(self, file: Path, endpoint: str) -> None:
        self.file, self.endpoint = file, endpoint
        self.began = datetime.now(UTC)
        self.entities: dict[str, Entity] = {}
        self.resumed = False
        if file.exists():
            self._resume()

    def _resume(self) -> None:
        try:
            state = json.loads(self.file.read_text(encoding="utf-8"))
            began = datetime.fromisoformat(state["began"])
            if state["endpoint"] == self.endpoint and datetime.now(UTC) - began < _KEPT:
                self.entities = {id_: Entity(**entity) for id_, entity in state["entities"].items()}
                self.began, self.resumed = began, True
        except (ValueError, KeyError, TypeError):
            return  # written by another version, or cut off: read anew

    def read(self, client: Client, ids: Iterable[str], advance: Callable[[int], object]) -> None:
        """Read the entities of *ids* that are not known yet; *advance* is told how many are done."""
        wanted = sorted(set(ids))
        missing = [id_ for id_ in wanted if id_ not in self.entities]
        advance(len(wanted) - len(missing))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self.entities |= client.entities(batch)
            self._keep()
            advance(len(batch))

    def _keep(self) -> None:
        state: dict[str, Any] = {"endpoint": self.endpoint, "began": self.began.isoformat()}
        state["entities"] = {id_: asdict(entity) for id_, entity in self.entities.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".part")
        draft.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.file)

    def done(self) -> None:
        """Forget: the next check is to read anew."""
        self.file.unlink(missing_ok=True)


def check(
    recorded: Iterable[Link], client: Client, reading: Reading, advance: Callable[[int], object]
) -> list[Finding]:
    """Return what has changed of the *recorded* links. Raises TacitError where Wikidata cannot be asked."""
    recorded = list(recorded)
    reading.read(client, (link.item for link in recorded), advance)
    typed = [link for link in recorded if link.kind and link.match == "exactMatch"]
    frontier = {wider for link in typed for wider in reading.entities[link.item].types}
    seen: set[str] = set()
    roots = frozenset().union(*KINDS.values())
    for _ in range(_DEPTH):
        frontier -= seen | roots
        if not frontier:
            break
        reading.read(client, frontier, lambda _: None)
        seen |= frontier
        frontier = {wider for id_ in frontier for wider in reading.entities[id_].wider}
    return [finding for link in recorded for finding in _compare(link, reading.entities)]


def _compare(link: Link, entities: Mapping[str, Entity]) -> list[Finding]:
    entity = entities[link.item]
    if not entity.target:
        return [Finding(link, "no such item", link.item, "deleted, or never was")]
    if entity.target != link.item:
        return [Finding(link, "redirected", link.item, entity.target)]
    found = []
    now = entity.labels.get(link.language) or entity.labels.get("mul", "")
    if now != link.label:
        names = {name.casefold() for names in entity.names.values() for name in names}
        kept = link.label.casefold() in names
        what = "another label first" if kept else "label"
        found.append(Finding(link, what, link.label, now or "none in this language", remark=kept))
    if link.kind and link.match == "exactMatch":
        classes = _upwards(entity.types, entities)
        if not classes & KINDS[link.kind]:
            kinds = ", ".join(_called(id_, entities) for id_ in entity.types) or "no class"
            found.append(Finding(link, "type", short(str(link.kind)), kinds))
    return found


def _upwards(types: Iterable[str], entities: Mapping[str, Entity]) -> set[str]:
    """Return the classes *types* and all above them, as far as they were read."""
    seen: set[str] = set()
    frontier = set(types)
    while frontier:
        seen |= frontier
        known = (entities[id_].wider for id_ in frontier if id_ in entities)
        frontier = {wider for classes in known for wider in classes} - seen
    return seen


def _called(id_: str, entities: Mapping[str, Entity]) -> str:
    label = entities[id_].labels.get("en", "") if id_ in entities else ""
    return f"{id_} ({label})" if label else id_


def turtle(link: Link, our_label: str, source: str, why: str, day: date) -> str:
    """Return the entry of a new link, and the triple that goes with it, as data/wikidata.ttl writes them."""
    name = f"id:link-{link.thing.partition(':')[2].lower()}-{link.item.lower()}"
    status = "tacit:Candidate" if link.match == "closeMatch" else "tacit:Verified"
    note = f"    skos:note {Literal(why, lang='en').n3()} ;\n" if why else ""
    return (
        f"\n{name} a tacit:Link ; tacit:linkOf {link.thing} ; tacit:item wd:{link.item} ; "
        f"tacit:matchType skos:{link.match} ;\n"
        f"    tacit:ourLabel {Literal(our_label, lang='en').n3()} ; "
        f"tacit:itemLabel {Literal(link.label, lang=link.language).n3()} ; tacit:linkStatus {status} ;\n"
        f"    dcterms:source {Literal(source).n3()} ;\n{note}"
        f'    dcterms:date "{day.isoformat()}"^^xsd:date .\n'
        f"    {link.thing} skos:{link.match} wd:{link.item} .\n"
    )


def named(project: Project, term: str) -> dict[str, str]:
    """Return our things called *term*, a name in whatever case or a prefixed name: name to label."""
    union, wanted = project.union(), term.strip().casefold()
    found = {}
    for thing, label in union.subject_objects(_LABEL):
        if str(thing).startswith(str(ID)):
            names = {str(label), *map(str, union.objects(thing, SKOS.altLabel)), short(str(thing))}
            if wanted in {name.casefold() for name in names}:
                found[short(str(thing))] = str(label)
    return found


_LABEL: Final = URIRef(PREFIXES["rdfs"] + "label")
