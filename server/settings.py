"""Every setting of the server, once: its name, its default and what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tacit.errors import TacitError
from tacit.library import QUERIES_DIR
from tacit.params import nearest

BUILD_DIR: Final = QUERIES_DIR.parent / "build"


@dataclass(frozen=True)
class Setting:
    """A setting; its *default* also gives its type."""

    name: str
    default: Any
    help: str


SETTINGS: Final = (
    Setting("host", "127.0.0.1", "the address to listen on; 0.0.0.0 is every address of this machine"),
    Setting("port", 8000, "the port to listen on"),
    Setting("threads", 4, "how many requests are answered at once"),
    Setting("data", (), "RDF files to serve as they are, instead of the built graph"),
    Setting("build", BUILD_DIR, "the folder of built graphs; its file `current` names the one to serve"),
    Setting("public_url", "", "the address by which the world knows this server; else that of each request"),
    Setting("log", "stderr", "where one line per request goes: stderr, or off"),
    Setting("queries", QUERIES_DIR, "the folder of the library's queries"),
)


def complete(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return *config* with the defaults for what it leaves out. Raises TacitError for an unknown setting."""
    defaults = {setting.name: setting.default for setting in SETTINGS}
    for name in config:
        if name not in defaults:
            raise TacitError(f"There is no setting {name}{nearest(name, defaults)}; see server/settings.py.")
    return {**defaults, **config}


def built_graph(build: Path) -> Path:
    """Return the path of the newest good graph under *build*. Raises TacitError if there is none."""
    current = build / "current"
    if current.is_file():
        graph = build / current.read_text(encoding="utf-8").strip() / "graph.nq"
        if graph.is_file():
            return graph
    raise TacitError("There is no built graph yet: run `tacit build`, or name RDF files with --data.")
