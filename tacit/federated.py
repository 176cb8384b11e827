"""Questions which join our graph with another endpoint: `queries/federated/`, where alone SERVICE may stand.

The endpoint is part of the text, so that a question runs unchanged wherever its endpoint may be called. Which
ones a running server calls is for the server to say; here stands which ones the library may name.
"""

from itertools import pairwise
from typing import Final

from tacit.errors import QuerySyntaxError
from tacit.syntax import Word, words

TOPIC: Final = "federated"
#: The endpoints that a question of the library may name.
ENDPOINTS: Final = ("https://query.wikidata.org/sparql",)


def services(query: str) -> list[str]:
    """Return the endpoints that *query* names, in order and each once.

    Raises QuerySyntaxError where SERVICE has no full IRI of `ENDPOINTS` directly after it: a variable would
    go wherever the data says, and SILENT would pass off a failure as an answer.
    """
    found = []
    for word, follows in pairwise([*words(query), Word("other", "", len(query))]):
        if _is_service(word):
            endpoint = follows.text.strip("<>")
            if follows.kind != "iri" or endpoint not in ENDPOINTS:
                raise _fault(query, follows)
            found.append(endpoint)
    return list(dict.fromkeys(found))


def without_services(query: str) -> str:
    """Return *query* with GRAPH, as long and with the same grammar, in place of each SERVICE.

    So its syntax can be checked, and a fault be found at its place, with nobody being called.
    """
    text = query
    for word in words(query):
        if _is_service(word):
            text = text[: word.start] + "GRAPH".ljust(len(word.text)) + text[word.start + len(word.text) :]
    return text


def _is_service(word: Word) -> bool:
    return word.kind == "name" and word.text.upper() == "SERVICE"


def _fault(query: str, word: Word) -> QuerySyntaxError:
    lines = query[: word.start].split("\n")
    message = f"after SERVICE stands one of {', '.join(f'<{endpoint}>' for endpoint in ENDPOINTS)}"
    text = query.split("\n")[len(lines) - 1]
    return QuerySyntaxError(message, len(lines), len(lines[-1]) + 1, text)
