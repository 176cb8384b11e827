"""The commands `tacit link check` and `tacit link find`."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final

import click

from tacit.check import check as rules
from tacit.errors import FaultsError, TacitError
from tacit.files import Project
from tacit.link import Finding, Link, Reading, check, links, named, turtle
from tacit.names import BASE, PREFIXES
from tacit.wikidata import ENDPOINT, Candidate, Client

#: The exit status of a check that found links which no longer hold; 1 is that nothing could be checked.
CHANGED: Final = 3
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_FILE: Final = "data/wikidata.ttl"


@click.group()
def link() -> None:
    """Check and find links to Wikidata."""


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options of whoever asks Wikidata, as a `Client`."""

    @link.command(command.__name__.rstrip("_"), help=command.__doc__)
    @click.option("--endpoint", default=ENDPOINT, show_default=True, help="The address of the Action API.")
    @click.option(
        "--contact",
        default=lambda: os.environ.get("TACIT_CONTACT", BASE),
        help="How Wikidata's operators reach you; else $TACIT_CONTACT, else our address.",
    )
    @wraps(command)
    def run(*, endpoint: str, contact: str, **options: Any) -> None:
        command(client=Client(endpoint, contact), **options)

    return run


@_asking
@click.option("--fresh", is_flag=True, help="Read all anew, although a check was interrupted today.")
@click.pass_obj
def check_(project: Project, *, client: Client, fresh: bool) -> None:
    """Ask Wikidata whether each link still holds: item, redirect, label and type.

    The exit status is 0 if all hold, 3 if some do not, 1 if Wikidata could not be asked. An interrupted check
    goes on where it stopped.
    """
    recorded = links(project)
    file = project.build / "link-check.json"
    if fresh:
        file.unlink(missing_ok=True)
    reading = Reading(file, client.endpoint)
    if reading.resumed:
        click.echo(f"Going on with the check of {reading.began:%Y-%m-%d %H:%M} UTC.", err=True)
    items = {entry.item for entry in recorded}
    with click.progressbar(length=len(items), label="Asking Wikidata", file=sys.stderr) as bar:
        found = check(recorded, client, reading, bar.update)
    reading.done()
    click.echo(_table(found), nl=False)
    wrong = sum(not finding.remark for finding in found)
    click.echo(f"{len(recorded)} links: {wrong or 'none'} changed, {len(found) - wrong} remarks.")
    if wrong:
        raise click.exceptions.Exit(CHANGED)


def _table(found: list[Finding]) -> str:
    if not found:
        return ""
    rows = [("link", "item", "what", "recorded", "now")]
    for finding in sorted(found, key=lambda f: f.remark):
        what = f"({finding.what})" if finding.remark else finding.what
        rows.append((finding.link.thing, finding.link.item, what, finding.recorded, finding.now))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ("-" * widths[0], *("-" * width for width in widths[1:])))  # type: ignore[arg-type]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


@_asking
@click.argument("term")
@click.option(
    "--for", "thing", help="The thing of ours to link, such as id:vietnam; else the one called TERM."
)
@click.option("--language", default="en", show_default=True, help="The language of TERM.")
@click.pass_obj
def find_(project: Project, *, client: Client, term: str, thing: str | None, language: str) -> None:
    """Look TERM up in Wikidata and, once you have chosen an item, write the link."""
    candidates = client.search(term, language)
    if not candidates:
        raise TacitError(f"Wikidata has no item whose name begins with {term}: try another of its names.")
    taken = {entry.item: entry.thing for entry in links(project)}
    for number, candidate in enumerate(candidates, 1):
        click.echo(_line(number, candidate, taken.get(candidate.id)))
    number = click.prompt("Which one? (0 for none)", type=click.IntRange(0, len(candidates)), default=0)
    if not number:
        click.echo("Nothing is written.")
        return
    candidate = candidates[number - 1]
    ours, label = _thing(project, thing or term)
    click.echo(f"For {ours} ({label}).")
    match = click.prompt("How do they match?", type=click.Choice(_MATCHES), default="closeMatch")
    why = "" if match == "exactMatch" else click.prompt("In what do they differ?")
    today = datetime.now(UTC).date()
    source = f"{client.endpoint}?action=wbsearchentities&search={term}"
    entry = turtle(
        Link(ours, candidate.id, match, candidate.label, language, None), label, source, why, today
    )
    click.echo(entry)
    if click.confirm(f"Write this to {_FILE}?"):
        _write(project, entry)
        click.echo(f"Written. If {ours} had a gap there, take that out; then run tacit build.")
    else:
        click.echo("Nothing is written.")


def _line(number: int, candidate: Candidate, taken: str | None) -> str:
    linked = f"  [linked to {taken}]" if taken else ""
    description = candidate.description or "no description"
    return f"{number:>3}  {candidate.id:<11}{candidate.label} — {description}{linked}"


def _thing(project: Project, name: str) -> tuple[str, str]:
    found = named(project, name)
    if len(found) == 1:
        return next(iter(found.items()))
    said = f"Several things are called {name}: {', '.join(found)}" if found else f"Nothing is called {name}"
    raise TacitError(f"{said}; name the one that is meant with --for, such as --for id:vietnam.")


def _write(project: Project, entry: str) -> None:
    """Append *entry* and keep it only if every rule is kept."""
    path = project.root / _FILE
    before = path.read_text(encoding="utf-8") if path.exists() else _PROLOGUE
    path.write_text(before.rstrip("\n") + "\n" + entry, encoding="utf-8")
    faults = rules(Project(project.root))
    if faults:
        path.write_text(before, encoding="utf-8")
        raise FaultsError(faults)


_PROLOGUE: Final = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("tacit", "id", "dcterms", "skos", "wd", "xsd")
)
