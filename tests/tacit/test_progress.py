import io
import re
import time

import pytest

from tacit.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_each_stage_is_one_plain_line() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for name in ("load", "check"):
        with progress.stage(name):
            pass
    assert re.fullmatch(r"load +0\.0 s\ncheck +0\.0 s\n", stream.getvalue())


def test_on_a_terminal_the_seconds_run() -> None:
    stream = Terminal()
    with Progress(stream).stage("close"):
        time.sleep(0.35)
    lines = re.split(r"[\r\n]", stream.getvalue())
    assert len(lines) >= 3
    assert re.fullmatch(r"close +0\.[34] s *", lines[-2])


def test_a_stage_that_fails_says_so() -> None:
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError), Progress(stream).stage("check"):
        _ = 1 / 0
    assert re.fullmatch(r"check +0\.0 s failed\n", stream.getvalue())
