"""A server of ours that speaks the part of Wikidata's Action API which links need, over made-up items.

What passes against it proves what we ask, how often, and what we make of each kind of answer: redirects,
missing items, lag and refusals included. The answers are written after the API's documentation, and after
those which public code keeps for its own tests. It proves nothing of what Wikidata says today: that only
`tacit link check` shows, online and without --endpoint.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


def item(
    id_: str,
    label: str,
    *aliases: str,
    types: tuple[str, ...] = (),
    wider: tuple[str, ...] = (),
    language: str = "en",
) -> dict[str, Any]:
    """Return an item as `wbgetentities` writes it."""

    def statements(property_: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
        return [
            {
                "mainsnak": {
                    "snaktype": "value",
                    "property": property_,
                    "datavalue": {
                        "value": {"entity-type": "item", "id": value},
                        "type": "wikibase-entityid",
                    },
                },
                "type": "statement",
                "rank": "normal",
            }
            for value in values
        ]

    claims = {name: statements(name, values) for name, values in (("P31", types), ("P279", wider)) if values}
    return {
        "type": "item",
        "id": id_,
        "labels": {language: {"language": language, "value": label}},
        "aliases": {language: [{"language": language, "value": alias} for alias in aliases]}
        if aliases
        else {},
        "claims": claims or [],  # the API writes an empty object as an empty list
    }


class Api:
    """The server's *items*, what it was asked, and *script*: answers that it gives first, to whatever."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.items = {entry["id"]: entry for entry in items}
        self.redirects: dict[str, str] = {}
        #: Whether an identifier that never was is an error, as live, or a missing entity, as it once was.
        self.strict = True
        self.requests: list[dict[str, str]] = []
        self.agents: list[str] = []
        self.script: list[Answer] = []
        self.address = ""
        #: After how many requests it fails.
        self.fails_after: int | None = None

    def answer(self, parameters: dict[str, str]) -> Answer:
        """Return the answer to one request."""
        if self.fails_after is not None and len(self.requests) > self.fails_after:
            return 404, {}, b""
        if self.script:
            return self.script.pop(0)
        if parameters.get("action") == "wbsearchentities":
            return _json({"search": list(self._search(parameters)), "success": 1})
        ids = parameters["ids"].split("|")
        if len(ids) > 50:
            return _json({"error": {"code": "toomanyvalues", "info": "Too many values supplied"}})
        entities = {}
        for id_ in ids:
            target = self.redirects.get(id_, id_)
            if target in self.items:
                entities[id_] = dict(self.items[target])
                if target != id_:
                    entities[id_]["redirects"] = {"from": id_, "to": target}
            elif self.strict:
                info = f'Could not find an entity with the ID "{id_}".'
                return _json({"error": {"code": "no-such-entity", "info": info, "id": id_}})
            else:
                entities[id_] = {"id": id_, "missing": ""}
        return _json({"entities": entities, "success": 1})

    def _search(self, parameters: dict[str, str]) -> Iterator[dict[str, str]]:
        term, language = parameters["search"].casefold(), parameters["language"]
        for id_, entry in self.items.items():
            label = entry["labels"].get(language, {}).get("value", "")
            names = [label, *(alias["value"] for alias in dict(entry["aliases"]).get(language, []))]
            if any(name.casefold().startswith(term) for name in names):
                yield {"id": id_, "label": label, "description": "made up"}


def busy(status: int = 429, retry_after: str | None = "7") -> Answer:
    """Return an answer that asks for patience by its status."""
    return status, {"Retry-After": retry_after} if retry_after else {}, b"slow down"


def lagging() -> Answer:
    """Return an answer that asks for patience in its body, as `maxlag` does."""
    error = {"code": "maxlag", "info": "Waiting for a database: 6.2 seconds lagged.", "lag": 6.2}
    return 200, {"Retry-After": "5"}, json.dumps({"error": error}).encode()


def _json(content: dict[str, Any]) -> Answer:
    return 200, {}, json.dumps(content).encode()


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Let *api* answer on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            api.requests.append(parameters)
            api.agents.append(self.headers["User-Agent"])
            status, headers, body = api.answer(parameters)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    api.address = f"http://127.0.0.1:{server.server_port}/w/api.php"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
