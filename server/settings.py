"""Every setting of the server, once: its name, its default and what it is for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tacit.errors import TacitError
from tacit.library import QUERIES_DIR
from tacit.params import nearest

#: One more than there are processors, so that a long query leaves room, and one more for other addresses.
WORKERS: Final = (os.cpu_count() or 1) + 2
WIKIDATA: Final = "https://query.wikidata.org/sparql"
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
    Setting("threads", 48, "how many requests are in work at once, those whose query waits included"),
    Setting("address_requests", 32, "how many of them may come from one address"),
    Setting("body_limit", 1, "the largest body of a request, in MB"),
    Setting("read_timeout", 10, "seconds for the head of a request, and again for its body"),
    Setting("connections", 4096, "how many connections are open at once; one more hears 503"),
    Setting("address_connections", 1024, "how many of them may come from one address that is no proxy"),
    Setting("proxies", (), "addresses of reverse proxies, whose X-Forwarded-For names the client"),
    Setting("workers", WORKERS, "how many queries run at once, each in a process of its own"),
    Setting("share", 0, "how many of them may be of one address; 0 is all but one"),
    Setting("queue", 32, "how many more queries wait for a worker, at most half of them of one address"),
    Setting("time_limit", 10.0, "seconds that a query may run, and may wait before"),
    Setting("memory_limit", 512, "memory that a query may take beyond the graph, in MB"),
    Setting("answer_limit", 64, "the largest answer to a query, in MB"),
    Setting("cache_mb", 64, "memory for answers that are kept to be given again, in MB; 0 keeps none"),
    Setting("service", (WIKIDATA,), "the endpoints that SERVICE may name; without a value, none"),
    Setting("service_alias", (), "where one of them is really asked, such as a mirror: IRI=ADDRESS"),
    Setting("service_private", (), "hosts among them that may be in a private network"),
    Setting("service_time", 8.0, "seconds that an endpoint of SERVICE has for its answer"),
    Setting("service_cache", 3600.0, "seconds for which its answer is kept and given again; 0 for none"),
    Setting("contact", "https://w3id.org/tacit/", "whom such an endpoint can turn to, in our User-Agent"),
    Setting("engine", "", "the SPARQL 1.1 endpoint to put this server in front of; nothing is then cached"),
    Setting("engine_graphs", (), "what is the data set there, if not all that it has: IRIs of named graphs"),
    Setting("data", (), "RDF files to serve as they are, instead of the built graph"),
    Setting("build", BUILD_DIR, "the folder of built graphs; its file `current` names the one to serve"),
    Setting("public_url", "", "the address by which the world knows this server; else that of each request"),
    Setting("log", "stderr", "where one line per request goes: stderr, or off"),
    Setting("queries", QUERIES_DIR, "the folder of the library's queries"),
)
_MAY_BE_NOTHING: Final = ("share", "queue", "cache_mb", "port", "service_cache")


def complete(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return *config* with the defaults for what it leaves out. Raises TacitError for an unknown setting."""
    defaults = {setting.name: setting.default for setting in SETTINGS}
    for name in config:
        if name not in defaults:
            raise TacitError(f"There is no setting {name}{nearest(name, defaults)}; see server/settings.py.")
    for name, default in defaults.items():
        value = config.get(name, default)
        if isinstance(default, int | float) and (value < 0 or (value == 0 and name not in _MAY_BE_NOTHING)):
            raise TacitError(f"{name} is a number above 0; {value} is not.")
    return {**defaults, **config}


def built_graph(build: Path) -> Path:
    """Return the path of the newest good graph under *build*. Raises TacitError if there is none."""
    current = build / "current"
    if current.is_file():
        graph = build / current.read_text(encoding="utf-8").strip() / "graph.nq"
        if graph.is_file():
            return graph
    raise TacitError("There is no built graph yet: run `tacit build`, or name RDF files with --data.")
