"""Where sources disagree, with each other and with themselves."""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from server.errors import ProblemError
from server.pages.answer import answer_table
from server.pages.behind import keep_page
from server.pages.period import in_words
from server.state import state
from tacit.library import Query
from tacit.params import nearest

blueprint = Blueprint("reports", __name__)


@dataclass(frozen=True)
class Report:
    """A question of the library at *path*, and for a reader *what* its answer shows and does not show."""

    path: str
    what: str

    @property
    def name(self) -> str:
        """Its name in the address."""
        return self.path.rpartition("/")[2]


#: In the order in which they are told, by what disagrees with what.
REPORTS: Final = (
    (
        "Words against definitions",
        (
            Report(
                "disagreement/verdict-without-entailment",
                "The source says alliance, and yet what it reports of that phase meets no definition, not "
                "even its own. Either it reports too little, or the label rests on something else.",
            ),
            Report(
                "disagreement/entailment-without-verdict",
                "What an article reports meets some definition of an alliance, but the article nowhere uses "
                "the word for this tie, not even with a hedge.",
            ),
            Report(
                "classification/readings",
                "A verdict can imply more than its source reports. These definitions hold only if the "
                "verdict is read in as if it were evidence for itself.",
            ),
            Report(
                "classification/necessary-tests",
                "Two accounts say only what an alliance needs. Failing such a test is news; passing it makes "
                "no alliance.",
            ),
        ),
    ),
    (
        "Source against source",
        (
            Report(
                "disagreement/one-author-two-labels",
                "The same author, the same tie, more than one label. Look at the years before you call it a "
                "contradiction: a tie can change.",
            ),
            Report(
                "disagreement/one-treaty-two-readings",
                "Several articles report the provisions of the same treaty, or what it lacks, and not the "
                "same ones. What one leaves out, it does not deny.",
            ),
            Report(
                "reasons/one-definition-two-results",
                "Under one and the same definition, in years which both cover, the tie is an alliance as one "
                "source portrays it, and none as another does: here the sources differ on the facts.",
            ),
            Report(
                "disagreement/disputes",
                "Who answers whom, claim by claim. A view that is only ascribed to an opponent is not that "
                "person's own claim.",
            ),
            Report(
                "disagreement/positions",
                "One thesis in our words, and the side that each claim takes on it. Nothing says that the "
                "authors knew of each other.",
            ),
            Report(
                "disagreement/rosters",
                "Who counts how many allies of whom, and whether the list is meant to be complete. “The only "
                "ally” is a list of one.",
            ),
            Report(
                "disagreement/when-it-began-and-ended",
                "From which year to which, in whose account. Two bounds for a begin or an end mean that the "
                "source is not more exact.",
            ),
        ),
    ),
    (
        "Data sets against articles",
        (
            Report(
                "disagreement/not-in-datasets",
                "An article calls the tie an alliance of some kind; ATOP or COW do not list it in years of "
                "which both speak. Not to be listed is no denial.",
            ),
            Report(
                "disagreement/where-data-sets-agree",
                "An article calls the tie an alliance of some kind, and ATOP or COW code it as one by their "
                "own definition, certainly in a year that both have.",
            ),
        ),
    ),
    (
        "How much hangs on the definition, and on a claim",
        (
            Report(
                "reasons/definitions-per-tie",
                "Under how many definitions each tie is an alliance as some source portrays it, under how "
                "many expressly none, and under how many both.",
            ),
            Report(
                "classification/sensitivity",
                "The same for each source and phase. A high count of silent cells means that the source "
                "reports little, not that there was little.",
            ),
            Report(
                "reasons/decisive-claims",
                "The claims without which most outcomes would be lost: where to look first, if you doubt "
                "one.",
            ),
        ),
    ),
)


@blueprint.get("/disagreement")
def index() -> str:
    """List the reports, each with the number of its rows."""
    known = {query.path: query for query in state().library}
    sections = [
        (heading, [(report, known[report.path], _table(known[report.path])) for report in own])
        for heading, reports in REPORTS
        if (own := [report for report in reports if report.path in known])
    ]
    keep_page()
    return render_template("disagreement.html", sections=sections)


@blueprint.get("/disagreement/<name>")
def report(name: str) -> str:
    """Show one report."""
    known = {query.path: query for query in state().library}
    reports = {one.name: one for _, own in REPORTS for one in own if one.path in known}
    if name not in reports:
        detail = f"There is no report called {name[:100]}{nearest(name, reports)}; /disagreement lists them."
        raise ProblemError("not-found", detail)
    if request.args:
        raise ProblemError("bad-parameter", "A report has no parameters; ask its question with your own.")
    found, query = reports[name], known[reports[name].path]
    names = list(reports)
    place = names.index(name)
    address = url_for("library_api.query", topic=query.topic, name=query.name)
    keep_page()
    return render_template(
        "report.html",
        report=found,
        question=query,
        address=address,
        text=f"{address}.rq",
        # the query as it stands, to read and to change
        ask=url_for("protocol.sparql", query=query.text),
        before=reports[names[place - 1]] if place else None,
        after=reports[names[place + 1]] if place + 1 < len(names) else None,
        titles={one.name: known[one.path].summary for one in reports.values()},
        **_table(query),
    )


def _table(query: Query) -> dict[str, Any]:
    found = answer_table(state().ask(query.text))
    for place, name in enumerate(found["variables"]):
        for row in found["table"] if name == "when" else ():
            row[place] = replace(row[place], text=in_words(row[place].text), title=row[place].text)
    return found
