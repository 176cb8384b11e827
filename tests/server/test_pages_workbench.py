"""The workbench: conditions chosen, judged at once, kept in the address; as OWL and as SPARQL."""

import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, Graph, URIRef

from server import create_app
from tacit.derive import derive
from tacit.files import Project
from tacit.names import DEF, ID, TACIT
from tacit.reason import consequences, premises
from tests.server.conftest import BROWSER

PUBLISHED = {
    "ReplyUsualAlliance": ["BetweenStates", "DefencePledged"],
    "AllButName2020": [
        "NoAllianceClause",
        "DefenceCooperationAgreed",
        "PracticeObserved",
        "OfficiallyDescribedAsPact",
    ],
    "ReplyInformalAlliance": ["BetweenStates", "NoDefenceTreaty", "ProtectionOrCollaboration"],
    "CowTypeII": ["BetweenStates", "NeutralityOrNonAggression"],
}
OWN = ["CrisisConsultationPledged", "MeasuresOnAttackAgreed"]


def address(*conditions: str, path: str = "/workbench", **parameters: str) -> str:
    return f"{path}?{urlencode([*parameters.items(), *(('condition', c) for c in conditions)])}"


def page(site: FlaskClient, *conditions: str, at: str = "", **parameters: str) -> str:
    """Return the page with dashes as hyphens."""
    answer = site.get(at or address(*conditions, **parameters), headers={"Accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text).replace("\N{EN DASH}", "-")


def holding(site: FlaskClient, query: str) -> set[str]:
    rows = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    return {row["portrayal"]["value"] for row in rows}


def of_sparql(site: FlaskClient, *conditions: str) -> set[str]:
    return holding(site, site.get(address(*conditions, path="/workbench.rq", name="x\n} #")).text)


@pytest.fixture(scope="module")
def members(site: FlaskClient) -> dict[str, set[str]]:
    """Return by the conditions of a definition its members, as the reasoner infers them from its Turtle."""
    union = Project().union()
    for triple in derive(union):
        union.add(triple)
    names = {}
    for conditions in (*PUBLISHED.values(), OWN):
        turtle = Graph().parse(
            data=site.get(address(*conditions, path="/workbench.ttl")).text, format="turtle"
        )
        (name,) = turtle.subjects(RDF.type, TACIT.Definition)
        names[name] = " ".join(conditions)
        union += turtle
    found: dict[str, set[str]] = {conditions: set() for conditions in names.values()}
    for s, p, o in consequences(premises(union)):
        if p == RDF.type and o in names:
            found[names[o]].add(str(s))
    return found


@pytest.mark.parametrize("published", PUBLISHED)
def test_the_owl_and_the_query_of_the_same_conditions_find_what_the_published_definition_holds_for(
    site: FlaskClient, members: dict[str, set[str]], published: str
) -> None:
    expected = holding(site, f"SELECT ?portrayal {{ ?portrayal a <{DEF[published]}> }}")
    assert expected
    assert members[" ".join(PUBLISHED[published])] == expected
    assert of_sparql(site, *PUBLISHED[published]) == expected


def test_the_owl_and_the_query_of_a_new_definition_find_what_the_page_says_that_it_holds_for(
    site: FlaskClient, members: dict[str, set[str]]
) -> None:
    found = {f"{ID}portrayal-000-soviet-vietnam", f"{ID}portrayal-000-soviet-vietnam-reading"}
    assert members[" ".join(OWN)] == of_sparql(site, *OWN) == found
    told = page(site, *OWN)
    assert "Holds for 2 portrayals</strong> of 89, of 1 tie;" in told
    shown = re.findall(r'class="chip alliance">.*?holds</span>\s*(.*?)</summary>', told)
    assert shown == [
        "Soviet Union-Vietnam in article 000, from 1978",
        "Soviet Union-Vietnam in article 000, from 1978, as its verdict implies",
    ]


def test_a_definition_is_written_as_the_ontology_writes_its_own(site: FlaskClient) -> None:
    turtle = site.get(address("DefencePledged", "BetweenStates", path="/workbench.ttl", outcome="formal"))
    assert turtle.mimetype == "text/turtle"
    members = "( tacit:Portrayal def:BetweenStates def:DefencePledged )"
    assert f"owl:equivalentClass [ a owl:Class ; owl:intersectionOf {members} ]" in turtle.text
    assert "rdfs:subClassOf tacit:FormalOutcome" in turtle.text


def test_the_name_of_a_definition_cannot_break_out(site: FlaskClient) -> None:
    name = 'x"@en . <urn:a> <urn:b> "<script>'
    graph = Graph().parse(
        data=site.get(address("Assured", path="/workbench.ttl", name=name)).text, format="turtle"
    )
    assert [str(s) for s in graph.subjects() if isinstance(s, URIRef)].count("urn:a") == 0
    assert name in map(str, graph.objects())
    answer = site.get(address("Assured", name=name), headers={"Accept": BROWSER}).text
    assert "&lt;script&gt;" in answer
    assert "<script>" not in answer


def test_without_a_condition_the_page_says_what_to_do(site: FlaskClient) -> None:
    told = page(site)
    assert "Check one condition or more" in told
    assert "Holds for" not in told
    assert told.count('type="checkbox"') == 25
    for suffix in (".ttl", ".rq"):
        answer = site.get(f"/workbench{suffix}")
        assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")


def test_two_ties_are_told_apart_by_what_the_one_meets_and_the_other_never_does(site: FlaskClient) -> None:
    goal = {"holds": "tie-soviet-vietnam", "fails": "tie-laos-vietnam"}
    told = page(site, **goal)
    offered = re.findall(r'data-conditions="([^"]+)"', told)
    assert {"CrisisConsultationPledged", "MeasuresOnAttackAgreed"} <= set(offered)
    # 003 reports a commitment in the treaty of Laos and Vietnam; nobody a pact of the other's officials
    assert not {"TreatyBound", "PracticeObserved", "OfficiallyDescribedAsPact", "BetweenStates"} & set(
        offered
    )
    link = re.search(r'<a href="([^"]+)" data-conditions="CrisisConsultationPledged"', told)
    assert link is not None
    reached = page(site, at=link[1])
    assert "Soviet Union/Russia-Vietnam: it holds in 7 portrayals of 19." in reached
    assert "Laos-Vietnam: it does not hold: contradicted in 1, silent in 9." in reached
    assert '<p class="missed">' in page(site, "PracticeObserved", **goal)


def test_ties_that_only_a_pair_of_conditions_tells_apart_are_told_apart_by_it(site: FlaskClient) -> None:
    told = page(site, holds="tie-laos-vietnam", fails="tie-laos-vietnam")
    assert "Choose two different ties." in told
    told = page(site, holds="tie-australia-vietnam", fails="tie-soviet-vietnam")
    assert "No condition, and no two of them" in told


def test_each_portrayal_says_why_with_claims_and_silence_is_no_denial(site: FlaskClient) -> None:
    told = page(site, "BetweenStates", "CrisisConsultationPledged")
    tie = told.partition(">Laos-Vietnam</a>")[2].partition("</section>")[0]
    assert "contradicted in 1, silent in 9" in tie
    contradicted = tie.partition("Laos and Vietnam in ATOP, 1992-2018")[2].partition("</details>")[0]
    assert "against <strong>crisis consultation pledged</strong>" in contradicted
    assert re.search(r'<a href="/id/claim-atop-[^"]+">ATOP', contradicted)
    assert "Laos-Vietnam in article 001, since 1977: nothing on crisis consultation pledged" in tie
    assert "Laos and Vietnam in COW, 1977-2012: looked up, and not listed" in tie
    held = told.partition("Soviet Union-Vietnam in article 000, from 1978")[2].partition("</details>")[0]
    assert re.search(r"<strong>crisis consultation pledged</strong>:.*?>000 ¶ \d+", held, re.DOTALL)
    assert "by the parties of the tie" in held


def test_ties_for_which_it_holds_come_first(site: FlaskClient) -> None:
    told = page(site, *PUBLISHED["AllButName2020"])
    told = told.partition("Tie by tie")[2]
    ties = re.findall(r'<a href="/id/(tie-[^"]+)"', told)
    assert ties[0] == "tie-laos-vietnam"
    assert len(ties) == len(set(ties)) == 15


def test_a_comparison_names_what_is_gained_and_lost(site: FlaskClient) -> None:
    told = page(
        site, "BetweenStates", "DefencePledged", "MeasuresOnAttackAgreed", compare="ReplyTrueAsApplied"
    )
    assert "Gained" not in told
    lost = told.partition("Lost: that holds, this does not")[2].partition("</details>")[0]
    assert "China-North Korea in article 000: holds → silent" in lost
    assert "Soviet Union-Vietnam in article 000, from 1978: holds → silent" in lost
    wider = page(site, "BetweenStates", "ObligedOnAttack", compare="ReplyUsualAlliance")
    gained = wider.partition("Gained: this holds, that does not")[2].partition("</details>")[0]
    assert re.findall(r"<li>(.*?)</li>", gained) == [
        "Soviet Union-Vietnam in article 000, from 1978: silent → holds"
    ]


@pytest.mark.parametrize("published", PUBLISHED)
def test_a_published_definition_is_a_start(site: FlaskClient, published: str) -> None:
    answer = site.get(f"/workbench?from={published}&condition=Assured&holds=tie-laos-vietnam")
    assert answer.status_code == 303
    assert "holds=tie-laos-vietnam" in answer.headers["Location"]
    told = page(site, at=answer.headers["Location"])
    checked = re.findall(r'value="(\w+)" aria-describedby="[^"]+" checked', told)
    assert sorted(checked) == sorted(PUBLISHED[published])
    assert "The same result for every portrayal." in told


def test_the_permanent_link_gives_the_same_page(site: FlaskClient) -> None:
    first = site.get(
        address("TreatyBound", "Assured", name=" Mine  é ", outcome="informal", compare="", holds=""),
        headers={"Accept": BROWSER},
    ).text
    link = re.search(r'rel="bookmark" href="([^"]+)"', first)
    assert link is not None
    assert site.get(html.unescape(link[1]), headers={"Accept": BROWSER}).text == first
    assert 'value="Mine é"' in first


def test_choices_that_rule_each_other_out_or_add_nothing_get_a_sentence(site: FlaskClient) -> None:
    told = page(site, "TreatyBound", "NoDefenceTreaty")
    assert "“bound by treaty” and “no defence treaty” rule each other out" in told
    assert "adds nothing" not in told
    # a pledge of defence is a military commitment, so that it rules out the lack of one, too
    assert "“mutual defence pledged” and “no defence treaty” rule" in page(
        site, "MutualDefencePledged", "NoDefenceTreaty"
    )
    told = page(site, "DefencePledged", "MutualDefencePledged", "AtopObligation")
    assert "“defence pledged” adds nothing: whatever meets “mutual defence pledged” meets it, too." in told
    assert "“obligation counted by ATOP” adds nothing" in told
    assert "“mutual defence pledged” adds nothing" not in told
    assert "Note:" not in page(site, *PUBLISHED["AllButName2020"])


@pytest.mark.parametrize(
    ("query", "parameter", "near"),
    [
        ("condition=DefensePledged", "condition", "DefencePledged"),
        ("condition=ReplyUsualAlliance", "condition", ""),
        ("compare=ReplyUsual", "compare", "ReplyUsualAlliance"),
        ("from=Walt1978", "from", "Walt1987"),
        ("holds=tie-laos-vitnam", "holds", "tie-laos-vietnam"),
        ("outcome=formall", "outcome", "formal"),
        ("conditon=Assured", "conditon", "condition"),
        ("name=a&name=b", "name", "once"),
        ("name=" + "x" * 81, "name", "80"),
        ("name=%00", "name", "printed"),
        ("condition=%00%22%3E", "condition", ""),
    ],
)
def test_what_is_unknown_is_told_with_what_is_near(
    site: FlaskClient, query: str, parameter: str, near: str
) -> None:
    answer = site.get(f"/workbench?{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")
    assert answer.get_json()["parameter"] == parameter
    assert near in answer.get_json()["detail"]


def test_the_longest_page_is_no_burden(site: FlaskClient) -> None:
    for condition in ("SecurityArrangement", "NeutralityPledged"):
        told = page(site, condition, compare="Walt1987", holds="tie-soviet-vietnam", fails="tie-laos-vietnam")
        assert len(told.encode()) < 100_000


def test_other_data_have_no_conditions(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    assert "The data has no conditions" in client.get("/workbench").text
    assert client.get("/workbench?condition=Assured").status_code == 400
    assert "The data has no definitions" in client.get("/definitions").text
    assert client.get("/definitions/Walt1987").status_code == 404
