import pyoxigraph as ox

from tacit.engine import evaluate
from tacit.table import table


def answer(query: str) -> str:
    return table(evaluate(ox.Store(), query).body)


def test_columns_are_aligned_and_our_names_short() -> None:
    query = """SELECT ?tie ?note WHERE { VALUES (?tie ?note) {
        (<https://w3id.org/tacit/id/tie-a> "two\\n  words") (<http://example.org/x> UNDEF) } }"""
    assert answer(query) == (
        "tie                     note\n"
        "----------------------  ---------\n"
        "id:tie-a                two words\n"
        "<http://example.org/x>\n"
        "(2 rows)\n"
    )


def test_an_empty_answer_is_a_header_and_a_count() -> None:
    assert answer("SELECT ?a WHERE { ?a ?b ?c }") == "a\n-\n(0 rows)\n"


def test_a_boolean_is_a_word() -> None:
    assert answer("ASK { ?a ?b ?c }") == "no\n"
    assert answer("ASK {}") == "yes\n"
