"""A remote SPARQL 1.1 engine in place of the workers: the same limits, formats and errors.

Engines differ in what they write and in what they read beyond the standard. So a query is looked at before it
is forwarded, and every answer is read and written anew, while it arrives: it is in the format that was asked
for, whatever the engine can do, and whole, or it is an error.
"""

import http.client
import logging
import os
import ssl
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import IO, Any, Final, cast
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from server import limits
from server.content import Content, check_whole
from server.fairness import Slots
from server.limits import Caller, LeftError, LimitError, remaining
from server.pipe import Begun, Pipe
from server.screen import form, names_data_set, screened
from server.told import told
from tacit.engine import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Answer,
    TooLargeError,
    chosen,
    shortened,
    write,
    write_results,
)
from tacit.errors import QuerySyntaxError, TacitError

_LOG: Final = logging.getLogger("tacit.remote")
_MB: Final = 2**20
#: What is asked for, by kind: what comes first is the fastest to read.
_ACCEPT: Final = {
    "results": "application/sparql-results+json, application/sparql-results+xml;q=0.8",
    "graph": "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5",
}
_RESULTS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
}
_GRAPHS: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/ntriples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
#: Formats whose beginning depends on what follows: on the prefixes in use, and on what XML can name.
_WHOLE: Final = ("turtle", "rdfxml")
#: How much longer the engine's form of an answer may be than ours: CSV is short, XML is long.
_LONGER: Final = 8


