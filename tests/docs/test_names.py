"""Names that README and docs mention are there: terms, graphs, queries, files, links."""

import re
from functools import cache
from typing import Final

import pytest
from rdflib import RDF, URIRef

from server import create_app
from server.settings import SETTINGS
from tacit import library, names
from tacit.check import HOUSE_RULES
from tacit.cli import main
from tacit.files import REPOSITORY, Project
from tests.docs.pages import PAGES, blocks, inline, text

GRAPHS: Final = {
    str(value).rpartition("/")[2]
    for value in vars(names).values()
    if isinstance(value, URIRef) and value.startswith(f"{names.BASE}graph/")
}
#: What a page writes for a name that the reader puts in its place.
PLACEHOLDER: Final = re.compile(r"\b(?:TOPIC|NAME|RULE|NNN|DIR|DIGEST|FILE)\b|…")
#: How the name of a file ends.
ENDINGS: Final = r"\.(?:md|ttl|rq|py|svg|txt|cff|nq)"


@cache
def terms() -> set[str]:
    """Return the terms of the ontology and the definitions as prefixed names."""
    ontology = Project().graphs[names.ONTOLOGY]
    return {names.short(str(term)) for term in ontology.subjects(RDF.type) if isinstance(term, URIRef)}


@pytest.mark.parametrize("page", PAGES)
def test_terms_are_declared(page: str) -> None:
    code = [*inline(page), *blocks(page, "sparql"), *blocks(page, "turtle")]
    used = {name for part in code for name in re.findall(r"\b(?:tacit|def):[A-Za-z]\w*", part)}
    assert used - terms() == set()


@pytest.mark.parametrize("page", PAGES)
def test_things_are_described(page: str) -> None:
    """Names under id: are those of the data, or in the guide those of the made-up article."""
    described = {names.short(str(node)) for node in Project().union().subjects(RDF.type)}
    for file in ("005.things.ttl", "005.draft.ttl"):
        described |= set(
            re.findall(r"^(id:[\w-]+)", (REPOSITORY / "tests/encoding" / file).read_text(), re.MULTILINE)
        )
    used = set(re.findall(r"\bid:[\w-]*\w", text(page)))
    assert {name for name in used if not PLACEHOLDER.search(name)} - described == set()


@pytest.mark.parametrize("page", PAGES)
def test_graphs_are_ours(page: str) -> None:
    assert set(re.findall(r"\bgraph[:/](\w+)", text(page))) - {"graph"} - GRAPHS == set()


def test_querying_lists_every_graph_that_there_is() -> None:
    rows = re.findall(r"^\| `graph:.*$", text("docs/querying.md"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"graph:(\w+)", row)}
    asserted = {str(name).rpartition("/")[2] for name in Project().graphs}
    there = asserted | {"queries", "inferred", "assessments"}
    assert listed == there


@pytest.mark.parametrize("page", ["docs/encoding.md", "docs/why.md"])
def test_single_words_in_backticks_are_terms(page: str) -> None:
    """A word such as `givenThat` is a term without its prefix; else a command, a rule or SPARQL."""
    named = [
        code.partition(" ")[0] for code in inline(page) if re.fullmatch(r"[A-Za-z]+( true| false)?", code)
    ]
    local = {term.partition(":")[2] for term in terms()}
    assert len(named) >= 6
    assert {
        word for word in named if not word.isupper()
    } - local - main.commands.keys() - HOUSE_RULES.keys() == set()


def exists(page: str, name: str) -> bool:
    """Tell whether a path that a page names is there: from the root, from the page, or in the example."""
    pattern = PLACEHOLDER.sub("*", name).rstrip("/")
    folders = (REPOSITORY, (REPOSITORY / page).parent, REPOSITORY / "tests/encoding")
    return any(list(folder.glob(pattern)) for folder in folders)


