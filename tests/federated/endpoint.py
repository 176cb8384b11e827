"""A SPARQL server in Wikidata's place: Oxigraph over `wikidata.ttl`, small data of Wikidata's shape, made up.

What passes against it proves that the federated questions parse, ask in Wikidata's terms, join by our links,
and ask once and for bounded lists. It does not prove what Wikidata answers, how fast, and how complete it is.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from tacit.federated import ENDPOINTS

DATA: Final = Path(__file__).parent / "wikidata.ttl"


@contextmanager
def wikidata() -> Iterator[tuple[str, list[str]]]:
    """Serve the data; give the address, and the list into which each query comes."""
    data, asked = ox.Store(), list[str]()
    data.load(path=DATA, format=ox.RdfFormat.TURTLE)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer: Any = data.query(asked[-1])
            body = answer.serialize(format=ox.QueryResultsFormat.JSON)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def local(query: str, address: str) -> str:
    """Return *query* with *address* in Wikidata's place, and nothing else changed.

    The engine is then asked directly; `test_served` asks the questions as they are, through a whole server.
    """
    return query.replace(f"<{ENDPOINTS[0]}>", f"<{address}>")
