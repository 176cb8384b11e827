"""The library of queries and its answers: what each question must bring to light, and what none may.

`questions/TOPIC/NAME.yaml` holds the expected answer to `queries/TOPIC/NAME.rq`: the `columns` compared, then
`rows` (all of them, in any order), or `contains` (some) and `count` (of all). Further `cases` bind other
`params`. `questions/not/NAME.yaml` is a decoy: rows that must be `absent`, beside one that is `present`.

Questions that call Wikidata are asked of a server in its place; `tests.federated.endpoint` says what that
proves.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
import yaml
from rdflib import RDF, RDFS, URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from tacit import library
from tacit.build import build
from tacit.engine import Data, load_graph
from tacit.files import REPOSITORY, Project
from tacit.names import OA, ONTOLOGY, PREFIXES, TACIT, short
from tests.federated.endpoint import local, wikidata

QUESTIONS: Final = Path(__file__).parent / "questions"
LIBRARY: Final = {query.path: query for query in library.load()}
TOPICS: Final = (
    *("causes", "classification", "definitions", "disagreement", "evidence", "federated", "figures"),
    *("identifiers", "negatives", "people", "policies", "reasons", "time", "treaties"),
)
PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

#: A row of an answer: IRIs as prefixed names, literals by their text, None where there is no value.
Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """An answer."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def only(self, columns: list[str]) -> list[Row]:
        """Return the rows with these columns alone."""
        assert set(columns) <= set(self.columns), f"the query has the columns {', '.join(self.columns)}"
        places = [self.columns.index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in self.rows]


class Asked:
    """The built graph, which remembers what it was asked."""

    def __init__(self, data: Data, address: str) -> None:
        self.data, self.address = data, address
        self.answers: dict[str, Table] = {}

    def __call__(self, text: str) -> Table:
        if text not in self.answers:
            answer = self.data.query(local(text, self.address))
            assert isinstance(answer, ox.QuerySolutions)
            columns = tuple(variable.value for variable in answer.variables)
            rows = tuple(tuple(cell(row[name]) for name in columns) for row in answer)
            self.answers[text] = Table(columns, rows)
        return self.answers[text]


@pytest.fixture(scope="session")
def graph_file() -> Path:
    """Return the file of the project's own graph, which is built only if it is not there yet."""
    return build(Project(REPOSITORY), "reasonable").graph


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Return the address of a server in Wikidata's place."""
    with wikidata() as (address, _):
        yield address


@pytest.fixture(scope="session")
def ask(graph_file: Path, address: str) -> Asked:
    return Asked(load_graph(graph_file), address)