@pytest.mark.usefixtures("built")  # for what a page says of build/
@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page: str) -> None:
    named = {word for code in inline(page) for word in code.split() if re.search(rf"\w/|\w{ENDINGS}$", word)}
    # graphs and media types look like paths; what lies outside the repository is not ours to promise
    named = {name for name in named if not name.startswith(("graph/", "application/", "..", "/", "http"))}
    assert {name for name in named if not exists(page, name)} - _generated() == set()


def _generated() -> set[str]:
    """Return the folders that are never committed."""
    return set((REPOSITORY / ".gitignore").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", text(page)):
        assert link.startswith("https://") or ((REPOSITORY / page).parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES)
def test_addresses_are_served(page: str) -> None:
    app = create_app({"data": [REPOSITORY / "ontology" / "tacit.ttl"], "log": "off"})
    served = {str(rule) for rule in app.url_map.iter_rules()}
    ours = [code for code in inline(page) if re.fullmatch(r"/[\w.-]*", code)]
    for row in engines(page):  # theirs
        for address in row[1:]:
            ours.remove(address)
    assert set(ours) - served == set()


def engines(page: str) -> list[tuple[str, str, str]]:
    """Return the table of remote engines: each one's name, and where it takes queries and graphs."""
    _, _, table = text(page).partition("| engine |")
    rows = re.findall(r"^\| ([A-Z][\w ]+) \| `(/[\w.-]*)` \| `(/[\w.-]*)` \|", table, re.MULTILINE)
    return [(name, queries, graphs) for name, queries, graphs in rows]


def test_addresses_of_the_engines_that_are_tested_are_those_of_the_tests() -> None:
    code = (REPOSITORY / "tests/server/engines.py").read_text(encoding="utf-8")
    assert "The first two are tested here" in text("docs/operating.md")
    rows = engines("docs/operating.md")
    assert [name for name, _, _ in rows] == ["Oxigraph", "Virtuoso 7"]
    for name, queries, graphs in rows:
        _, _, function = code.partition(f"def {name.split()[0].lower()}(")
        (started,) = re.findall(r"Started\((.+)\)", function.partition("\ndef ")[0])
        assert re.findall(r"\}(/[\w-]+)\"", started) == [queries, graphs]


def test_the_readme_says_where_things_are() -> None:
    (block,) = blocks("README.md", "")
    folders = set()
    folder = ""
    for line in block.splitlines():
        first, *words = re.split(r"[,;]?\s+", line)
        folder = first or folder  # else the line goes on with the folder of the one above
        folders.add(folder)
        assert (REPOSITORY / folder).exists() or folder in _generated(), folder
        for name in words:
            if re.search(rf"\w/$|{ENDINGS}$", name):
                assert list((REPOSITORY / folder).glob(PLACEHOLDER.sub("*", name).rstrip("/"))), name
    files = {path.relative_to(REPOSITORY) for path in REPOSITORY.glob("[!.]*/**/*") if path.is_file()}
    there = {f"{path.parts[0]}/" for path in files}
    assert there - folders - _generated() == set(), "folders which the README does not mention"
    told = {name for name in re.findall(r"\w+\.md", block) if (REPOSITORY / "docs" / name).exists()}
    assert told == {path.name for path in (REPOSITORY / "docs").glob("*.md")}


def test_topics_of_the_readme_are_those_of_the_library() -> None:
    (first, last) = re.findall(r"questions by topic, from `(\w+)` to `(\w+)`", text("README.md"))[0]
    topics = {query.topic for query in library.load()}
    assert {first, last} <= topics


def test_limits_of_the_readme_are_the_defaults() -> None:
    default = {setting.name: setting.default for setting in SETTINGS}
    told = (
        f"gives each query {default['time_limit']:g} seconds, {default['memory_limit']} MB of memory and "
        f"{default['answer_limit']} MB of answer"
    )
    assert told in " ".join(text("README.md").split())
    assert list(default["service"]) == ["https://query.wikidata.org/sparql"]
