"""The engine: data sets, formats and refusals."""

import pickle
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from tacit.engine import GRAPH_FORMATS, Data, FormatError, RefusedError, evaluate, load_files, load_graph
from tacit.errors import TacitError
from tacit.syntax import may_name_data_set, may_name_graphs

QUADS = """\
<urn:a> <urn:p> "1" <urn:g1> .
<urn:a> <urn:p> "1" <urn:g2> .
<urn:a> <https://w3id.org/tacit/ontology#p> "2" <urn:g2> .
"""


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(QUADS, encoding="utf-8")
    return path


def rows(store: Data | ox.Store, query: str, **options: object) -> list[str]:
    """Return the lines of the answer as CSV, without its head."""
    return evaluate(store, query, results="csv", **options).body.decode().splitlines()[1:]  # type: ignore[arg-type]


def test_the_union_counts_a_triple_of_two_graphs_once(quads: Path) -> None:
    assert sorted(rows(load_graph(quads), "SELECT ?o { ?s ?p ?o }")) == ["1", "2"]


def test_from_sees_its_graph_only_and_graph_sees_no_union(quads: Path) -> None:
    store = load_graph(quads)
    assert rows(store, "SELECT ?o FROM <urn:g1> { ?s ?p ?o }") == ["1"]
    assert rows(store, "SELECT ?o FROM NAMED <urn:g1> { ?s ?p ?o }") == []
    assert rows(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g") == ["urn:g1", "urn:g2"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?g { ?s ?p true%s ?g { ?s ?p ?o } }",
        "SELECT ?g { ?s ?p 1%s ?g { ?a ?b ?o } }",
        "SELECT ?g { ?s ?p 1e0%s?g{ ?a ?b ?o } }",
        "SELECT ?g { BIND(1 AS ?n)%s ?g { ?s ?p ?o } }",
        "SELECT ?g { ?s ?p 'x'%s ?g { ?s ?p ?o } }",
        "SELECT ?g { ?s ?p 'x'@en.%s ?g { ?s ?p ?o } }",
        "PREFIX é: <urn:é> SELECT ?g { ?s ?p é:.%s ?g { ?s ?p ?o } }",
        "PREFIX e: <http://h:8> SELECT ?g { ?s ?p e:%s ?g { ?s ?p ?o } }",
        "SELECT ?g { { ?s ?p ?o }%s ?g { ?s ?p ?o } }",
        "SELECT ?g { OPTIONAL { ?s <urn:none> false%s ?g { ?s ?p ?o } } }",
    ],
)
@pytest.mark.parametrize("word", ["GRAPH", "graph", "Graph"])
def test_whatever_the_engine_takes_for_graph_reaches_the_named_graphs(
    quads: Path, query: str, word: str
) -> None:
    data = load_graph(quads)
    query %= word
    try:
        expected = rows(data.graphs, query)
    except TacitError:
        return  # it is no query to the engine, whichever store is asked
    assert rows(data, query) == expected
    assert may_name_graphs(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASKFROM <urn:g1> { ?s ?p 2 }",
        "SELECT *FROM<urn:g1> { ?s ?p ?o }",
        "SELECT (1 AS ?o)FROM <urn:g1> { ?s ?p ?x }",
        "SELECT ?o from <urn:g1> { ?s ?p ?o }",
    ],
)
def test_whatever_the_engine_takes_for_from_narrows_the_data(quads: Path, query: str) -> None:
    data = load_graph(quads)
    assert evaluate(data, query).body == evaluate(data.graphs, query).body
    assert may_name_data_set(query)


def test_what_names_no_graph_is_told_from_what_may() -> None:
    for query in ("SELECT ?from { ?s tacit:paragraph ?from }", "ASK { ?s prov:wasDerivedFrom $graph }"):
        assert not may_name_graphs(query)
    assert may_name_graphs("ASK { GRAPH ?g { ?s prov:wasDerivedFrom ?o } }")
    assert not may_name_data_set("ASK { GRAPH ?g { ?s tacit:paragraph ?o } }")


def test_graphs_without_a_common_triple_answer_alike_by_themselves(tmp_path: Path) -> None:
    path = tmp_path / "distinct.nq"
    path.write_text(
        "<urn:a> <urn:p> 1 <urn:g1> .\n<urn:a> <urn:p> 2 <urn:g2> .\n".replace(" 1 ", ' "1" ').replace(
            " 2 ", ' "2" '
        )
    )
    data = load_graph(path)
    assert data.named is not None
    query = "SELECT ?o { ?s ?p ?o . GRAPH ?g { ?s ?q ?o } } ORDER BY ?o"
    assert rows(data, query) == rows(data.graphs, query) == ["1", "2"]
    narrowed = "SELECT ?o FROM <urn:g1> { ?s ?p ?o }"
    assert rows(data, narrowed) == rows(data.graphs, narrowed) == ["1"]


