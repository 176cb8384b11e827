"""The settings of the limits: one table, documented as it is, and each of them does what it says."""

import json
import re
from pathlib import Path

import pytest

from server.errors import PROBLEMS
from server.limits import crashed, out_of_memory, out_of_time, too_large
from server.settings import SETTINGS, complete
from tacit.engine import TooLargeError, evaluate, load_files
from tacit.errors import TacitError
from tests.server.live import NEVER_ENDS, TOO_MUCH, TRIPLES, post, serving

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "settings.md"


def test_the_documented_settings_are_those_that_there_are() -> None:
    rows = re.findall(r"^\| `--([\w-]+)` \| (.*?) \| (.*?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.M)
    assert [(name.replace("-", "_"), what) for name, _, what in rows] == [(s.name, s.help) for s in SETTINGS]
    shown = {name.replace("-", "_"): default for name, default, _ in rows}
    for setting in SETTINGS:
        if setting.name == "workers":
            assert shown["workers"] == "processors + 2"
        elif isinstance(setting.default, tuple):
            assert shown[setting.name] == (", ".join(f"`{value}`" for value in setting.default) or "none")
        elif isinstance(setting.default, Path):
            assert shown[setting.name] == f"`{setting.default.relative_to(ROOT)}`"
        else:
            assert shown[setting.name] == (f"`{setting.default}`" if setting.default != "" else "none")


@pytest.mark.parametrize("name", ["workers", "time_limit", "memory_limit", "answer_limit", "body_limit"])
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_of_nothing_is_refused(name: str, value: int) -> None:
    with pytest.raises(TacitError, match=f"{name} is a number above 0"):
        complete({name: value})


def test_every_limit_is_a_problem_with_its_status_and_says_what_to_do() -> None:
    errors = [out_of_time(3), out_of_memory(4), too_large(5), crashed("SIGSEGV")]
    assert [PROBLEMS[error.name][0] for error in errors] == [504, 507, 507, 507]
    for error, number in zip(errors[:3], "345", strict=True):
        assert f" {number} " in str(error)
    assert all(str(error).endswith(".") for error in errors)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_is_whole_or_an_error(tmp_path: Path, query: str) -> None:
    path = tmp_path / "data.nt"
    path.write_text(TRIPLES, encoding="utf-8")
    store = load_files([path])
    whole = len(evaluate(store, query).body)
    assert len(evaluate(store, query, most_bytes=whole + 2000).body) == whole
    with pytest.raises(TooLargeError):
        evaluate(store, query, most_bytes=whole // 2)


def test_a_page_is_given_as_many_solutions_as_it_shows_and_their_number(tmp_path: Path) -> None:
    path = tmp_path / "data.nt"
    path.write_text(TRIPLES, encoding="utf-8")
    store = load_files([path])
    whole = json.loads(evaluate(store, "SELECT * { ?s ?p ?o }").body)["results"]["bindings"]
    part = json.loads(evaluate(store, "SELECT * { ?s ?p ?o }", most_rows=3).body)
    assert part["results"] == {"bindings": whole[:3], "total": len(whole)}
    assert json.loads(evaluate(store, "ASK { ?s ?p ?o }", most_rows=3).body)["boolean"] is True


def test_the_limits_of_the_command_line_are_obeyed() -> None:
    options = ("--time-limit", "1", "--memory-limit", "48", "--answer-limit", "1", "--body-limit", "2")
    with serving(*options, "--log", "off") as server:
        timeout = server.ask(NEVER_ENDS)
        assert timeout.status == 504
        assert 1 <= timeout.seconds < 2
        assert b"1 seconds" in timeout.body
        large = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }")
        assert large.status == 507
        assert b"1 MB" in large.body
        memory = server.ask(TOO_MUCH)
        assert memory.status == 507
        assert b"48 MB" in memory.body
        assert server.ask("ASK {} #" + "a" * 1_900_000).status == 200
        assert server.raw(post("ASK {} #" + "a" * 2_200_000)).status == 413