@pytest.fixture(scope="session")
def ask_shuffled(graph_file: Path, address: str, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Return the same graph, read from its last line to its first."""
    file = tmp_path_factory.mktemp("shuffled") / "graph.nq"
    file.write_bytes(b"".join(reversed(graph_file.read_bytes().splitlines(keepends=True))))
    return Asked(load_graph(file), address)


def cell(term: object) -> str | None:
    if isinstance(term, ox.NamedNode):
        return short(term.value)
    return term.value if isinstance(term, ox.Literal | ox.BlankNode) else None


def row(values: list[Any]) -> Row:
    """Return a row as a YAML file writes it: numbers, dates and booleans stand for their text."""
    return tuple(
        None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for value in values
    )


def written(rows: list[list[Any]]) -> Counter[Row]:
    return Counter(row(values) for values in rows)


def listed(rows: Counter[Row]) -> str:
    lines = []
    for one, n in sorted(rows.items(), key=str):
        values = ", ".join("~" if value is None else value for value in one)
        lines.append(f"  [{values}]{f'  ({n} times)' if n > 1 else ''}\n")
    return "".join(lines)


def load(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict), path
    return content


def answers() -> Iterator[Any]:
    for path in sorted(QUESTIONS.glob("*/*.yaml")):
        if path.parent.name != "not":
            content = load(path)
            name = f"{path.parent.name}/{path.stem}"
            yield pytest.param(name, content["columns"], content, id=name)
            for number, case in enumerate(content.get("cases", []), 1):
                yield pytest.param(name, content["columns"], case, id=f"{name}-{number}")


def decoys() -> Iterator[Any]:
    for path in sorted((QUESTIONS / "not").glob("*.yaml")):
        yield pytest.param(load(path), id=path.stem)


def queries() -> list[Any]:
    return [pytest.param(query, id=path) for path, query in LIBRARY.items()]


@pytest.mark.parametrize(("name", "columns", "case"), list(answers()))
def test_a_question_has_its_answer(ask: Asked, name: str, columns: list[str], case: dict[str, Any]) -> None:
    keys = {"columns", "cases", "params", "rows", "contains", "count"}
    assert case.keys() <= keys, f"unknown keys: {case.keys() - keys}"
    params = {key: str(value) for key, value in case.get("params", {}).items()}
    found = Counter(ask(LIBRARY[name].bind(params)).only(columns))
    whole = "rows" in case
    assert whole != ("contains" in case), "an answer has either rows, or contains"
    expected = written(case["rows" if whole else "contains"])
    missing, surplus = expected - found, (found - expected if whole else Counter[Row]())
    assert not missing, f"{name} {params} lacks\n{listed(missing)}and has too much\n{listed(surplus)}"
    assert not surplus, f"{name} {params} has too much\n{listed(surplus)}"
    if "count" in case:
        assert found.total() == case["count"], f"{name} {params} has another number of rows"


@pytest.mark.parametrize("decoy", list(decoys()))
def test_a_decoy_stays_out(ask: Asked, decoy: dict[str, Any]) -> None:
    assert {"question", "query", "columns", "absent", "present", "why"} <= decoy.keys()
    assert decoy.keys() <= {"question", "query", "params", "columns", "absent", "present", "why"}
    text, params = decoy["query"], {key: str(value) for key, value in decoy.get("params", {}).items()}
    found = Counter(
        ask(LIBRARY[text].bind(params) if text in LIBRARY else PROLOGUE + text).only(decoy["columns"])
    )
    absent, present = written(decoy["absent"]), written(decoy["present"])
    assert absent, "a decoy names what must be absent"
    assert present, "a decoy names what must be present, so that a mistyped query cannot pass"
    came_out = Counter({one: n for one, n in found.items() if one in absent})
    assert not came_out, f"{decoy['question']}\n{listed(came_out)}came out, although: {decoy['why']}"
    missing = Counter(one for one in present if one not in found)
    assert not missing, f"the control is missing:\n{listed(missing)}"


@pytest.mark.parametrize("query", queries())
def test_an_answer_has_rows_and_none_of_them_twice(ask: Asked, query: library.Query) -> None:
    table = ask(query.bind({}))
    assert table.rows, "nothing answers the question with its own defaults"
    twice = Counter({one: n for one, n in Counter(table.rows).items() if n > 1})
    assert not twice, f"rows that come twice:\n{listed(twice)}"


@pytest.mark.parametrize("query", queries())
def test_an_answer_has_one_order(ask: Asked, ask_shuffled: Asked, query: library.Query) -> None:
    """The order of the rows, and within a cell, is the query's and not that of the loaded file."""
    assert ask(query.bind({})) == ask_shuffled(query.bind({}))


def test_each_query_has_an_answer_and_each_answer_a_query() -> None:
    names = {
        f"{path.parent.name}/{path.stem}" for path in QUESTIONS.glob("*/*.yaml") if path.parent.name != "not"
    }
    assert names == LIBRARY.keys()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_three_questions(topic: str) -> None:
    assert sum(query.topic == topic for query in LIBRARY.values()) >= 3


def test_a_query_stands_under_a_known_topic_with_a_title_of_its_own() -> None:
    assert {query.topic for query in LIBRARY.values()} == set(TOPICS)
    assert all(query.topic == query.tags[0] and set(query.tags) <= set(TOPICS) for query in LIBRARY.values())
    assert max(Counter(query.summary for query in LIBRARY.values()).values()) == 1
    assert max(Counter(query.name for query in LIBRARY.values()).values()) == 1


def test_a_parameter_has_cases() -> None:
    """A query with parameters is tried with other values than its defaults."""
    bare = [
        path
        for path, query in LIBRARY.items()
        if query.params and not load(QUESTIONS / f"{path}.yaml").get("cases")
    ]
    assert not bare


# --- rule 12 of the model: a query that reads claims shows, or binds, their stance, and shows the source ---

#: What only claims have, beside their kinds.
OF_CLAIMS: Final = {
    *(
        TACIT.source,
        TACIT.stance,
        TACIT.paraphrase,
        TACIT.passage,
        TACIT.about,
        TACIT.onTie,
        TACIT.ofPortrayal,
    ),
    *(
        TACIT.hasFinding,
        TACIT.hasProvision,
        TACIT.codingBasis,
        TACIT.position,
        TACIT.category,
        TACIT.instrument,
    ),
}
SOURCES: Final = {TACIT.source, TACIT.forSource, TACIT.evidenceBase, OA.hasSource}


class Reading:
    """What a query reads and shows: its triples, and which variables it shows, binds, or makes of others."""

    def __init__(self, text: str) -> None:
        self.triples: list[tuple[Any, Any, Any]] = []
        self.bound: set[object] = set()
        self.made_of: list[tuple[object, object]] = []  # a variable, and one from which it is made
        algebra = prepareQuery(text).algebra
        self._walk(algebra)
        self.shown = set(algebra.PV)
        size = -1
        while size != (size := len(self.shown)):
            self.shown |= {source for target, source in self.made_of if target in self.shown}

    def _walk(self, part: object) -> None:
        if isinstance(part, CompValue):
            own = dict(part)  # its own `get` is another one
            for flat in own.get("triples", []):  # of an EXISTS, several in a row
                self.triples += zip(*[iter(flat)] * 3, strict=True)
            if part.name == "values":
                self.bound |= {variable for solution in own["res"] for variable in solution}
            if part.name == "InlineData":  # the VALUES of an EXISTS
                self.bound |= variables(own["var"])
            if part.name == "Extend":
                self.made_of += [(own["var"], source) for source in variables(own["expr"])]
            if part.name.startswith("Aggregate_"):
                self.made_of += [(own["res"], source) for source in variables(own["vars"])]
            self._walk([value for key, value in own.items() if key not in ("_vars", "triples")])
        elif isinstance(part, list | tuple):
            for value in part:
                self._walk(value)

    def objects(self, properties: set[Any]) -> set[object]:
        return {o for _, p, o in self.triples if isinstance(p, URIRef) and p in properties}

    def subjects(self, property_: URIRef) -> set[object]:
        return {s for s, p, _ in self.triples if property_ in names(p)}

    def faults(self, kinds: set[Node]) -> list[str]:
        """Return what is wrong with a query that reads claims of these *kinds*."""
        of_kind = any(o in kinds for _, p, o in self.triples if RDF.type in names(p))
        if not (of_kind or any(names(p) & OF_CLAIMS for _, p, _ in self.triples)):
            return []
        known = self.shown | self.bound
        stances = self.objects({TACIT.stance})
        faults = [f"{stance} is neither shown nor bound" for stance in stances if variables(stance) - known]
        if not stances:
            faults.append("no stance is asked for")
        if not self.objects(SOURCES) & self.shown:
            faults.append("no source is shown")
        blind = self.subjects(TACIT.paraphrase) - self.subjects(TACIT.stance)
        return faults + [f"{claim} is read without its stance" for claim in blind]


def variables(part: object) -> set[object]:
    if isinstance(part, Variable):
        return {part}
    if isinstance(part, CompValue):
        return variables([value for key, value in dict(part).items() if key != "_vars"])
    return set().union(*map(variables, part)) if isinstance(part, list | tuple) else set()


def names(path: object) -> set[object]:
    """Return the properties of a path."""
    if isinstance(path, URIRef):
        return {path}
    parts = getattr(path, "args", [getattr(path, "path", getattr(path, "arg", None))])
    return set().union(*map(names, parts)) if parts != [None] else set()


@pytest.fixture(scope="session")
def claim_kinds() -> set[Node]:
    ontology = Project(REPOSITORY).graphs[ONTOLOGY]
    return {kind for kind in ontology.transitive_subjects(RDFS.subClassOf, TACIT.Claim) if kind}


@pytest.mark.parametrize("query", queries())
def test_a_query_that_reads_claims_shows_stance_and_source(
    query: library.Query, claim_kinds: set[Node]
) -> None:
    assert Reading(query.text).faults(claim_kinds) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("SELECT ?s { ?c tacit:source ?s ; tacit:paraphrase ?p }", "no stance is asked for"),
        ("SELECT ?t ?s { ?c a tacit:Verdict ; tacit:onTie ?t ; tacit:source ?s }", "no stance is asked for"),
        ("SELECT ?c { ?c a/rdfs:subClassOf* tacit:Finding }", "no stance is asked for"),
        ("SELECT ?p { ?c tacit:passage/tacit:paragraph ?p }", "no stance is asked for"),
        ("SELECT ?c ?s { ?c tacit:source ?s ; tacit:stance ?st }", "st is neither shown nor bound"),
        ("SELECT ?c ?st { ?c tacit:source ?s ; tacit:stance ?st }", "no source is shown"),
        ("SELECT ?c ?s (COUNT(?st) AS ?n) { ?c tacit:stance ?st } GROUP BY ?c ?s", "no source is shown"),
        (
            "SELECT ?s ?st ?q { ?c tacit:source ?s ; tacit:stance ?st . ?d tacit:paraphrase ?q }",
            "d is read without its stance",
        ),
        (
            "SELECT ?s ?st { ?c tacit:source ?s ; tacit:stance ?st MINUS { ?d tacit:stance ?not } }",
            "not is neither shown nor bound",
        ),
    ],
)
def test_a_query_that_hides_stance_or_source_is_refused(
    body: str, fault: str, claim_kinds: set[Node]
) -> None:
    assert fault in Reading(PROLOGUE + body).faults(claim_kinds)


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?c ?s { ?c tacit:source ?s ; tacit:stance tacit:Affirms }",
        "SELECT ?c ?s { VALUES ?st { tacit:Denies } ?c tacit:source ?s ; tacit:stance ?st }",
        "SELECT ?s ?w { ?c tacit:source ?s ; tacit:stance ?st BIND(STR(?st) AS ?w) }",
        "SELECT ?s (MIN(STR(?st)) AS ?n) { ?c tacit:source ?s ; tacit:stance ?st } GROUP BY ?s",
        "SELECT ?t { ?t a tacit:Tie ; tacit:party id:vietnam }",
    ],
)
def test_a_query_that_shows_or_binds_them_is_not(body: str, claim_kinds: set[Node]) -> None:
    assert Reading(PROLOGUE + body).faults(claim_kinds) == []