def test_a_triple_of_two_graphs_is_counted_once_beside_graph(quads: Path) -> None:
    data = load_graph(quads)
    assert data.named is None
    assert rows(data, "SELECT ?o { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?o") == [
        "1",
        "2",
    ]


def test_graphs_given_beside_the_query_replace_its_own(quads: Path) -> None:
    store = load_graph(quads)
    query = "SELECT ?o FROM <urn:g2> { ?s ?p ?o }"
    assert rows(store, query, default_graphs=["urn:g1"]) == ["1"]
    assert rows(store, query, named_graphs=["urn:g1"]) == []
    with pytest.raises(TacitError, match="not named by a full IRI"):
        evaluate(store, query, default_graphs=["g1"])


def test_files_are_loaded_as_they_are(tmp_path: Path, quads: Path) -> None:
    (tmp_path / "x.ttl").write_text("_:x <urn:q> <> .", encoding="utf-8")
    (tmp_path / "y.ttl").write_text("_:x <urn:q> 1 .", encoding="utf-8")
    store = load_files([quads, tmp_path / "x.ttl", tmp_path / "y.ttl"])
    assert rows(store, "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?d) { ?s ?p ?o }") == ["2,2"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.ttl", "<urn:a>\n<urn:b> .", r"x\.ttl:2: "),
        ("x.docx", "", r"the format of \.docx is not known"),
        ("x", "", "the format of a file without ending is not known"),
        ("missing.ttl", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named(
    tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TacitError, match=message):
        load_files([tmp_path / name])


def test_turtle_lists_the_prefixes_in_use_and_is_the_same_each_time(quads: Path) -> None:
    store = load_graph(quads)
    bodies = {
        evaluate(store, "CONSTRUCT WHERE { ?s <https://w3id.org/tacit/ontology#p> ?o }").body
        for _ in range(9)
    }
    assert bodies == {b'@prefix tacit: <https://w3id.org/tacit/ontology#> .\n<urn:a> tacit:p "2" .\n'}
    assert evaluate(store, "CONSTRUCT WHERE { ?s <urn:none> ?o }").body == b""


def test_rdf_xml_is_refused_where_it_would_not_be_well_formed(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text(
        "<urn:a> <http://e.org/1> <urn:b> .\n<urn:a> <http://e.org/p1> <urn:b> .", encoding="utf-8"
    )
    store = load_files([path])
    with pytest.raises(FormatError, match=r"<http://e\.org/1>; choose another format"):
        evaluate(store, "CONSTRUCT WHERE { ?s ?p ?o }", graph="rdfxml")
    body = evaluate(store, "CONSTRUCT WHERE { ?s <http://e.org/p1> ?o }", graph="rdfxml").body
    assert len(Graph().parse(body, format="xml")) == 1


def test_the_kind_of_the_answer_decides_which_format_counts() -> None:
    store = ox.Store()
    assert evaluate(store, "ASK {}", graph=None).format == "json"
    assert evaluate(store, "DESCRIBE <urn:a>", results=None).kind == "graph"
    with pytest.raises(FormatError, match="json, xml, csv, tsv") as caught:
        evaluate(store, "ASK {}", results=None)
    assert caught.value.kind == "results"
    with pytest.raises(FormatError, match="no format n3; choose from turtle") as caught:
        evaluate(store, "DESCRIBE <urn:a>", graph="n3")
    assert caught.value.kind == "graph"


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_every_graph_format_holds_every_triple(quads: Path, name: str) -> None:
    body = evaluate(load_graph(quads), "CONSTRUCT WHERE { ?s ?p ?o }", graph=name).body
    assert len(list(ox.parse(body, format=GRAPH_FORMATS[name]))) == 2


def test_relative_iris_are_ours() -> None:
    assert rows(ox.Store(), "SELECT (<id/vietnam> AS ?x) {}") == ["https://w3id.org/tacit/id/vietnam"]


@pytest.mark.parametrize(
    ("query", "name"),
    [("CLEAR ALL", "read-only"), ("ASK { SERVICE <http://127.0.0.1:1> {} }", "no-federation")],
)
def test_what_is_never_run_is_told_by_name_also_from_another_process(query: str, name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        evaluate(ox.Store(), query)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (copy.name, str(copy)) == (name, str(caught.value))


def test_an_unknown_function_is_named() -> None:
    with pytest.raises(TacitError, match="<urn:f> is not supported"):
        evaluate(ox.Store(), "SELECT (<urn:f>(1) AS ?x) {}")
