"""What the address of the workbench says: a definition of one's own, and what it is held against."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

from flask import request, url_for
from rdflib import URIRef
from rdflib.term import Node

from server.errors import ProblemError
from server.pages.outcomes import ALLIANCE, BY_CLASS, Outcome, outcomes_of_definitions
from tacit import define
from tacit.define import Own
from tacit.judge import in_order
from tacit.lookup import UnknownNameError, local
from tacit.model import Model
from tacit.names import TACIT
from tacit.params import nearest

#: What a definition is called that has not been given a name.
UNNAMED: Final = "My definition"
#: Longer names are no names.
LONGEST: Final = 80
_PARAMETERS: Final = ("name", "outcome", "condition", "compare", "holds", "fails", "from")
#: What a definition can come to, by its name in the address.
OUTCOMES: Final = {outcome.key: outcome for outcome in BY_CLASS.values()}
_CLASSES: Final = {outcome.key: URIRef(iri) for iri, outcome in BY_CLASS.items()}


@dataclass(frozen=True)
class Choice:
    """A definition, another to *compare* it with, and a tie for which it should hold and one that *fails*."""

    name: str = ""
    outcome: Outcome = ALLIANCE
    conditions: tuple[Node, ...] = ()
    compare: Node | None = None
    holds: Node | None = None
    fails: Node | None = None

    @property
    def own(self) -> Own:
        """The definition."""
        return Own(self.name or UNNAMED, _CLASSES[self.outcome.key], frozenset(self.conditions))

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the definition itself."""
        return {
            "name": self.name or None,
            "outcome": self.outcome.key if self.outcome != ALLIANCE else None,
            "condition": [local(condition) for condition in self.conditions],
        }

    @property
    def address(self) -> str:
        """The address of the page that shows all of it."""
        others = {"compare": self.compare, "holds": self.holds, "fails": self.fails}
        told: dict[str, Any] = {name: thing and local(thing) for name, thing in others.items()}
        return url_for("workbench.workbench", **self.parameters, **told)

    def with_conditions(self, more: Collection[Node]) -> "Choice":
        """Return this with *more* conditions."""
        return replace(self, conditions=(*self.conditions, *(c for c in more if c not in self.conditions)))


def chosen(model: Model) -> Choice:
    """Return what the address says; ``from=`` a published definition goes before the conditions.

    Raises ProblemError for what is unknown, given twice, or too long.
    """
    args = request.args
    for name in args:
        if name not in _PARAMETERS:
            near = nearest(name, _PARAMETERS)
            _bad(name, f"There is no parameter {name[:50]}{near}; there are {', '.join(_PARAMETERS)}.")
        if name != "condition" and len(args.getlist(name)) > 1:
            _bad(name, f"{name} is given twice; give it once.")
    name = " ".join(args.get("name", "").split())
    if len(name) > LONGEST or not name.isprintable():
        _bad("name", f"A name has at most {LONGEST} characters, all of which can be printed.")
    outcome = args.get("outcome") or ALLIANCE.key
    if outcome not in OUTCOMES:
        near = nearest(outcome, OUTCOMES)
        _bad("outcome", f"There is no outcome {outcome[:50]}{near}; there are {', '.join(OUTCOMES)}.")
    every = define.conditions(model)
    found = {_find(model, "condition", "condition", every, given) for given in args.getlist("condition")}

    def one(parameter: str, kind: str, things: Collection[Node]) -> Node | None:
        given = args.get(parameter)
        return _find(model, kind, parameter, things, given) if given else None

    choice = Choice(
        name,
        OUTCOMES[outcome],
        tuple(condition for condition in every if condition in found),
        one("compare", "definition", model.judge.definitions),
        one("holds", "tie", portrayed(model)),
        one("fails", "tie", portrayed(model)),
    )
    begun = one("from", "definition", model.judge.definitions)
    return changed(model, choice, begun) if begun else choice


def changed(model: Model, choice: Choice, definition: Node) -> Choice:
    """Return *choice* with the conditions and the outcome of a published *definition*, to be changed."""
    wanted = model.judge.definitions[definition]
    return replace(
        choice,
        name=choice.name or f"{model.label(definition)}, changed"[:LONGEST],
        outcome=outcomes_of_definitions().get(str(definition), ALLIANCE),
        conditions=tuple(condition for condition in define.conditions(model) if condition in wanted),
        compare=definition,
    )


def portrayed(model: Model) -> list[Node]:
    """Return the ties that some source portrays, by their labels."""
    ties = in_order(set(model.judge.graph.objects(None, TACIT.portrays)))
    return sorted(ties, key=model.label)


def whole(model: Model) -> Choice:
    """Return what the address says, which has to have a condition. Raises ProblemError."""
    choice = chosen(model)
    if not choice.conditions:
        _bad("condition", "A definition has at least one condition, such as condition=DefencePledged.")
    return choice


def _find(model: Model, kind: str, parameter: str, things: Collection[Node], name: str) -> Node:
    try:
        return model.find(kind, things, name[:200])
    except UnknownNameError as error:
        raise ProblemError("bad-parameter", str(error), parameter=parameter) from error


def _bad(parameter: str, detail: str) -> NoReturn:
    raise ProblemError("bad-parameter", detail, parameter=parameter[:50])
