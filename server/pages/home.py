"""The home page: what this is, ties on which sources differ, how much there is, and where to begin."""

from collections import defaultdict
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.formats import HTML, available
from server.labels import address
from server.pages import outcomes
from server.pages.behind import declared, keep_page
from server.pages.claims import sources
from server.pages.entries import Entry, Sight, Wanted, look, names_of
from server.pages.lens import SAYS
from server.pages.outcomes import Outcome
from server.pages.timeline import timeline
from server.rdf import rows
from server.state import state

blueprint = Blueprint("pages", __name__)

#: How many ties on which sources differ most the picture has, beside one on which they agree.
_SHOWN: Final = 2
_COUNTS: Final = """SELECT ?claims ?sources ?ties ?definitions WHERE {
  { SELECT (COUNT(DISTINCT ?claim) AS ?claims) WHERE { ?claim a tacit:Claim } }
  { SELECT (COUNT(DISTINCT ?source) AS ?sources) WHERE { ?any tacit:source ?source } }
  { SELECT (COUNT(DISTINCT ?tie) AS ?ties) WHERE { ?tie a tacit:Tie } }
  { SELECT (COUNT(DISTINCT ?definition) AS ?definitions) WHERE { ?definition a tacit:Definition } }
}
"""


@blueprint.get("/")
def home() -> str | BaseResponse:
    """Show what Tacit is; ``?query=TOPIC/NAME``, an address of old, leads to the editor.

    The address is also the IRI of the data set: who wants RDF is sent to its description.
    """
    if request.accept_mimetypes.best_match([HTML, *available("graph")], HTML) != HTML:
        return redirect(url_for("description.void"), 303)
    if "query" in request.args:
        return redirect(f"{url_for('query.page')}?{urlencode(request.args)}", 303)
    keep_page()
    sight = look(SAYS, Wanted())
    shown = telling(sight)
    few = replace(
        sight,
        entries=[entry for entry in sight.entries if entry.tie in shown and entry.period],
        phases=[],
    )
    names = names_of(shown)
    counted = {name: int(term["value"]) for row in rows(declared(_COUNTS)) for name, term in row.items()}
    return render_template(
        "home.html",
        timeline=timeline(few, sources(), worded=True),
        lens=SAYS,
        only={entry.seen.outcome for entry in few.entries},
        counted=counted,
        questions=bool(state().library),
        behind=sight.behind,
        disputed=[(names[tie], address(tie)) for tie in shown[:_SHOWN]],
    )


def telling(sight: Sight) -> list[str]:
    """Return the ties on which sources differ most in some year, and one on which all agree."""
    said: dict[str, list[Entry]] = defaultdict(list)
    for entry in sight.entries:
        if entry.period and entry.seen.outcome not in (outcomes.SILENT, outcomes.OTHER):
            said[entry.tie].append(entry)
    sources = {tie: {entry.source for entry in own} for tie, own in said.items()}
    ranked = sorted(said, key=lambda tie: (-_different(said[tie]), -len(sources[tie]), tie))
    agreed = [tie for tie, own in said.items() if len(sources[tie]) > 1 and _common(own)]
    agreed.sort(key=lambda tie: (-len(sources[tie]), tie))
    return list(dict.fromkeys([*ranked[:_SHOWN], *agreed[:1]]))


def _different(entries: list[Entry]) -> int:
    """Return how many outcomes may stand side by side in a year."""
    found = [(entry.period, entry.seen.outcome) for entry in entries if entry.period]
    years = {year for period, _ in found for year in (period.begin_latest, period.end_earliest)}
    return max(len({seen for period, seen in found if period.covers(year) is not False}) for year in years)


def _common(entries: list[Entry]) -> set[Outcome]:
    """Return the outcomes on which all sources agree."""
    by_source: dict[str, set[Outcome]] = defaultdict(set)
    for entry in entries:
        by_source[entry.source].add(entry.seen.outcome)
    return set.intersection(*by_source.values())
