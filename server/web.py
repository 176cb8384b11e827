"""The browser parts that are built from web/, at /web/NAME; pages do without them where they are not built.

A template asks `web_built`, and takes addresses from `web_file("NAME")`: they carry a digest of the file, so
that a browser may keep what it has, and asks anew after each build.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request, url_for

from server.errors import ProblemError
from server.state import state

blueprint = Blueprint("web", __name__)

_MEDIA: Final = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
_UNBUILT: Final = "The browser parts are not built; run `make setup`. All pages work without them."
_FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class File:
    """A file of the build: its media type, its digest, and its bytes as they are and packed."""

    media: str
    digest: str
    body: bytes
    packed: bytes


@blueprint.get("/web/<name>")
def file(name: str) -> Response:
    """Answer with a file of the build; who names its digest may keep it."""
    found = _files().get(name)
    if found is None:
        raise ProblemError("not-found", "There is no such browser part." if _files() else _UNBUILT)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(found.packed if packed else found.body, mimetype=found.media)
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    # files import each other without a digest; those are asked for anew, and mostly answered with 304
    response.headers["Cache-Control"] = _FOREVER if request.args.get("v") == found.digest else "no-cache"
    response.set_etag(f"{found.digest}-gzip" if packed else found.digest)
    response.make_conditional(request)
    return response


def register(app: Flask) -> None:
    """Let *app* serve the build, and its templates ask for it."""
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"web_built": bool(_files()), "web_file": _address})


def _address(name: str) -> str:
    return url_for("web.file", name=name, v=_files()[name].digest)


def _files() -> dict[str, File]:
    """Return the files of the build by their names; they are kept, as a new build takes its time."""
    known: dict[str, File] | None = current_app.extensions.get("tacit-web")
    if known is None:
        folder = Path(state().settings["build"]) / "web"
        known = {path.name: _read(path) for path in sorted(folder.glob("*")) if path.suffix in _MEDIA}
        current_app.extensions["tacit-web"] = known
    return known


def _read(path: Path) -> File:
    body = path.read_bytes()
    digest = hashlib.blake2b(body, digest_size=8).hexdigest()
    return File(_MEDIA[path.suffix], digest, body, path.with_name(f"{path.name}.gz").read_bytes())
