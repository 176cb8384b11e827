"""The command `tacit`: build, check, query, explain, what-if, cite, link, publish."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import click

from tacit import library
from tacit.account import changes, explanation
from tacit.build import build, current
from tacit.check import check
from tacit.draft import fill
from tacit.engine import GRAPH_FORMATS, RESULT_FORMATS, evaluate, load_files, load_graph
from tacit.errors import FaultsError, TacitError
from tacit.evidence import Corpus, corpus_folder, prove
from tacit.explain import explain
from tacit.files import REPOSITORY, Project
from tacit.link_commands import link
from tacit.model import Model
from tacit.progress import Progress
from tacit.publish import publish
from tacit.reason import REASONERS
from tacit.table import table
from tacit.whatif import report, without

_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_TEXT_OR_JSON: Final = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_CORPUS_HELP: Final = "The folder with the articles' texts; else $TACIT_CORPUS, else ../shared/corpus."


class _Commands(click.Group):
    """Commands that tell a TacitError on stderr and exit with 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except TacitError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
@click.option("--root", type=_FOLDER, default=REPOSITORY, help="The project's folder; else this one's.")
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """Build, check and query a knowledge graph of alliance ties."""
    ctx.obj = Project(root)


main.add_command(link)


@main.command("build")
@click.option("--reasoner", type=click.Choice(list(REASONERS)), default="owlrl", show_default=True)
@click.option("--force", is_flag=True, help="Build although the graph is there.")
@click.pass_obj
def build_(project: Project, reasoner: str, force: bool) -> None:
    """Load, check, derive, close, assess and write the graph."""
    built = build(project, reasoner, force=force, stage=Progress(sys.stderr).stage)
    if built.reused:
        click.echo(f"Nothing has changed: {built.graph} is reused.", err=True)
    else:
        for name, count in built.counts.items():
            click.echo(f"{count:>7} triples in {name}", err=True)
        click.echo(f"Built {built.graph}.", err=True)


@main.command("check")
@click.option("--corpus", type=_FOLDER, help="Prove each passage against the articles' texts in this folder.")
@click.pass_obj
def check_(project: Project, corpus: Path | None) -> None:
    """Apply every rule to the data; with --corpus, also prove the evidence."""
    faults, summary = check(project), ""
    if corpus:
        unproved, summary = prove(project, Corpus(corpus))
        faults += unproved
    if faults:
        raise FaultsError(faults)
    click.echo(f"Every rule is kept. {summary}".rstrip())


@main.command()
@click.argument("name")
@click.option(
    "--param", "params", multiple=True, metavar="K=V", help="A value in place of a parameter's default."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *RESULT_FORMATS, *GRAPH_FORMATS]),
    default="table",
    show_default=True,
)
@click.pass_obj
def query(project: Project, name: str, params: tuple[str, ...], format_: str) -> None:
    """Answer a query: NAME of the library, a file, or - for standard input."""
    text = _query_text(project, name, dict(map(_pair, params)))
    as_table = format_ == "table"
    answer = evaluate(
        load_graph(current(project)),
        text,
        results="json" if as_table else format_ if format_ in RESULT_FORMATS else None,
        graph="turtle" if as_table else format_ if format_ in GRAPH_FORMATS else None,
    )
    if as_table and answer.kind == "results":
        click.echo(table(answer.body), nl=False)
    else:
        click.echo(answer.body, nl=False)


@main.command("explain")
@click.argument("tie")
@click.option("--definition", metavar="D", help="Under this definition alone, such as AllButName2020.")
@click.option("--source", metavar="S", help="As this source alone portrays the tie, such as 003 or atop.")
@_TEXT_OR_JSON
@click.pass_obj
def explain_(project: Project, tie: str, definition: str | None, source: str | None, format_: str) -> None:
    """Say why each definition holds for TIE, such as laos-vietnam, is contradicted, or is silent."""
    account = explain(_model(project), tie, definition=definition, source=source)
    _say(account, explanation(account), format_)


