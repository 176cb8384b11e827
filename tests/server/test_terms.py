"""The pages of terms: what they mean, what they are made of, how often they are used."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient


def term(site: FlaskClient, page: str, name: str) -> str:
    told = html.unescape(site.get(f"/{page}.html").text)
    return told.partition(f'<section class="term" id="{name}">')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("page", "name", "uses"),
    [
        ("ontology", "Tie", "16 members"),
        ("ontology", "InterstateTie", "14 members"),
        ("ontology", "party", "39 statements"),
        ("ontology", "Holds", "285 mentions"),
        ("definition", "AllButName2020", "1 member"),
        ("definition", "DefencePledged", "14 members"),
    ],
)
def test_a_term_says_how_often_it_is_used_with_a_query_that_finds_as_many(
    site: FlaskClient, page: str, name: str, uses: str
) -> None:
    link = re.search(rf'<a href="([^"]+)">{uses}</a>', term(site, page, name))
    assert link is not None, term(site, page, name)
    query = parse_qs(urlsplit(link[1]).query)["query"][0]
    rows = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    assert len(rows) == int(uses.split(maxsplit=1)[0])


def test_a_term_that_the_data_do_not_use_says_so(site: FlaskClient) -> None:
    assert "not used in the data" in term(site, "ontology", "JointStatement")
    assert "not used in the data" not in term(site, "ontology", "Treaty")


def test_a_term_leads_to_the_questions_that_name_it(site: FlaskClient) -> None:
    link = re.search(r'<a href="/queries/([^"]+)">', term(site, "ontology", "excludes"))
    assert link is not None
    assert "tacit:excludes" in site.get(f"/queries/{link[1]}.rq").text


def test_classes_are_told_in_a_line(site: FlaskClient) -> None:
    def plain(name: str) -> str:
        return re.sub(r"<[^>]+>", "", term(site, "definition", name))

    assert "met by has finding some (has provision some defence pledge)" in plain("DefencePledged")
    assert "met by portrays some tie between states" in plain("BetweenStates")
    assert "is the same as: portrayal and between states and defence pledged" in plain("AtopDefence")


def test_the_contents_are_a_tree_with_an_entry_for_every_term(site: FlaskClient) -> None:
    for page in ("/ontology.html", "/definition.html"):
        told = site.get(page).text
        contents = told.partition('aria-label="Contents"')[2].partition("</nav>")[0]
        anchors = set(re.findall(r'<section class="term" id="(\w+)"', told))
        assert set(re.findall(r'href="#(\w+)"', contents)) == anchors
    actors = site.get("/ontology.html").text.partition('<a href="#PoliticalActor">')[2]
    assert '<li><a href="#State">' in actors.partition("</ul>")[0]


def test_definitions_and_conditions_lead_to_their_pages(site: FlaskClient) -> None:
    assert 'href="/definitions/Walt1987"' in term(site, "definition", "Walt1987")
    assert 'href="/workbench?condition=Assured"' in term(site, "definition", "Assured")
