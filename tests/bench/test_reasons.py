"""The times of reasons, beside their limits."""

from bench.reasons import LIMITS, report


def test_a_time_is_shown_with_its_share_of_the_limit() -> None:
    lines = report(dict.fromkeys(LIMITS, 1.5)).splitlines()
    assert len(lines) == len(LIMITS)
    assert lines[0].split()[-6:] == ["1.50", "s", "of", "30", "s", "5%"]
    assert lines[-1].endswith(" 150%")
