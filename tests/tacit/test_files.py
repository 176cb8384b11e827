import pytest

from tacit.errors import FaultsError
from tacit.files import Project
from tacit.names import CODINGS, CORPUS, DEF, ID, ONTOLOGY, TACIT


def test_each_file_fills_its_graph(project: Project) -> None:
    assert set(project.graphs) == {ONTOLOGY, CORPUS, CODINGS}
    assert (ID["atop"], None, TACIT.Dataset) in project.graphs[CODINGS]
    assert (DEF.Usual, None, TACIT.Definition) in project.graphs[ONTOLOGY]
    assert len(project.union()) == sum(map(len, project.graphs.values()))


def test_shapes_are_parsed_anew_and_not_served(project: Project) -> None:
    assert project.shapes() is not project.shapes()
    assert not set(project.shapes()) & set(project.union())


def test_every_broken_file_is_named_with_its_line(project: Project) -> None:
    (project.root / "data" / "triples.ttl").write_text(
        "@prefix a: <http://a/> .\na:b a:c a:d\n.\na:b b:c a:d .\n"
    )
    (project.root / "ontology" / "tacit.ttl").write_text("\n\n<http://a/b c> a <http://a/d> .\n")
    with pytest.raises(FaultsError) as raised:
        _ = project.graphs
    assert [(str(f.file), f.line) for f in raised.value.faults] == [
        ("ontology/tacit.ttl", 3),
        ("data/triples.ttl", 4),
    ]
    assert "prefix b: has not been declared" in str(raised.value)


def test_a_file_that_only_oxigraph_can_read_is_a_fault_too(project: Project) -> None:
    (project.root / "data" / "codings.ttl").write_text(
        "<http://a/b> <http://a/c> <<( <a:b> <a:b> <a:b> )>> ."
    )
    with pytest.raises(FaultsError, match=r"data/codings\.ttl.*This is not Turtle"):
        _ = project.graphs


def test_a_missing_file_is_named_but_wikidata_may_be_missing(project: Project) -> None:
    (project.root / "data" / "codings.ttl").unlink()
    with pytest.raises(FaultsError, match=r"data/codings\.ttl: The file is missing") as raised:
        _ = project.graphs
    assert len(raised.value.faults) == 1


def test_locate_finds_the_description_before_any_mention(project: Project) -> None:
    file, line = project.locate(ID["claim-003-treaty"])
    assert str(file) == "data/triples.ttl"
    text = (project.root / file).read_text(encoding="utf-8").splitlines()
    assert text[line - 1].startswith("id:claim-003-treaty a ")
    file, line = project.locate(DEF.DefencePledged)
    text = (project.root / file).read_text(encoding="utf-8").splitlines()
    assert text[line - 1].startswith("def:DefencePledged a tacit:Condition")


def test_locate_falls_back_to_the_first_mention(project: Project) -> None:
    file, line = project.locate(TACIT.AllButNameOutcome)
    assert (
        "tacit:AllButNameOutcome" in (project.root / file).read_text(encoding="utf-8").splitlines()[line - 1]
    )
    assert project.locate(ID["claim-003-trea"])[1] == 0, "a name within a longer one is no mention"
