"""What is read from the words of a query."""

import pyoxigraph as ox
import pytest

from tacit.engine import evaluate
from tacit.errors import QuerySyntaxError
from tacit.syntax import UPDATES, is_update, may_call_service, words

PROLOGUE = "PREFIX : <http://e.org/> PREFIX ex: <http://e.org/> "


@pytest.mark.parametrize("word", sorted(UPDATES))
def test_the_first_word_after_the_prologue_tells_an_update(word: str) -> None:
    assert is_update(f"# SELECT\nPREFIX a: <urn:a#>\nBASE <http://e.org/>\n{word.lower()} x")
    assert not is_update(f"PREFIX {word}: <urn:a> SELECT * {{ ?{word} a {word}:x }}")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://e.org/> {} }",
        "ASK { service silent ?x {} }",
        "ASK { SERVICE:a {} }",
        "ASK { SERVICEex:a {} }",
        "ASK { ?s ?p ?o.SERVICE<http://e.org/>{} }",
        "ASK { ?s ?p 1SERVICE<http://e.org/>{} }",
        "ASK { ?s ?p trueSERVICESILENTex:a{} }",
        "ASK { FILTER(1<2)SERVICE?v#>\n{} }",
        "ASK { FILTER(1<'>')SERVICE<http://e.org/>{} FILTER('a'='a') }",
        "ASK { FILTER(1<ex:b#>'''\n) SERVICE <http://e.org/> {} }#'''",
        "PREFIX h: <http://e.org:8> ASK { ?s ?p h:SERVICE<http://e.org/>{} }",
        "PREFIX h: <http:\\u002F\\u002Fe.org:8> ASK { ?s ?p h:SERVICE<http://e.org/>{} }",
        "BASE <http://e.org:8> PREFIX h: <> ASK { ?s ?p h:SERVICE<http://e.org/>{} }",
        "ASK { ?s ?p ex:.SERVICE <http://e.org/> {} }",
        "PREFIX service: <http://e.org/> ASK { ?s ?p service:.SERVICE ex:a {} }",
        "PREFIX \ufff0x: <http://e.org/> ASK { ?s ?p ex:SERVICE\ufff0x:a {} }",
    ],
)
def test_no_service_clause_gets_past(query: str) -> None:
    assert may_call_service(PROLOGUE + query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <x> {', \"SERVICE\", '''it's a\nSERVICE''' }",
        "# SERVICE <x> {\nASK {}",
        "ASK { ?service <http://e.org/service#service> ?SERVICE }",
        "PREFIX service: <http://e.org/s#> ASK { service:service ex:a-service 'a'@en }",
        "ASK { GRAPH ex:services { ?s ex:service 'http://x' } }",
        "PREFIX : <#x> ASK { <#me> :p 'x' }",
        "ASK { ?s ex:say\\'s 'SERVICE' }",
    ],
)
def test_the_word_service_may_stand_in_names_strings_and_comments(query: str) -> None:
    assert not may_call_service(PROLOGUE + query)


def test_words_leave_out_white_space_and_comments() -> None:
    query = "SELECT ?x#c\n{ ?x <urn:a#b> \"#\", -1.5e3, 'a'@en-GB, ex:a.b . }"
    found = [word.text for word in words(query)]
    listed = [
        "SELECT",
        "?x",
        "{",
        "?x",
        "<urn:a#b>",
        '"#"',
        ",",
        "-1.5e3",
        ",",
        "'a'",
        "@en-GB",
        ",",
        "ex:a.b",
    ]
    assert found == [*listed, ".", "}"]
    assert all(query[word.start :].startswith(word.text) for word in words(query))


@pytest.mark.parametrize(
    ("query", "line", "column", "message"),
    [
        ("", 1, 1, "a query begins with SELECT"),
        ("# SELECT", 1, 9, "a query begins with SELECT"),
        ("PREFIX a: <urn:a>\nSELCT * {}", 2, 1, "a query begins with SELECT"),
        ("SELECT *\r\n{ ?s ex:p ?o }\r\n", 2, 6, "the prefix ex: is not declared"),
        ("SELECT * {\n ?s tacit:p ?o }", 2, 5, "add PREFIX tacit: <https://w3id.org/tacit/ontology#>"),
        ("SELECT * {\n ?s ?p }", 2, 8, "} cannot stand here; expected a variable"),
        ("SELECT * { ?s ?p ?o", 1, 20, "ends too early; expected { or }"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "} cannot stand here"),
        ("SELECT ?a, ?b { ?a ?p ?b }", 1, 10, ", cannot stand here"),
        ("SELECT (COUNT(?a) ?n) { ?a a ?b }", 1, 19, "?n cannot stand here"),
        ("SELECT * { ?s ?p 'é€𝄞 ?o\n}", 1, 18, "this string is not closed"),
        ("SELECT * { ?s ?p 'é€𝄞' ?o }", 1, 24, "?o cannot stand here"),
        ("SELECT * { ?s ?p ?o FILTER(foo(?s)) }", 1, 28, "foo cannot stand here"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "x cannot stand here"),
        ("SELECT * { ?s <a b> ?o }", 1, 19, "not an IRI"),
        (
            "SELECT * {\n ?s\u00a0?p ?o }",
            2,
            4,
            "the invisible U+00A0 (no-break space) cannot stand here; write a plain",
        ),
        ("\ufeffSELECT * { ?s ?p ?o }", 1, 1, "the invisible U+FEFF (zero width no-break space)"),
        ("SELECT * { ?s ?p “China” }", 1, 18, '“ cannot stand here; write "'),
        ("SELECT * { ?s ?p ‘China’ }", 1, 18, "‘ cannot stand here; write '"),  # noqa: RUF001
        ("SELECT * { ?s ?p ?o FILTER(?o ≥ 3) }", 1, 31, "≥ cannot stand here; write >="),
        ("SELECT * { ?s ?p '“\u00a0”' ?o }", 1, 24, "?o cannot stand here"),
        ("SELECT * { ?s ?p क्\u200dष:a }", 1, 18, "the prefix क्\u200dष: is not declared"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "contains a variable that is unbound"),
    ],
)
def test_a_syntax_error_points_at_the_faulty_word(query: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(ox.Store(), query)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert message in error.message
    assert error.text == (query.splitlines() or [""])[line - 1]


def test_a_very_long_faulty_query_still_has_a_position() -> None:
    query = "SELECT * {\n" + "?s ?p ?o .\n" * 3_000 + "?s ?p }"
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(ox.Store(), query)
    assert caught.value.line == 3_002