class Engine:
    """The engine that *settings* name; `ask`, `ready` and `close` are those of `server.workers.Pool`."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._url = urlsplit(settings["engine"])
        if self._url.scheme not in ("http", "https") or not self._url.hostname or self._url.username:
            raise TacitError(
                f"--engine {settings['engine']}: name the address of a SPARQL endpoint, "
                "http://… or https://…, without a password in it; that goes into TACIT_ENGINE_USER "
                "and TACIT_ENGINE_PASSWORD."
            )
        self._seconds, self._megabytes = settings["time_limit"], settings["answer_limit"]
        self._memory, self._graphs = settings["memory_limit"], settings["engine_graphs"]
        count = settings["workers"]
        self.slots = Slots(count, settings["share"] or max(1, count - 1), settings["queue"])
        self._idle: list[http.client.HTTPConnection] = []
        self._headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": f"Tacit/0.1 (+{settings['contact']})",
            **_authorization(),
        }

    def ready(self) -> None:
        """Say in the log if the engine does not answer, or shows nothing without GRAPH; it may come later."""
        try:
            if self.ask("ASK { ?s ?p ?o }", results="csv").body.strip() != b"true":
                _LOG.warning(
                    "the engine's default graph is empty: queries without FROM or GRAPH find nothing; "
                    "name them with --engine-graphs, or publish with --union"
                )
        except TacitError as error:
            _LOG.warning("the engine does not answer yet: %s", error)

    def close(self) -> None:
        """Close what is open."""
        while self._idle:
            self._idle.pop().close()

    def begin(self, who: Caller, query: str, **options: Any) -> None:
        """Begin nothing: one always has to wait for another server."""

    def ask(
        self,
        query: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        results: str | None = "json",
        graph: str | None = "turtle",
        most_rows: int | None = None,
        pipe: Pipe | None = None,
    ) -> Answer:
        """Return the engine's answer, as `tacit.engine.evaluate` does. Raises LimitError, too.

        If there is a *pipe*, the body is written there, in the formats in which that can be done bit by bit.
        """
        text = screened(query)
        kind = "graph" if form(query) in ("CONSTRUCT", "DESCRIBE") else "results"
        if kind == "graph":
            name = chosen(kind, graph, GRAPH_FORMATS)
        else:
            name = chosen(kind, results, RESULT_FORMATS)
        if self._graphs and not (default_graphs or named_graphs or names_data_set(query)):
            default_graphs = named_graphs = self._graphs
        body = urlencode(
            [("query", text)]
            + [("default-graph-uri", iri) for iri in default_graphs]
            + [("named-graph-uri", iri) for iri in named_graphs]
        )
        who = limits.caller()
        with self.slots.slot(who, self._seconds):
            try:
                answer = self._ask(body.encode(), text, kind, name, who=who, pipe=pipe)
            except QuerySyntaxError as error:
                if error.line > 1:
                    raise
                added = len(text) - len(query)  # the declaration of our base
                raise QuerySyntaxError(
                    error.message, 1, max(1, error.column - added), error.text[added:]
                ) from error
        if kind == "results" and most_rows is not None:
            return Answer(kind, name, shortened(answer.body, most_rows))
        return answer

    def stream(self, query: str, **options: Any) -> Answer | Begun:
        """Return the engine's answer as `ask` does; if it is long, as soon as its beginning is there."""
        pipe, who = Pipe(self._megabytes * _MB), limits.caller()

        def pour() -> None:
            limits.CALLER.set(who)
            try:
                pipe.end(self.ask(query, pipe=pipe, **options))
            except BaseException as error:  # raised again where the answer is waited for
                _let_go(error)
                pipe.fail(error)

        threading.Thread(target=pour, name="engine", daemon=True).start()
        return pipe.answer()

    def _ask(
        self, body: bytes, query: str, kind: str, name: str, *, who: Caller, pipe: Pipe | None
    ) -> Answer:
        end = time.monotonic() + self._seconds
        connection = None
        whole = False
        try:
            connection, response = self._send(body, kind, who, end)
            content = Content(connection, response, end, _LONGER * self._megabytes * _MB)
            if response.status != http.client.OK:
                said = content.beginning().decode("utf-8", "replace")
                raise told(
                    response.status,
                    dict(response.headers),
                    said,
                    query,
                    seconds=self._seconds,
                    megabytes=self._memory,
                )
            answer = self._read(content, response, kind, name, pipe)
            whole = content.ended and not response.will_close
            response.close()  # else the connection does not know that it is free again
        except TooLargeError as error:
            raise limits.too_large(self._megabytes) from error
        except TimeoutError as error:
            raise limits.out_of_time(self._seconds) from error
        except (OSError, http.client.HTTPException) as error:
            if who.left or isinstance(error, BrokenPipeError):
                raise LeftError from error
            _LOG.warning("the engine failed: %s", error)
            raise _failed(
                "The engine behind this endpoint cannot be reached, or broke off its answer"
            ) from error
        else:
            return answer
        finally:
            who.stopped_by(None)
            if connection is not None:
                if whole and not who.left:
                    self._idle.append(connection)
                else:
                    connection.close()

    def _send(
        self, body: bytes, kind: str, who: Caller, end: float
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        path = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        headers = {**self._headers, "Accept": _ACCEPT[kind]}
        while True:
            try:
                connection, kept = self._idle.pop(), True
            except IndexError:
                connection, kept = self._connect(), False
            connection.timeout = max(0.001, remaining(end))
            try:
                if connection.sock is None:
                    connection.connect()
                connection.sock.settimeout(max(0.001, remaining(end)))
                who.stopped_by(partial(_stop, connection.sock))
                connection.request("POST", path, body, headers)
                return connection, connection.getresponse()
            except TimeoutError:
                connection.close()
                raise
            except (ConnectionError, http.client.BadStatusLine):
                connection.close()
                if not kept or who.left:  # the engine may have closed a connection that it had kept for long
                    raise

    def _connect(self) -> http.client.HTTPConnection:
        host, port = str(self._url.hostname), self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port)

    def _read(
        self,
        content: "Content",
        response: http.client.HTTPResponse,
        kind: str,
        name: str,
        pipe: Pipe | None,
    ) -> Answer:
        media = response.headers.get_content_type()
        check_whole(response.headers)
        file = cast("IO[bytes]", content)
        known: Mapping[str, object] = _GRAPHS if kind == "graph" else _RESULTS
        if media not in known:
            wanted = "a graph" if kind == "graph" else "results"
            raise _failed(f"The engine behind this endpoint sent {media} in place of {wanted}")
        try:
            if kind == "graph":
                triples = (quad.triple for quad in ox.parse(file, format=_GRAPHS[media]))
                body = self._write_graph(triples, name, pipe)
            else:
                body = self._write_results(ox.parse_query_results(file, format=_RESULTS[media]), name, pipe)
        except (SyntaxError, UnicodeDecodeError) as error:
            _LOG.warning("the engine's answer does not parse: %s", error)
            raise _failed("The engine behind this endpoint sent an answer that is not well-formed") from error
        content.rest()
        return Answer(kind, name, body)

    def _write_graph(self, triples: Iterator[ox.Triple], name: str, pipe: Pipe | None) -> bytes:
        if pipe is None or name in _WHOLE:
            return write(triples, name, self._megabytes * _MB)
        pipe.begin("graph", name)
        ox.serialize(triples, cast("IO[bytes]", pipe), format=GRAPH_FORMATS[name])
        return b""

    def _write_results(
        self, found: ox.QuerySolutions | ox.QueryBoolean, name: str, pipe: Pipe | None
    ) -> bytes:
        if pipe is None:
            return write_results(found, name, self._megabytes * _MB)
        pipe.begin("results", name)
        found.serialize(cast("IO[bytes]", pipe), format=RESULT_FORMATS[name])
        return b""


def _failed(what: str) -> LimitError:
    return LimitError("engine-failed", f"{what}; try again later, or tell those who run it.")


def _let_go(error: BaseException | None) -> None:
    """Free what the frames of *error* hold: no other thread than this one may free the engine's objects."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _stop(sock: Any) -> None:
    """Wake up the thread that reads from *sock*; the engine sees that nobody waits any more."""
    try:
        sock.shutdown(2)
    except OSError:
        _LOG.debug("the connection has ended already")


def _authorization() -> dict[str, str]:
    user, password = os.environ.get("TACIT_ENGINE_USER"), os.environ.get("TACIT_ENGINE_PASSWORD", "")
    if not user:
        return {}
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}