@main.command("what-if")
@click.option("--without", "names", multiple=True, metavar="NAME", help="Leave out this claim or source.")
@click.option("--without-implied", is_flag=True, help="Leave out all findings that only verdicts imply.")
@click.option(
    "--without-condition",
    "conditions",
    multiple=True,
    metavar="D:C",
    help="Switch a condition of a definition off, such as AllButName2020:NoAllianceClause.",
)
@_TEXT_OR_JSON
@click.pass_obj
def what_if(
    project: Project,
    *,
    names: tuple[str, ...],
    without_implied: bool,
    conditions: tuple[str, ...],
    format_: str,
) -> None:
    """Say which outcomes change if claims, sources or conditions are left out; nothing is written."""
    model = _model(project)
    told = report(model, without(model, names, implied=without_implied, conditions=conditions))
    _say(told, changes(told), format_)


@main.command()
@click.argument("article", required=False)
@click.argument("words", required=False)
@click.option("--paragraph", type=click.IntRange(min=1), help="Look in this paragraph only.")
@click.option(
    "--fill",
    "draft",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='A Turtle file with quotations, tacit:passage "exact words", to be printed with passages for them.',
)
@click.option("--corpus", type=_FOLDER, help=_CORPUS_HELP)
@click.pass_obj
def cite(
    project: Project,
    *,
    article: str | None,
    words: str | None,
    paragraph: int | None,
    draft: Path | None,
    corpus: Path | None,
) -> None:
    """Print the Turtle of the passage of ARTICLE, such as 003, in which WORDS stand."""
    texts = Corpus(corpus or corpus_folder(project))
    if draft:
        click.echo(fill(draft, texts), nl=False)
    elif article and words:
        click.echo(texts.article(article).find(words, paragraph).turtle(), nl=False)
    else:
        raise click.UsageError("Name an article and quote its words, or give a draft with --fill.")


@main.command("publish")
@click.argument("engine_url")
@click.option("--user", default="", envvar="TACIT_USER", help="Who may write there; else $TACIT_USER.")
@click.option(
    "--password",
    default="",
    envvar="TACIT_PASSWORD",
    help="Better in $TACIT_PASSWORD, as others can read a command line.",
)
@click.option(
    "--union",
    is_flag=True,
    help="Also fill the default graph, for an engine whose default graph is not the union of the others.",
)
@click.pass_obj
def publish_(project: Project, *, engine_url: str, user: str, password: str, union: bool) -> None:
    """Load the built graph into the graph store at ENGINE_URL, in place of what it has under our names."""
    graph = current(project)
    for done in publish(graph, engine_url, user=user, password=password, union=union):
        what = done.graph or "the default graph"
        click.echo(f"{done.triples:>7} triples {'into new' if done.created else 'replace'} {what}", err=True)
    click.echo(f"Published {graph.parent.name} to {engine_url}.", err=True)


def _model(project: Project) -> Model:
    # without the union of all graphs, which takes longer to make than the answer
    store = load_files([current(project)])
    return Model(lambda query: evaluate(store, query).body)


def _say(content: dict[str, Any], text: str, format_: str) -> None:
    as_json = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    click.echo(as_json if format_ == "json" else text, nl=False)


def _query_text(project: Project, name: str, values: dict[str, str]) -> str:
    is_file = name.endswith(".rq") or Path(name).is_file()
    if name != "-" and not is_file:
        return library.find(library.load(project.root / "queries"), name).bind(values)
    if values:
        raise TacitError("Only a query of the library takes --param: write the value into your own query.")
    if is_file and not Path(name).is_file():
        raise TacitError(
            f"There is no file {name}: name one, a query of the library, or - for standard input."
        )
    return Path(name).read_text(encoding="utf-8") if is_file else sys.stdin.read()


def _pair(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals:
        raise TacitError(f"--param {param} has no value: write it as name=value.")
    return name, value
