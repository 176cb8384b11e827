"""The built graph, loaded into a SPARQL engine by the SPARQL 1.1 Graph Store HTTP Protocol."""

import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from tacit.engine import load_files
from tacit.errors import TacitError

#: N-Triples are Turtle, and Turtle is what each engine must read (Graph Store Protocol, 5.3).
_MEDIA: Final = "text/turtle"
_PATIENCE: Final = 600
_LONGEST: Final = 300


@dataclass(frozen=True)
class Published:
    """One graph that was loaded: its IRI, "" for the default graph; how many triples; whether it is new."""

    graph: str
    triples: int
    created: bool


def publish(
    path: Path, address: str, *, user: str = "", password: str = "", union: bool = False
) -> Iterator[Published]:
    """Replace the named graphs of the engine at *address* by those of the N-Quads at *path*, one by one.

    With *union*, its default graph becomes the union of them, for engines that do not show it by themselves.
    Raises TacitError for the first that the engine does not take; those before it are then replaced.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise TacitError(
            f"{address} is no address of a graph store: name one such as http://localhost:3030/tacit/data, "
            "without a password in it; that goes into --user and $TACIT_PASSWORD."
        )
    store = load_files([path])
    send = _Sender(address, user, password)
    graphs = sorted(store.named_graphs(), key=str)
    for graph in graphs:
        triples = [quad.triple for quad in store.quads_for_pattern(None, None, None, graph)]
        iri = str(getattr(graph, "value", graph))
        yield Published(iri, len(triples), send.put(f"graph={quote(iri, safe='')}", iri, triples))
    if union:
        triples = list({quad.triple for quad in store})
        yield Published("", len(triples), send.put("default", "the default graph", triples))


class _Sender:
    def __init__(self, address: str, user: str, password: str) -> None:
        self._address, self._user, self._password = address, user, password
        self._opener = urllib.request.build_opener(_StayHandler)
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, address, user, password)
        self._digest = urllib.request.HTTPDigestAuthHandler(known)

    def put(self, which: str, name: str, triples: list[ox.Triple]) -> bool:
        """Replace a graph, and tell whether it is new."""
        body = BytesIO()
        ox.serialize(triples, body, format=ox.RdfFormat.N_TRIPLES)
        address = f"{self._address}{'&' if urlsplit(self._address).query else '?'}{which}"
        try:
            request = _request(address, "PUT", body.getvalue())
            if self._user:
                self._authorize(request)
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                answer.read()
                return bool(answer.status == HTTPStatus.CREATED)
        except HTTPError as error:
            with error:
                raise TacitError(_refused(self._address, name, error)) from error
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            # many hang up on a body when they do not know the sender, and their refusal is lost
            cure = (
                "Are the name and the password right?"
                if self._user
                else "Does it want --user and $TACIT_PASSWORD?"
            )
            raise TacitError(
                f"{self._address} cannot be reached, or broke off while {name} was sent: {reason}. {cure}"
            ) from error

    def _authorize(self, request: urllib.request.Request) -> None:
        """Learn from a POST of nothing, which changes nothing, what *request* has to bring.

        An engine that refuses a large body hangs up before it is sent, and its refusal is lost.
        """
        try:
            with self._opener.open(_request(request.full_url, "POST", b""), timeout=_PATIENCE):
                return
        except HTTPError as error:
            with error:
                if error.code != HTTPStatus.UNAUTHORIZED:
                    return  # it may refuse nothing, but take something
                wanted = error.headers.get_all("WWW-Authenticate") or []
        for challenge in wanted:
            scheme, _, rest = challenge.partition(" ")
            if scheme.lower() == "digest":
                items = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
                answer = self._digest.get_authorization(request, items)
                request.add_header("Authorization", f"Digest {answer}")
                return
            if scheme.lower() == "basic":
                pair = b64encode(f"{self._user}:{self._password}".encode()).decode()
                request.add_header("Authorization", f"Basic {pair}")
                return
        raise TacitError(f"{self._address} wants an authentication that is neither Basic nor Digest.")


def _request(address: str, method: str, body: bytes) -> urllib.request.Request:
    return urllib.request.Request(address, body, {"Content-Type": _MEDIA}, method=method)  # noqa: S310


class _StayHandler(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the graph and the password go where the operator sends them."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Do not."""


def _refused(address: str, name: str, error: HTTPError) -> str:
    said = " ".join(error.read(10_000).decode("utf-8", "replace").split())[:_LONGEST]
    match error.code:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            cure = "give --user and $TACIT_PASSWORD of one who may write"
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
            cure = "is it the address of the Graph Store Protocol, and not of queries?"
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            cure = "let the engine, and the proxy before it, take larger bodies"
        case _:
            cure = f"it says: {said or error.reason}"
    return f"{address} did not take {name} ({error.code}): {cure}."
