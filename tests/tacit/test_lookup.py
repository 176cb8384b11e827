# ruff: noqa: RUF001  # labels of ties have dashes
import pytest
from rdflib.term import Node

from tacit.lookup import UnknownNameError, find
from tacit.names import DEF, ID

TIES: dict[Node, list[str]] = {
    ID["tie-laos-vietnam"]: ["Laos–Vietnam", "Vietnam–Laos"],
    ID["tie-soviet-vietnam"]: ["Soviet Union/Russia–Vietnam", "Vietnam–Russia"],
    ID["tie-israel-united-states"]: ["United States–Israel"],
}


@pytest.mark.parametrize(
    "name",
    [
        *("id:tie-laos-vietnam", "tie-laos-vietnam", "laos-vietnam", str(ID["tie-laos-vietnam"])),
        *("Vietnam–Laos", "Laos-Vietnam", "vietnam laos", "Laos and Vietnam", "tie-vietnam-laos"),
    ],
)
def test_a_tie_has_many_names(name: str) -> None:
    assert find("tie", TIES, name) == ID["tie-laos-vietnam"]


@pytest.mark.parametrize("name", ["US–Israel", "israel and the usa"])
def test_the_united_states_have_short_names(name: str) -> None:
    assert find("tie", TIES, name) == ID["tie-israel-united-states"]


@pytest.mark.parametrize("name", ["003", "article 003", "id:article-003", "Article 003: Sole ally"])
def test_an_article_is_known_by_its_number(name: str) -> None:
    articles: dict[Node, list[str]] = {
        ID["article-003"]: ["Article 003: Sole ally", "003"],
        ID["article-000"]: ["Reply", "000"],
    }
    assert find("source", articles, name) == ID["article-003"]


def test_an_exact_name_wins_over_the_same_words() -> None:
    things: dict[Node, list[str]] = {
        DEF.DefencePledged: ["defence pledged"],
        DEF["pledged-defence"]: [],
    }
    assert find("condition", things, "defence pledged") == DEF.DefencePledged


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("tie-laos-vietnm", r"did you mean tie-laos-vietnam"),
        ("id:tie-laos-vietnm", r"did you mean tie-laos-vietnam"),
        ("Vietnam–Lao", r"did you mean Vietnam–Laos"),
        ("xyz", r"choose from tie-laos-vietnam, tie-soviet-vietnam, tie-israel-united-states"),
    ],
)
def test_an_unknown_name_brings_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"There is no tie called {name} .{near}"):
        find("tie", TIES, name)


def test_a_name_of_several_things_brings_them_all() -> None:
    things: dict[Node, list[str]] = {ID.a: ["China–Laos"], ID.b: ["Laos and China"]}
    with pytest.raises(UnknownNameError, match=r"laos china can be a or b: name one"):
        find("tie", things, "laos china")


@pytest.mark.parametrize("name", ["", "and", "–"])
def test_no_name_means_nothing(name: str) -> None:
    with pytest.raises(UnknownNameError):
        find("tie", TIES, name)
