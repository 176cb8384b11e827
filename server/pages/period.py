"""Stretches of time as a reader reads them: no more precise, and no more certain, than the data."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = calendar.month_name
_DASH: Final = "\N{EN DASH}"
_MONTH: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?")


@dataclass(frozen=True)
class Period:
    """Four bounds in years; *end_latest* is None where none is given, *still* if the source wrote during it.

    *edtf* has months and days; *date_words* are the source's own; *basis* says whose the years are.
    """

    begin_earliest: int
    begin_latest: int
    end_earliest: int
    end_latest: int | None = None
    still: bool = False
    edtf: str = ""
    date_words: str = ""
    basis: str = ""

    def covers(self, year: int) -> bool | None:
        """Say whether *year* certainly is, or certainly is not, within it; None where that is unknown."""
        if self.begin_latest <= year <= self.end_earliest:
            return True
        if year < self.begin_earliest or (self.end_latest is not None and self.end_latest < year):
            return False
        return None

    @property
    def text(self) -> str:
        """The period in words; what is not known is said."""
        begin, end = self._begin, self._end
        if self.end_latest is None:
            if self.still:
                same = (self.begin_latest, self.begin_earliest) == (self.end_earliest,) * 2
                return f"{begin}, the time of writing" if same else f"from {begin}, still so in {end}"
            least = f" at least to {end}," if self.end_earliest > self.begin_latest else ""
            return f"from {begin},{least} no end given"
        if (self.begin_earliest, self.begin_latest) == (self.end_earliest, self.end_latest):
            return begin if self.begin_earliest == self.begin_latest else f"some time {begin}"
        return f"{begin} to {end}" if self.begin_earliest == self.begin_latest else f"from {begin} to {end}"

    @property
    def short(self) -> str:
        """The years alone; a slash is between two bounds, and a dash that ends it leads to no end."""
        begin = _slashed(self.begin_earliest, self.begin_latest)
        if self.end_latest is None:
            return f"{begin}{_DASH}"
        end = _slashed(self.end_earliest, self.end_latest)
        return begin if begin == end else f"{begin}{_DASH}{end}"

    @property
    def note(self) -> str:
        """The source's own words for the time, and whose the years are, where they are not its own."""
        basis = {
            "OutsideKnowledge": "the source gives no year; these are ours",
            "FromEra": "years of an era that the source names",
            "Computed": "years computed from what the source says",
        }.get(self.basis, "")
        words = f"“{self.date_words}”" if self.date_words else ""
        return "; ".join(part for part in (words, basis) if part)

    @property
    def _begin(self) -> str:
        return self._dated(0) or _range(self.begin_earliest, self.begin_latest)

    @property
    def _end(self) -> str:
        latest = self.end_earliest if self.end_latest is None else self.end_latest
        return self._dated(1) or _range(self.end_earliest, latest)

    def _dated(self, part: int) -> str:
        """Return what EDTF says of the begin (0) or the end (1), if it has a month there."""
        parts = self.edtf.split("/")
        return _date(parts[min(part, len(parts) - 1)])


def period(facts: Mapping[str, str]) -> Period | None:
    """Return the period in *facts*, values by the local names of our properties; None if there is none."""
    try:
        begin_earliest, begin_latest, end_earliest = (
            int(facts[name]) for name in ("beginEarliest", "beginLatest", "endEarliest")
        )
        end_latest = int(facts["endLatest"]) if "endLatest" in facts else None
    except (KeyError, ValueError):
        return None
    return Period(
        begin_earliest,
        begin_latest,
        end_earliest,
        end_latest,
        facts.get("endOpen") == "true",
        facts.get("edtf", ""),
        facts.get("dateWords", ""),
        facts.get("boundsBasis", "").rpartition("#")[2],
    )


def in_words(edtf: str) -> str:
    """Return a date or a stretch of time in EDTF as a reader says it."""
    begin, stroke, end = edtf.partition("/")
    if not stroke:
        first, dots, last = edtf.strip("[]").partition("..")
        return f"some time {_range_of(first, last)}" if dots else _about(edtf)
    begin = f"from {_about(begin)}" if begin else "no begin given"
    if end in ("", ".."):
        return f"{begin}, {'still so' if end else 'no end given'}"
    return f"{begin} to {_about(end)}"


def _about(date: str) -> str:
    told = date.rstrip("~")
    return f"{'about ' if told != date else ''}{_date(told) or told}"


def _date(date: str) -> str:
    """Return *date* in words if it has a month, or nothing."""
    found = _MONTH.fullmatch(date)
    if found is None or not 1 <= int(found["month"]) < len(_MONTHS):
        return ""
    day = f"{int(found['day'])} " if found["day"] else ""
    return f"{day}{_MONTHS[int(found['month'])]} {found['year']}"


def _range_of(first: str, last: str) -> str:
    return f"between {_about(first)} and {_about(last)}"


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"between {first} and {last}"


def _slashed(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}/{last}"
