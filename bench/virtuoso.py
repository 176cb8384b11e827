"""A Virtuoso of one's own: Debian's package, in a folder that can be thrown away, on loopback only."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

#: Where Debian's package leaves the configuration that ours is a copy of.
INI: Final = Path("/usr/share/virtuoso-opensource-7/virtuoso.ini")
PROGRAM: Final = "virtuoso-t"
#: What a fresh database has, so that no secret is in it.
USER: Final = "dba"
PASSWORD: Final = "dba"  # noqa: S105
_STATE: Final = "/var/lib/virtuoso-opensource-7/db"


def missing() -> str | None:
    """Say what is not installed, or None."""
    if shutil.which(PROGRAM) and shutil.which("isql-vt") and INI.is_file():
        return None
    return "not installed (Debian: apt-get install virtuoso-opensource)"


def command(
    folder: Path, port: int, sql_port: int, *, rows: int = 10_000_000, buffers: int = 100_000
) -> list[str]:
    """Write a configuration into *folder* and return the command that starts on it.

    *rows* is the size beyond which it cuts an answer short; Debian's configuration has 10,000.
    """
    settings: dict[str, dict[str, str | int]] = {
        "Database": {},
        "Parameters": {
            "ServerPort": f"127.0.0.1:{sql_port}",
            "DirsAllowed": f"{folder}, /",
            "NumberOfBuffers": buffers,
            "MaxDirtyBuffers": buffers * 3 // 4,
            "MaxClientConnections": 40,
        },
        "HTTPServer": {"ServerPort": f"127.0.0.1:{port}", "ServerThreads": 40, "MaxKeepAlives": 40},
        "SPARQL": {"ResultSetMaxRows": rows},
    }
    section, lines = "", []
    for line in INI.read_text(encoding="utf-8").replace(_STATE, str(folder)).splitlines():
        if found := re.fullmatch(r"\[(.+)\]", line.strip()):
            section = found[1]
        key = line.partition("=")[0].strip()
        value = settings.get(section, {}).get(key)
        if section == "Plugins" and key.startswith("Load") and key != "LoadPath":
            continue  # renderers of wikis
        lines.append(line if value is None else f"{key} = {value}")
    (folder / "virtuoso.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [PROGRAM, "+foreground", "+wait", "+configfile", str(folder / "virtuoso.ini")]


def sql(sql_port: int, statements: str) -> None:
    """Run SQL *statements*. Raises CalledProcessError."""
    subprocess.run(  # noqa: S603
        ["isql-vt", f"127.0.0.1:{sql_port}", USER, PASSWORD, "ERRORS=STDOUT", f"EXEC={statements}"],  # noqa: S607
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
