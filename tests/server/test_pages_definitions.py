"""The pages of definitions: whose, by which conditions, from which claims, and what they hold for."""

import html
import re
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from rdflib import OWL, Graph
from rdflib.collection import Collection

from tacit.names import DEF, ID, TACIT


def rows(site: FlaskClient, query: str) -> list[dict[str, str]]:
    found = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def page(site: FlaskClient, path: str) -> str:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text
    assert len(answer.data) < 100_000
    return html.unescape(answer.text).replace("\N{EN DASH}", "-")


def test_the_list_has_every_definition_with_as_many_cells_as_the_reasoner_finds(site: FlaskClient) -> None:
    told = page(site, "/definitions")
    listed = {
        name: tuple(map(int, re.findall(r'<td class="number">(\d+)', row)))
        for name, row in re.findall(r'href="/definitions/(\w+)">(.*?)</tr>', told, re.DOTALL)
    }
    assert len(listed) == 19
    inferred = rows(
        site, f"SELECT ?d (COUNT(?p) AS ?n) {{ ?d a <{TACIT.Definition}> . ?p a ?d }} GROUP BY ?d"
    )
    assert {row["d"].partition("#")[2]: int(row["n"]) for row in inferred} == {
        name: counts[0] for name, counts in listed.items()
    }
    assert {sum(counts) for counts in listed.values()} == {89}


def test_the_list_says_whose_they_are_and_how_we_have_them(site: FlaskClient) -> None:
    told = page(site, "/definitions")
    necessary = told.partition("Necessary test passed")[2]
    row = necessary.partition("/definitions/Vu2021TreatyBound")[2].partition("</tr>")[0]
    assert "attributed to the author by an opponent" in row
    assert 'href="/id/khang-vu"' in row
    assert 'href="/definition#TreatyBound"' in row
    assert "/definitions/Walt1987" not in told.partition("Informal alliance")[0]


def test_the_data_of_the_list_are_the_definitions(site: FlaskClient) -> None:
    found = re.search(r'<a href="([^"]+)">Turtle</a>', page(site, "/definitions"))
    assert found is not None
    graph = Graph().parse(data=site.get(found[1]).text, format="turtle")
    assert len(set(graph.subjects(OWL.equivalentClass))) == 19


def test_a_definition_has_its_words_its_conditions_and_its_claims(site: FlaskClient) -> None:
    told = page(site, "/definitions/AllButName2020")
    assert "<h1>alliance in all but name (003)</h1>" in told
    assert "reconstructed by us" in told
    for condition in ("NoAllianceClause", "DefenceCooperationAgreed", "PracticeObserved"):
        assert f'href="/definition#{condition}"' in told
    described = told.partition("officially described as a pact")[2].partition("</section>")[0]
    assert 'href="/ontology#OfficialPactDescription"' in described
    assert 'href="/ontology#NotDescribedAsPactFound"' in described
    ruled_out = told.partition(">no alliance clause</a></h3>")[2].partition("</section>")[0]
    assert 'href="/definition#DefencePledged"' in ruled_out
    origin = told.partition("Where it comes from")[2].partition("<h2>")[0]
    assert origin.count('class="claim"') == 4
    assert 'href="/id/claim-003-pact-2015"' in origin
    assert 'href="/workbench?from=AllButName2020"' in told


def test_a_stronger_condition_is_negated_by_what_negates_the_weaker(site: FlaskClient) -> None:
    told = page(site, "/definitions/ReplyTrueAlliance")
    negated = told.partition(">unequivocal guarantee</a></h3>")[2].partition("</section>")[0]
    assert 'href="/ontology#NoDefenceGuaranteeFound"' in negated
    assert 'href="/ontology#DefenceCodedZero"' in negated
    weaker = page(site, "/definitions/ReplyUsualAlliance").partition(">defence pledged</a></h3>")[2]
    assert "DefenceCodedZero" in weaker.partition("</section>")[0]
    assert "NoDefenceGuaranteeFound" not in weaker


