"""The other servers: where their programs are, how they are started, how the graph gets into them.

The Python ones live in an environment of their own, so that what they need is no matter of ours.
"""

import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from bench import virtuoso as vt

ROOT: Final = Path(__file__).resolve().parent.parent
#: Made by `make bench` from bench/requirements.lock.
PROGRAMS: Final = ROOT / "build" / "bench" / "venv" / "bin"
#: The version that is compared; it needs Java 17.
FUSEKI: Final = "org.apache.jena:jena-fuseki-server:5.2.0"
_FUSEKI_JAR: Final = ROOT / "build" / "bench" / "fuseki.jar"
_GET: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
#: The standard way to give Fuseki a union of the named graphs as default graph.
_FUSEKI_CONFIG: Final = """\
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
[] a fuseki:Service ; fuseki:name "tacit" ; fuseki:dataset [
    a tdb2:DatasetTDB2 ; tdb2:location "--mem--" ; tdb2:unionDefaultGraph true ] ;
  fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "query" ] ;
  fuseki:endpoint [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] .
"""


class MissingError(Exception):
    """A server that is not compared, and why."""


def program(name: str) -> str:
    """Return the path of *name*; Oxigraph is among our own, for the tests. Raises MissingError."""
    folder = Path(sys.executable).parent if name == "oxigraph" else PROGRAMS
    if (folder / name).is_file():
        return str(folder / name)
    raise MissingError("not installed; `make bench` does that")


def oxigraph(port: int, graph: Path, folder: Path) -> list[str]:
    """Oxigraph's own server, in memory, its default graph the union."""
    return [program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]


def load_oxigraph(port: int, graph: Path, folder: Path) -> None:
    """Send it the quads."""
    _send(port, "/store", graph)


def rdflib_memory(port: int, graph: Path, folder: Path) -> list[str]:
    """rdflib-endpoint over rdflib's own store."""
    return [program("python"), str(ROOT / "bench" / "rdflib_server.py"), str(port), "default", str(graph)]


def rdflib_oxigraph(port: int, graph: Path, folder: Path) -> list[str]:
    """rdflib-endpoint over Oxigraph's store."""
    return [program("python"), str(ROOT / "bench" / "rdflib_server.py"), str(port), "Oxigraph", str(graph)]


def virtuoso(port: int, graph: Path, folder: Path) -> list[str]:
    """Virtuoso; its SQL port is the next one."""
    if why := vt.missing():
        raise MissingError(why)
    return vt.command(folder, port, port + 1)


def load_virtuoso(port: int, graph: Path, folder: Path) -> None:
    """Let it load the file."""
    vt.sql(
        port + 1, f"ld_dir('{graph.parent}', '{graph.name}', 'urn:default'); rdf_loader_run(); checkpoint;"
    )


def fuseki(port: int, graph: Path, folder: Path) -> list[str]:
    """Fuseki, in memory, its default graph the union."""
    java = shutil.which("java")
    if not java:
        raise MissingError("there is no java here")
    (folder / "config.ttl").write_text(_FUSEKI_CONFIG, encoding="utf-8")
    main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    return [
        java,
        "-cp",
        str(_fuseki_jar()),
        main,
        "--localhost",
        "--port",
        str(port),
        "--conf",
        str(folder / "config.ttl"),
    ]


def load_fuseki(port: int, graph: Path, folder: Path) -> None:
    """Send it the quads."""
    _send(port, "/tacit/data", graph)


def _fuseki_jar() -> Path:
    if not _FUSEKI_JAR.is_file():
        maven = shutil.which("mvn")
        if not maven:
            raise MissingError("there is no mvn here, which brings it")
        _FUSEKI_JAR.parent.mkdir(parents=True, exist_ok=True)
        get = [f"{_GET}:copy", f"-Dartifact={FUSEKI}", f"-DoutputDirectory={_FUSEKI_JAR.parent}"]
        try:
            subprocess.run(  # noqa: S603
                [maven, "-B", "-q", *get, "-Dmdep.stripVersion=true"],
                check=True,
                timeout=180,
                capture_output=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise MissingError(f"mvn did not bring it: {error}") from error
        (_FUSEKI_JAR.parent / "jena-fuseki-server.jar").replace(_FUSEKI_JAR)
    return _FUSEKI_JAR


def _send(port: int, path: str, graph: Path) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        with graph.open("rb") as file:
            size = str(graph.stat().st_size)
            head = {"Content-Type": "application/n-quads", "Content-Length": size}
            connection.request("POST", path, file, head)
            answer = connection.getresponse()
            if answer.status >= 300:  # noqa: PLR2004
                raise MissingError(f"it did not take the graph: {answer.status} {answer.read()[:200]!r}")
    finally:
        connection.close()
