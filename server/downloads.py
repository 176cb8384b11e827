"""The named graphs: each one answers at its address, whole, as a file that can be fetched in parts.

They are written from the file of the build and not asked of the engine, so that the largest download costs
no worker, meets no limit of queries, and is the same bytes on every server of the same build.
"""

import json
import shutil
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file

from server.errors import ProblemError
from server.formats import HTML, available, choose
from server.rdf import EXTENSIONS, split, tagged
from server.request import STREAM
from server.state import state
from tacit.engine import GRAPH_FORMATS
from tacit.names import BASE, PREFIXES, graph
from tacit.params import nearest

blueprint = Blueprint("downloads", __name__)

NQUADS: Final = "application/n-quads"
#: What each graph holds, in a sentence.
GRAPHS: Final = {
    "assessments": "One cell per portrayal and definition: whether it holds, and why.",
    "codings": "How data sets code the same ties, each cell cited.",
    "corpus": "The five articles, claim by claim.",
    "inferred": "What the reasoner adds to all the others.",
    "ontology": "The terms, and the definitions of alliance as classes.",
    "queries": "The library of questions, as examples for query editors.",
    "wikidata": "Links to Wikidata, each with its status and source.",
}


class Files:
    """The files of the downloads, each written when it is first wanted, and gone with the server."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def path(self, built: Path, name: str, extension: str) -> Path:
        """Return the file of the graph called *name* in one format."""
        with self._lock:  # two requests at once do not write it twice
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix="tacit-"))
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            path = self._folder / f"{name}.{extension}"
            if not path.exists():
                draft = path.with_suffix(".draft")
                _write(built, name, extension, draft)
                draft.replace(path)
        return path


def register(app: Flask) -> None:
    """Give *app* the named graphs as downloads."""
    app.extensions["tacit-downloads"] = Files()
    app.register_blueprint(blueprint)


def graph_names(built: Path) -> dict[str, int]:
    """Return the names of the graphs in a build, and how many triples each one has."""
    manifest = built.parent / "manifest.json"
    if not manifest.exists():
        return {}
    graphs: dict[str, int] = json.loads(manifest.read_text(encoding="utf-8"))["graphs"]
    return {iri.removeprefix(f"{BASE}graph/"): count for iri, count in graphs.items()}


@blueprint.get("/graph/<name>")
def download(name: str) -> Response:
    """Answer for `graph:NAME` with a page or the whole graph, and for `graph:NAME.ttl` with the file."""
    built = state().built
    if built is None:
        raise ProblemError("not-found", "These data were not built here, so that there is no file of them.")
    name, extension = (name[:-3], "nq") if name.endswith(".nq") else split(name)
    counts = graph_names(built)
    if name not in counts:
        near = nearest(name[:50], counts) or f": there are {', '.join(counts)}"
        raise ProblemError("not-found", f"There is no graph called {name[:50]}{near}.")
    address = f"{request.script_root}/graph/{name}"
    if extension is None:
        extension = _negotiated(address)
    if extension == "html":
        return _page(address, name, counts[name])
    return _file(built, address, name, extension)


def _negotiated(address: str) -> str:
    accept = request.accept_mimetypes
    choice = choose("graph", accept, request.args.get("format"))
    if choice.name is None:
        if accept[NQUADS] > 0:
            return "nq"
        offered = [*available("graph"), NQUADS, HTML]
        raise ProblemError("not-acceptable", f"{address} has other formats.", available=offered)
    if choice.media == HTML:
        return "html"
    return next(extension for extension, format_ in EXTENSIONS.items() if format_.name == choice.name)


def _page(address: str, name: str, count: int) -> Response:
    forms = [(format_.label, f"{address}.{extension}") for extension, format_ in EXTENSIONS.items()]
    query = f"SELECT *\nFROM <{graph(name)}>\nWHERE {{ ?subject ?property ?value }}\nLIMIT 100\n"
    page = render_template(
        "graph.html",
        name=name,
        iri=str(graph(name)),
        count=count,
        what=GRAPHS.get(name, ""),
        forms=[*forms, ("N-Quads", f"{address}.nq")],
        query=query,
    )
    response = Response(page, mimetype=HTML)
    response.headers["Content-Location"] = f"{address}.html"
    return tagged(response)


def _file(built: Path, address: str, name: str, extension: str) -> Response:
    # the bytes depend on the build, the graph and the format alone
    tag = f"{built.parent.name}-{name}-{extension}"
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
        response.set_etag(tag)
        return response
    files: Files = current_app.extensions["tacit-downloads"]
    media = NQUADS if extension == "nq" else EXTENSIONS[extension].media[0]
    path = files.path(built, name, extension)
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) > 1:
        # the whole answers what asks for several parts, or for none that makes sense (RFC 9110, 14.2)
        request.environ.pop("HTTP_RANGE", None)
    response = send_file(path, mimetype=media, etag=tag, conditional=True)
    request.environ[STREAM] = True  # it may be larger than memory
    del response.headers["Last-Modified"]  # the time of the file is that of the first download
    response.headers["Content-Location"] = f"{address}.{extension}"
    return response


def _write(built: Path, name: str, extension: str, path: Path) -> None:
    """Write one graph of a build in the order of its lines, one by one: it may be larger than memory."""
    marker = f" <{graph(name)}> .\n".encode()

    def lines() -> Iterator[bytes]:
        with built.open("rb") as quads:
            yield from (line for line in quads if line.endswith(marker))

    if extension in ("nq", "nt"):
        with path.open("wb") as file:
            file.writelines(
                lines() if extension == "nq" else (line[: -len(marker)] + b" .\n" for line in lines())
            )
        return
    triples = (quad.triple for line in lines() for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS))
    format_ = GRAPH_FORMATS[EXTENSIONS[extension].name]
    if extension != "ttl":
        ox.serialize(triples, output=str(path), format=format_)
        return
    unsorted = path.with_suffix(".unsorted")
    ox.serialize(triples, output=str(unsorted), format=format_, prefixes=PREFIXES)
    with unsorted.open("rb") as source, path.open("wb") as file:
        # Oxigraph lists the prefixes in another order each time
        file.writelines(sorted(next(source) for _ in PREFIXES))
        shutil.copyfileobj(source, file)
    unsorted.unlink()
