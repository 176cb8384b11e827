"""SECURITY.md names files and tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+?) \| `(test_\w+)` \|$", TEXT, re.MULTILINE)


def test_each_line_has_a_test_that_exists() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(ROWS) > 30
    assert TEXT.count("\n| ") - 1 == len(ROWS)  # but for the head of the table
    assert [name for _, _, name in ROWS if f"def {name}(" not in tests] == []


def test_each_line_names_a_place_that_exists() -> None:
    places = {place for _, where, _ in ROWS for place in re.findall(r"`([^`]+)`", where)}
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []
