"""RDF that the server puts together itself: asked of the engine, negotiated, sent."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

import pyoxigraph as ox
from flask import Response, current_app, request

from server import cache
from server.errors import ProblemError
from server.formats import HTML, available, choose, of_kind
from server.state import state
from tacit.engine import write
from tacit.names import PREFIXES

#: The extensions which an address may end in, and the format that each one stands for.
EXTENSIONS: Final = {format_.extension: format_ for format_ in of_kind("graph")}

#: What descriptions of data sets and services abbreviate beside our own prefixes.
NAMESPACES: Final = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "format": "http://www.w3.org/ns/formats/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "media": "https://www.iana.org/assignments/media-types/",
}

Row = dict[str, dict[str, Any]]


def rows(query: str) -> list[Row]:
    """Return the solutions of *query*, each a dict of terms as SPARQL JSON writes them."""
    found: list[Row] = json.loads(state().ask(query, results="json").body)["results"]["bindings"]
    return found


def triples(query: str) -> set[ox.Triple]:
    """Return the triples that *query*, a CONSTRUCT or DESCRIBE, answers with.

    Blank nodes mean the same within one answer only.
    """
    body = state().ask(query, graph="ntriples").body
    return {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}


def named(iri: str) -> ox.NamedNode | None:
    """Return *iri* as a term, or None if it is no IRI; its text is safe within a query."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def public_root() -> str:
    """Return the address of this server without the last slash: that of the setting, or of the request.

    Raises ProblemError for a Host header which no address can have.
    """
    root: str = (state().settings.get("public_url") or request.url_root).rstrip("/")
    if "://" not in root:  # Werkzeug leaves out what can be no host
        raise ProblemError("bad-request", "The Host header is no name of a host; send one that is.")
    return root


def split(name: str) -> tuple[str, str | None]:
    """Return *name* without the extension of a format or of a page, and that extension, or None."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot and extension in (*EXTENSIONS, "html") else (name, None)


def send(
    address: str | None,
    extension: str | None,
    data: Callable[[], Iterable[ox.Triple]],
    page: Callable[[], str],
) -> Response:
    """Return the *data* of *address* in the format of *extension*, or in the one that the request prefers.

    The answer says at which address, with an extension, this very form of it is found; None is for what has
    no such addresses.
    """
    if extension is None:
        choice = choose("graph", request.accept_mimetypes, request.args.get("format"))
        if choice.name is None:
            raise ProblemError(
                "not-acceptable",
                f"This can be had as {', '.join(f.label for f in EXTENSIONS.values())} and as a page.",
                available=[*available("graph"), HTML],
            )
        extension = "html" if choice.media == HTML else _extension(choice.name)
        media = choice.media
    else:
        media = HTML if extension == "html" else EXTENSIONS[extension].media[0]
    if extension == "html":
        response = Response(page(), mimetype=HTML)
    else:
        # sorted, so that the same data are the same bytes, and an ETag can vouch for them
        body = write(sorted(data(), key=str), EXTENSIONS[extension].name, prefixes=NAMESPACES)
        response = Response(body, mimetype=media)
    if address is not None:
        response.headers["Content-Location"] = f"{address}.{extension}"
        for other, format_ in EXTENSIONS.items():
            response.headers.add("Link", f'<{address}.{other}>; rel="alternate"; type="{format_.media[0]}"')
    if extension == "html" and request.method == "GET" and current_app.extensions["tacit-cache"]:
        cache.keep(request.environ, "")  # and it packs and tags what it keeps
        return response
    return tagged(_compressed(response))


def tagged(response: Response) -> Response:
    """Return *response* with an ETag of its bytes, or 304 for who has them already."""
    body = response.get_data()
    packed = response.headers.get("Content-Encoding", "")
    response.set_etag(hashlib.blake2b(body, digest_size=12).hexdigest() + (f"-{packed}" if packed else ""))
    response.make_conditional(request)
    return response


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _extension(name: str) -> str:
    return next(extension for extension, format_ in EXTENSIONS.items() if format_.name == name)
