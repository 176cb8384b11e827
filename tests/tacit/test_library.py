"""The library of queries: headers, lookup, values and the published form."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import SDO, SH

from tacit import library
from tacit.engine import evaluate
from tacit.errors import FaultsError, TacitError
from tacit.names import ID, SPEX
from tacit.params import Param

HEADER = """\
#+ summary: What is said
#+ description: >
#+   What is said of a tie,
#+   and when?
#+ tags: [ties, time]
#+ params:
#+   - {name: tie, type: iri, class: tacit:Tie, default: "id:a", description: the tie}
#+   - {name: word, type: string, default: treaty, description: a word}
#+   - {name: year, type: year, default: 1978, description: a year}
#+   - {name: size, type: integer, default: -1, description: a number}
"""
BODY = """\
PREFIX id: <https://w3id.org/tacit/id/>
SELECT * WHERE {
  VALUES ?tie { id:a }  # param
  VALUES ?word { "treaty" }  # param
  VALUES ?year { 1978 }  # param
  VALUES ?size { -1 }  # param, and a remark
}
"""


def write(directory: Path, text: str, path: str = "ties/said.rq") -> Path:
    (directory / path).parent.mkdir(parents=True, exist_ok=True)
    (directory / path).write_text(text, encoding="utf-8")
    return directory / path


@pytest.fixture
def query(tmp_path: Path) -> library.Query:
    write(tmp_path, HEADER + BODY)
    return library.load(tmp_path)[0]


def row(text: str) -> dict[str, object]:
    """Return the one solution of the query *text*."""
    solutions = ox.Store().query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    (solution,) = solutions
    return {name: solution[name] for name in names}


def test_a_header_becomes_fields(query: library.Query) -> None:
    assert (query.topic, query.name, query.path) == ("ties", "said", "ties/said")
    assert (query.summary, query.description) == ("What is said", "What is said of a tie, and when?")
    assert query.tags == ("ties", "time")
    assert query.params[0] == Param("tie", "iri", "id:a", "the tie", "tacit:Tie")
    assert query.params[2] == Param("year", "year", "1978", "a year")
    assert query.text == BODY
    assert query.form == "SELECT"


def test_without_values_the_text_stays_as_it_is(query: library.Query) -> None:
    assert query.bind({}) == query.text


@pytest.mark.parametrize(
    "value", ["id:b", " id:b ", "<https://w3id.org/tacit/id/b>", "https://w3id.org/tacit/id/b"]
)
def test_an_iri_is_written_in_either_form(query: library.Query, value: str) -> None:
    bound = row(query.bind({"tie": value}))
    assert bound["tie"] == ox.NamedNode("https://w3id.org/tacit/id/b")
    assert bound["word"] == ox.Literal("treaty")


@pytest.mark.parametrize(
    "value",
    [
        '"',
        "\\",
        '" } ?s ?p ?o { "',
        "}\n} DROP ALL #",
        "# param",
        "\\1 \\g<1>",
        "'''",
        "\x00\r\n\t",
        "é𝄞",
        "",
        " a ",
    ],
)
def test_a_hostile_string_is_only_ever_a_string(query: library.Query, value: str) -> None:
    bound = row(query.bind({"word": value}))
    assert bound["word"] == ox.Literal(value)
    assert bound["year"] == ox.Literal(1978)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("tie", "vietnam", "Parameter tie is a prefixed name such as id:vietnam"),
        ("tie", "idd:b", r"no prefix idd \(did you mean id\?\)"),
        ("tie", "id:b> } #", "Parameter tie"),
        ("tie", "<http://e.org/> } #>", "Parameter tie"),
        ("tie", "http://e.org/\\u003E", "Parameter tie"),
        ("tie", "", "Parameter tie"),
        ("year", "78", "Parameter year is a year such as 1978; '78' is not"),
        ("year", "١٩٧٨", "Parameter year"),
        ("size", "1 2", "Parameter size is a whole number"),
        ("size", "1.5", "Parameter size is a whole number"),
        ("word", "\ud800", "Parameter word"),
        ("yaer", "1978", r"has no parameter yaer \(did you mean year\?\); it has tie, word, year, size"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_expected(
    query: library.Query, name: str, value: str, message: str
) -> None:
    with pytest.raises(TacitError, match=message):
        query.bind({name: value})


def test_a_query_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    for path in ("ties/said.rq", "claims/said.rq", "claims/made.rq"):
        write(tmp_path, HEADER + BODY, path)
    queries = library.load(tmp_path)
    assert [query.path for query in queries] == ["claims/made", "claims/said", "ties/said"]
    assert library.find(queries, "made") == library.find(queries, "claims/made") == queries[0]
    with pytest.raises(TacitError, match="choose claims/said or ties/said"):
        library.find(queries, "said")
    with pytest.raises(TacitError, match=r"no query maid in the library \(did you mean .*made"):
        library.find(queries, "maid")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#+ summary: What is said\n", "", 1, "the header lacks summary"),
        ("#+ tags: [ties, time]", "#+ tags: ties", 5, "tags is a list"),
        ("#+ tags", "#+ colour: red\n#+ tags", 5, "unknown keys: colour"),
        ("#+ tags: [ties", "#+ tags: [ties: [", 5, "the header is not YAML"),
        ("type: year", "type: date", 9, "date is no type"),
        ("default: 1978", "default: soon", 9, "'soon' is not"),
        ("default: 1978", "default: 1979", 15, "the default of year is 1979 in the header"),
        ("  # param, and a remark", "", 6, "each parameter, and nothing else, is bound"),
        ("#+   - {name: size, type: integer, default: -1, description: a number}\n", "", 6, "each parameter"),
        (", description: a year", "", 6, "a parameter has default, description, name, type"),
        ("SELECT * WHERE {", "SELECT * WHERE {\n  ?s ?p", 14, "cannot stand here"),
        ("SELECT * WHERE {", "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> {}", 11, "does not call other"),
        (HEADER, "", 1, "begins with a YAML header"),
    ],
)
def test_a_fault_of_a_header_names_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in HEADER + BODY
    path = write(tmp_path, (HEADER + BODY).replace(old, new))
    with pytest.raises(FaultsError) as caught:
        library.load(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == (path, line)
    assert message in fault.message


def test_all_faulty_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "ASK {}", "a/x.rq")
    write(tmp_path, "ASK {}", "b/x.rq")
    with pytest.raises(FaultsError) as caught:
        library.load(tmp_path)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("SELECT * { ?s ?p ?o }", SH.SPARQLSelectExecutable, SH.select),
        ("ask {}", SH.SPARQLAskExecutable, SH.ask),
        ("CONSTRUCT WHERE { ?s ?p ?o }", SH.SPARQLConstructExecutable, SH.construct),
        ("DESCRIBE <urn:a>", SPEX.SPARQLDescribeExecutable, SPEX.describe),
    ],
)
def test_the_library_is_published_as_examples(tmp_path: Path, body: str, kind: URIRef, text: URIRef) -> None:
    write(tmp_path, f"#+ summary: Title\n#+ description: A question?\n#+ tags: [one, two]\n{body}")
    graph = library.describe(library.load(tmp_path))
    iri = ID["query-ties-said"]
    assert set(graph.objects(iri, RDF.type)) == {SH.SPARQLExecutable, kind}
    assert graph.value(iri, text) == Literal(body + "\n")
    assert graph.value(iri, RDFS.label) == Literal("Title", lang="en")
    assert graph.value(iri, RDFS.comment) == Literal("A question?", lang="en")
    assert set(graph.objects(iri, SDO.keywords)) == {Literal("one", lang="en"), Literal("two", lang="en")}
    prefixes = graph.value(iri, SH.prefixes)
    declared = {str(graph.value(one, SH.prefix)) for one in graph.objects(prefixes, SH.declare)}
    assert {"tacit", "def", "id"} <= declared


def test_the_published_text_of_a_query_runs(query: library.Query) -> None:
    published = library.describe([query]).value(ID["query-ties-said"], SH.select)
    assert evaluate(ox.Store(), str(published), results="csv").body.count(b"\r\n") == 2
