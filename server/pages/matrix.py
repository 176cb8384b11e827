"""Tie by definition, three-valued; each cell opens its reasons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from rdflib import URIRef

from server.errors import ProblemError
from server.labels import labels
from server.pages.behind import Behind, keep_page
from server.pages.claims import Source, sources
from server.pages.outcomes import ALLIANCE, OUTCOMES, SILENT, Outcome, of_cell, outcomes_of_definitions
from server.pages.period import Period, period
from server.rdf import Row, rows
from tacit.lookup import UnknownNameError, find
from tacit.names import DEF, ID, PREFIXES, TACIT

blueprint = Blueprint("matrix", __name__)

_WHERE: Final = """?cell a tacit:Assessment ; tacit:forTie ?tie ; tacit:forSource ?source ;
      tacit:assesses ?portrayal ; tacit:underDefinition ?definition ; tacit:result ?result ."""
_NAMED: Final = "SELECT ?thing ?name { ?thing a %s ; rdfs:label|skos:altLabel|dcterms:identifier ?name }"
_PORTRAYALS: Final = f"""SELECT ?portrayal ?p ?o {{
    ?portrayal <{TACIT.portrays}> ?tie ; ?p ?o FILTER(!ISBLANK(?o)) }}"""
#: What a parameter may be, the default first.
_CHOICES: Final = {"by": ("tie", "source"), "rows": ("said", "all")}


@dataclass(frozen=True)
class Column:
    """A definition; *first* of the columns of its outcome."""

    name: str
    label: str
    outcome: Outcome
    first: bool


@dataclass(frozen=True)
class Line:
    """A portrayal: how it is called within its group, and its cells, each an outcome and its address."""

    header: str
    title: str
    link: str
    reading: bool
    cells: tuple[tuple[Outcome, str], ...]

    @property
    def says_something(self) -> bool:
        """Tell whether it is not silent throughout."""
        return any(outcome is not SILENT for outcome, _ in self.cells)


@blueprint.get("/matrix")
def matrix() -> str:
    """Show the matrix; ``tie`` and ``source`` narrow it, ``by=source`` groups it, ``rows=all`` is all."""
    for name in request.args:
        if name not in ("tie", "source", *_CHOICES):
            raise ProblemError(
                "bad-parameter", f"There is no parameter {name[:50]}; see the form.", parameter=name[:50]
            )
    by, shown = (_choice(name) for name in _CHOICES)
    ties, known = _names("tacit:Tie"), sources()
    tie = _one("tie", ties)
    source = _one("source", _names("tacit:Source"))
    behind = _behind(tie, source)
    found = behind.rows()
    called = labels({*ties, *(row["definition"]["value"] for row in found)})
    columns = _columns({row["definition"]["value"] for row in found}, called)
    groups = _groups(found, columns, known, called, by=by, everything=shown == "all")
    keep_page()
    return render_template(
        "matrix.html",
        by=by,
        shown=shown,
        tie=tie.removeprefix(str(ID)),
        source=source.removeprefix(str(ID)),
        ties=sorted((called.get(iri, iri), iri.removeprefix(str(ID))) for iri in ties),
        sources=[(s.name, s.iri.removeprefix(str(ID))) for s in known.values()],
        columns=columns,
        groups=groups,
        count=sum(len(lines) for _, _, lines in groups),
        outcomes=OUTCOMES,
        behind=behind,
    )


def _behind(tie: str, source: str) -> Behind:
    chosen = "".join(
        f"  VALUES ?{name} {{ <{iri}> }}\n" for name, iri in (("tie", tie), ("source", source)) if iri
    )
    where = f"{{\n{chosen}  {_WHERE}\n}}"
    return Behind(
        f"SELECT ?tie ?source ?portrayal ?definition ?result\nWHERE {where}\n"
        "ORDER BY ?tie ?source ?portrayal ?definition\n",
        "CONSTRUCT { ?cell tacit:forTie ?tie ; tacit:forSource ?source ; tacit:assesses ?portrayal ;\n"
        f"      tacit:underDefinition ?definition ; tacit:result ?result }}\nWHERE {where}\n",
    )


def _columns(definitions: Iterable[str], called: Mapping[str, str]) -> list[Column]:
    """Return the definitions by what they hold for, in the order of a legend, then by whose they are."""
    of = {iri: outcomes_of_definitions().get(iri, ALLIANCE) for iri in definitions}
    order = sorted(of, key=lambda iri: (OUTCOMES.index(of[iri]), iri))
    return [
        Column(
            iri.removeprefix(str(DEF)), called.get(iri, iri), of[iri], not i or of[order[i - 1]] != of[iri]
        )
        for i, iri in enumerate(order)
    ]


def _groups(
    found: list[Row],
    columns: list[Column],
    known: dict[str, Source],
    called: Mapping[str, str],
    *,
    by: str,
    everything: bool,
) -> list[tuple[str, str, list[Line]]]:
    """Return a heading, its address and its rows for each tie, or for each source."""
    results: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in found:
        key = (row["tie"]["value"], row["source"]["value"], row["portrayal"]["value"])
        results[key][row["definition"]["value"]] = row["result"]["value"]
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(_PORTRAYALS):
        facts[row["portrayal"]["value"]][row["p"]["value"].rpartition("#")[2]] = row["o"]["value"]
    order = list(known)
    groups: dict[str, list[tuple[object, Line]]] = defaultdict(list)
    for (tie, source, portrayal), cells in results.items():
        fact = facts[portrayal]
        when, of = period(fact), known[source]
        line = Line(
            header=" ".join([of.short if by == "tie" else called.get(tie, tie), when.short if when else ""]),
            title=fact.get("label", ""),
            link=f"{request.script_root}/id/{tie.removeprefix(str(ID))}#{portrayal.removeprefix(str(ID))}",
            reading="readingOf" in fact,
            cells=tuple(_cell(column, cells, (tie, source, portrayal)) for column in columns),
        )
        if everything or line.says_something:
            place = order.index(source) if by == "tie" else called.get(tie, tie)
            groups[tie if by == "tie" else source].append(((place, _begin(when), line.reading), line))
    heads = sorted(groups, key=lambda iri: called.get(iri, iri) if by == "tie" else order.index(iri))
    return [
        (
            called.get(iri, iri) if by == "tie" else known[iri].name,
            f"{request.script_root}/id/{iri.removeprefix(str(ID))}",
            [line for _, line in sorted(groups[iri], key=lambda pair: pair[0])],  # type: ignore[arg-type, return-value]
        )
        for iri in heads
    ]


def _cell(column: Column, cells: Mapping[str, str], key: tuple[str, str, str]) -> tuple[Outcome, str]:
    definition = f"{DEF}{column.name}"
    tie, source, portrayal = (iri.removeprefix(str(ID)) for iri in key)
    outcome = of_cell(definition, cells[definition]) if definition in cells else SILENT
    narrowed = urlencode({"definition": column.name, "source": source.removeprefix("article-")})
    anchor = "" if outcome is SILENT else f"#{portrayal}"
    return outcome, f"{request.script_root}/explain/{tie}?{narrowed}{anchor}"


def _begin(when: Period | None) -> int:
    return when.begin_latest if when else 0


def _names(kind: str) -> dict[str, list[str]]:
    """Return by IRI what a reader may call the things of a *kind*."""
    found: dict[str, list[str]] = defaultdict(list)
    query = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + _NAMED % kind
    for row in rows(query):
        found[row["thing"]["value"]].append(row["name"]["value"])
    return dict(found)


def _one(parameter: str, known: Mapping[str, list[str]]) -> str:
    """Return the IRI that a parameter of the address names, or nothing. Raises ProblemError."""
    name = _once(parameter)
    if not name:
        return ""
    try:
        return str(find(parameter, {URIRef(iri): own for iri, own in known.items()}, name))
    except UnknownNameError as error:
        raise ProblemError("not-found", str(error)) from error


def _choice(parameter: str) -> str:
    choices = _CHOICES[parameter]
    given = _once(parameter) or choices[0]
    if given not in choices:
        detail = f"{parameter} is {' or '.join(choices)}; {given[:50]} is neither."
        raise ProblemError("bad-parameter", detail, parameter=parameter)
    return given


def _once(parameter: str) -> str:
    given = request.args.getlist(parameter)
    if len(given) > 1:
        detail = f"Parameter {parameter} is given twice; give it once."
        raise ProblemError("bad-parameter", detail, parameter=parameter)
    return given[0].strip() if given else ""
