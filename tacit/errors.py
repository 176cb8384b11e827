"""What can go wrong by a user's hand. Each error is a sentence that says what to do."""

from dataclasses import dataclass
from pathlib import Path


class TacitError(Exception):
    """A fault in the input, told in one sentence; the command line prints it and exits with 1."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file.

    *rule* is the stable name of what was broken, *entity* the prefixed name of the thing concerned (or ""),
    *line* counts from 1 and is 0 where no line can be named.
    """

    file: Path
    line: int
    entity: str
    rule: str
    message: str
    cure: str = ""

    def __str__(self) -> str:
        """Return the fault as ``file:line: entity: message (rule) cure``."""
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        entity = f" {self.entity}:" if self.entity else ""
        cure = f" {self.cure}" if self.cure else ""
        return f"{where}:{entity} {self.message} [{self.rule}]{cure}"


class FaultsError(TacitError):
    """Some files are at fault; nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class QuerySyntaxError(TacitError):
    """A query that does not parse: *line* and *column* count from 1, *text* is the line itself."""

    def __init__(self, message: str, line: int, column: int, text: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}\n  {text}\n  {' ' * (column - 1)}^")
        self.message, self.line, self.column, self.text = message, line, column, text

    def __reduce__(self) -> tuple[type, tuple[str, int, int, str]]:
        """Let the error cross from one process to another; an exception is rebuilt from its arguments."""
        return type(self), (self.message, self.line, self.column, self.text)
