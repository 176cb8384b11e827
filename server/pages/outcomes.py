"""How an outcome looks to a reader: a word, a mark and a colour, the same on every page."""

from dataclasses import dataclass
from typing import Final

from flask import current_app

from server.rdf import rows
from tacit.names import PREFIXES, TACIT


@dataclass(frozen=True)
class Outcome:
    """An outcome; *key* is its class in the style sheet, *mark* stands for it where colour would not do."""

    key: str
    label: str
    mark: str


FORMAL: Final = Outcome("formal", "formal alliance", "F")
INFORMAL: Final = Outcome("informal", "informal alliance", "I")
ALL_BUT_NAME: Final = Outcome("all-but-name", "alliance in all but name", "N")
#: An alliance by a definition, or in a word of its source, that does not tell formal from informal.
ALLIANCE: Final = Outcome("alliance", "alliance, of no stated kind", "A")
PASSED: Final = Outcome("passed", "necessary test passed, which makes no alliance", "✓")
#: A verdict that denies an alliance.
NOT: Final = Outcome("not", "not an alliance", "✕")
#: A definition that fails by what the source itself says: by that definition, the tie is no alliance.
CONTRADICTED: Final = Outcome("not", "contradicted", "✕")
#: A verdict that denies a narrower kind denies nothing wider.
NOT_OF_KIND: Final = Outcome("not-of-kind", "not of one kind; others are left open", "≠")
#: A verdict that speaks of partners, enemies and the like, and so neither for nor against an alliance.
OTHER: Final = Outcome("other", "called something else, such as partners", "○")
SILENT: Final = Outcome("silent", "silent", "·")

#: What a definition can make of a portrayal, in the order of a legend.
OUTCOMES: Final = (FORMAL, INFORMAL, ALL_BUT_NAME, ALLIANCE, PASSED, CONTRADICTED, SILENT)
#: What a source itself can say of a tie, in the order of a legend.
SAID: Final = (FORMAL, INFORMAL, ALL_BUT_NAME, ALLIANCE, NOT, NOT_OF_KIND, OTHER, SILENT)

#: The outcomes by the class of portrayals which the ontology has for each.
BY_CLASS: Final = {
    str(TACIT.FormalOutcome): FORMAL,
    str(TACIT.InformalOutcome): INFORMAL,
    str(TACIT.AllButNameOutcome): ALL_BUT_NAME,
    str(TACIT.AllianceOutcome): ALLIANCE,
    str(TACIT.NecessaryTest): PASSED,
}


def outcomes_of_definitions() -> dict[str, Outcome]:
    """Return by the IRI of each definition the outcome of what it holds for."""
    known: dict[str, Outcome] | None = current_app.extensions.get("tacit-outcomes")
    if known is None:
        known = {}
        values = " ".join(f"<{iri}>" for iri in BY_CLASS)
        for row in rows(
            f"SELECT ?definition ?outcome {{ VALUES ?outcome {{ {values} }} "
            f"?definition a <{TACIT.Definition}> ; <{PREFIXES['rdfs']}subClassOf> ?outcome }}"
        ):
            outcome = BY_CLASS[row["outcome"]["value"]]
            # AllianceOutcome is the superclass of the three, and so the last resort
            if known.get(row["definition"]["value"], ALLIANCE) is ALLIANCE:
                known[row["definition"]["value"]] = outcome
        current_app.extensions["tacit-outcomes"] = known
    return known


def of_cell(definition: str, result: str) -> Outcome:
    """Return the outcome of a cell: *definition* and *result* (``tacit:Holds`` …) are IRIs."""
    if result == str(TACIT.Holds):
        return outcomes_of_definitions().get(definition, ALLIANCE)
    return CONTRADICTED if result == str(TACIT.Contradicted) else SILENT


def words(outcome: Outcome) -> dict[str, str]:
    """Return what a cell is said to be, by result (``holds`` …), where a definition has this *outcome*."""
    test = outcome is PASSED
    return {
        "holds": "passed" if test else "holds",
        "contradicted": "failed" if test else "contradicted",
        "silent": SILENT.label,
    }
