"""Stretches of years, as far as their sources say when they began and ended."""

from dataclasses import dataclass

from server.rdf import Row


@dataclass(frozen=True)
class Span:
    """A stretch of years with its bounds; without *end_latest* nobody says when, or whether, it ended."""

    begin_earliest: int
    begin_latest: int
    end_earliest: int
    end_latest: int | None
    open: bool
    edtf: str = ""

    def covers(self, year: int) -> bool | None:
        """Return whether *year* certainly is, or certainly is not, within it; None where that is unknown."""
        if self.begin_latest <= year <= self.end_earliest:
            return True
        if year < self.begin_earliest or (self.end_latest is not None and self.end_latest < year):
            return False
        return None

    def __str__(self) -> str:
        """Return it in words: ``1977 to between 1989 and 1991``."""
        begin, end = _either(self.begin_earliest, self.begin_latest), ""
        if self.open:
            end = f", still so in {self.end_earliest}"
        elif self.end_latest is None:
            end = f" to at least {self.end_earliest}" if self.end_earliest != self.begin_latest else ""
            end += ", no word on the end"
        elif (self.begin_earliest, self.begin_latest) != (self.end_earliest, self.end_latest):
            end = f" to {_either(self.end_earliest, self.end_latest)}"
        return begin + end

    @classmethod
    def of(cls, row: Row) -> "Span | None":
        """Return the span that a solution of a query has under the names of the properties, or None."""
        if "begin_earliest" not in row:
            return None
        begin_earliest, begin_latest, end_earliest = (
            int(row[name]["value"]) for name in ("begin_earliest", "begin_latest", "end_earliest")
        )
        return cls(
            begin_earliest,
            begin_latest,
            end_earliest,
            int(row["end_latest"]["value"]) if "end_latest" in row else None,
            row.get("open", {}).get("value") in ("true", "1"),
            row.get("edtf", {}).get("value", ""),
        )


def _either(earliest: int, latest: int) -> str:
    return str(earliest) if earliest == latest else f"between {earliest} and {latest}"
