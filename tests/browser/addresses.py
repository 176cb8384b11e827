"""Which addresses are tried in a browser: every route of the application that is a page."""

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from server import create_app

#: Routes whose answer is none for people, or is the same page under another address.
PROGRAMS: Final = frozenset(
    (
        "/.well-known/void.<any(ttl, nt, rdf, jsonld, html):extension>",
        "/definition.<any(ttl, nt, rdf, jsonld, html):extension>",
        "/definition/<version>",
        "/graph/<name>",
        "/health",
        "/metrics",
        "/ontology.<any(ttl, nt, rdf, jsonld, html):extension>",
        "/ontology/<version>",
        "/openapi.json",
        "/query/code",
        "/reconcile",
        "/reconcile/flyout/<any(entity, type, property):kind>",
        "/reconcile/preview",
        "/reconcile/properties",
        "/reconcile/suggest/<any(entity, type, property):kind>",
        "/robots.txt",
        "/sparql/",
        "/static/<path:filename>",
        "/web/<name>",
        "/workbench.rq",
        "/workbench.ttl",
    )
)

#: Things, at least one of each class whose pages show something of their own (`server.resources.ABOUT`).
THINGS: Final = (
    "article-000",
    "asean",
    "atop",
    "cam-ranh-bay",
    "claim-000-china-us-informal",
    "cold-war",
    "concept-abandonment",
    "justification-000-china-north-korea-AllButName2020-1",
    "laos",
    "office-deputy-secretary-of-state-united-states",
    "passage-000-1029-1092",
    "policy-three-nos",
    "portrayal-000-china-north-korea",
    "position-allies-share-interests-and-ideology",
    "principle-better-relations-with-major-powers",
    "signing-soviet-vietnam-1978",
    "tie-laos-vietnam",
    "tie-soviet-vietnam",
    "treaty-china-north-korea-1961",
    "vietnam",
)

#: Examples of each route that has parameters in its path.
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "/definitions/<name>": (
        "/definitions/Walt1987",
        "/definitions/AllButName2020",
    ),
    "/disagreement/<name>": ("/disagreement/disputes", "/disagreement/sensitivity"),
    "/explain/<path:tie>": (
        "/explain/tie-laos-vietnam",
        "/explain/tie-soviet-vietnam?source=article-000&definition=Snyder1997",
    ),
    "/id/<name>": tuple(f"/id/{name}" for name in THINGS),
    "/queries/<topic>/<name>": (
        "/queries/disagreement/disputes",
        "/queries/time/alliances-in-year",
    ),
}

#: Pages that their route without parameters does not show.
MORE: Final = (
    "/network?year=1979&lens=Walt1987",
    "/query?question=disagreement/verdicts-on-tie",
    "/search?q=laos",
    "/ties?view=table",
    "/what-if?without=claim-003-no-clause",
    "/workbench?condition=SecurityArrangement&condition=NoDefenceTreaty&condition=TreatyBound"
    "&compare=Walt1987&holds=tie-soviet-vietnam&fails=tie-laos-vietnam",
    "/matrix?by=source",
    f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p ?o } LIMIT 200'})}",
    f"/sparql?{urlencode({'query': 'DESCRIBE <https://w3id.org/tacit/id/tie-laos-vietnam>'})}",
)

#: Pages that say what went wrong, and the status that they come with.
ERRORS: Final = {
    "/definitions/Walt1978": 404,
    "/workbench?condition=DefensePledged": 400,
    "/id/tie-laos-vietnm": 404,
    "/ties?lens=Snider": 400,
    f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p'})}": 400,
}


@lru_cache
def routes() -> frozenset[str]:
    """Return every route that answers GET; which there are does not depend on the data."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data.nt")
        data.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
        app = create_app({"data": [data], "log": "off"})
    return frozenset(rule.rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods)


def pages() -> list[str]:
    """Return the addresses of all pages: those of routes without parameters, the examples, and more."""
    found: list[str] = []
    for route in sorted(routes() - PROGRAMS):
        found += EXAMPLES.get(route, ()) if "<" in route else (route,)
    return [*found, *MORE]