def test_definitions_of_the_same_conditions_and_of_a_kind_are_linked(site: FlaskClient) -> None:
    told = page(site, "/definitions/AtopDefence")
    same = told.partition("<dt>asks for the same</dt>")[2].partition("</dd>")[0]
    assert re.findall(r"/definitions/(\w+)", same) == ["ReplyUsualAlliance"]
    assert re.findall(
        r"/definitions/(\w+)", told.partition("<dt>a kind of</dt>")[2].partition("</dd>")[0]
    ) == ["AtopAlliance"]
    kinds = page(site, "/definitions/AtopAlliance").partition("<dt>its kinds</dt>")[2].partition("</dd>")[0]
    assert len(re.findall(r"/definitions/(\w+)", kinds)) == 5


def test_what_it_holds_for_is_told_tie_by_tie_with_a_link_to_why(site: FlaskClient) -> None:
    told = page(site, "/definitions/AllButName2020").partition("What it holds for")[2]
    assert "Holds for 1 portrayal, contradicted for 16, and silent for 72." in told
    first = told.partition("<section")[2].partition("</section>")[0]
    assert 'href="/explain/tie-laos-vietnam?definition=AllButName2020"' in first
    assert re.findall(r'class="chip all-but-name">.*?holds</span> (.*?)</li>', first) == [
        "Laos-Vietnam in article 003, since the Cold War"
    ]
    silent = re.search(r'class="chip silent">.*?silent</span> (.*?)</li>', first)
    assert silent is not None
    assert "Laos-Vietnam in article 004, from the treaty of July 1977" in silent[1]


def test_a_necessary_test_is_passed_or_failed_and_makes_no_alliance(site: FlaskClient) -> None:
    told = page(site, "/definitions/Vu2021CloseCollaboration")
    assert "passing it makes no alliance" in told
    assert "Passed for 6 portrayals, failed for 1," in told
    assert ">holds<" not in told
    assert "attributed" not in told.partition("<dt>how we have it</dt>")[2].partition("</dd>")[0]


def test_the_data_behind_a_definition_are_its_own_triples_and_its_cells(site: FlaskClient) -> None:
    told = page(site, "/definitions/ReplyInformalAlliance")
    turtle = re.search(r'<a href="([^"]+)">Turtle</a>', told)
    query = re.search(r'<a href="([^"]+)">The query</a>', told)
    assert turtle is not None
    assert query is not None
    graph = Graph().parse(data=site.get(turtle[1]).text, format="turtle")
    (members,) = graph.objects(DEF.ReplyInformalAlliance, OWL.equivalentClass / OWL.intersectionOf)
    assert set(Collection(graph, members)) == {
        TACIT.Portrayal,
        DEF.BetweenStates,
        DEF.NoDefenceTreaty,
        DEF.ProtectionOrCollaboration,
    }
    cells = rows(site, parse_qs(urlsplit(query[1]).query)["query"][0])
    held = {row["portrayal"] for row in cells if row["result"] == str(TACIT.Holds)}
    assert held == {f"{ID}portrayal-000-israel-united-states", f"{ID}portrayal-000-taiwan-united-states"}
    assert len(cells) == 89


def test_each_link_to_where_a_condition_is_met_finds_something(site: FlaskClient) -> None:
    told = page(site, "/definitions/ReplyInformalAlliance")
    links = re.findall(r'<a href="(/queries/definitions/what-meets-condition[^"]+)">', told)
    assert len(links) == 2  # that the tie is between states is no finding
    for link in links:
        answer = site.get(link, headers={"Accept": "application/sparql-results+json"})
        assert answer.get_json()["results"]["bindings"]


def test_every_definition_has_a_page(site: FlaskClient) -> None:
    for row in rows(site, f"SELECT ?d {{ ?d a <{TACIT.Definition}> }}"):
        assert re.search(
            "<h2>What (it holds for|passes it)</h2>", page(site, f"/definitions/{row['d'].partition('#')[2]}")
        )


def test_another_name_leads_to_the_page_and_an_unknown_one_to_the_nearest(site: FlaskClient) -> None:
    answer = site.get("/definitions/def:Snyder1997")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/definitions/Snyder1997")
    answer = site.get("/definitions/Snyder1979")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "not-found")
    assert "Snyder1997" in answer.get_json()["detail"]
