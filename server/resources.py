"""Linked data: each IRI of ours answers here, as a page and as RDF.

An IRI answers itself, with 200 and the address of this form of it in Content-Location; see docs/why.md.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from server.errors import ProblemError
from server.labels import iri_cell
from server.outline import SUMMARIES, TYPE, Outline, name_of
from server.pages.identity import identity
from server.rdf import EXTENSIONS, public_root, send, split
from server.thing import Incoming, Thing, find, nearest_names
from tacit.names import ID, PREFIXES

blueprint = Blueprint("resources", __name__)

#: How many links to a thing its page shows, per property; a query has them all.
MOST_LINKS: Final = 20
_LABEL: Final = f"{PREFIXES['rdfs']}label"
#: What the page about a thing of a class shows above all that the graph says: a template that extends
#: thing.html, and what it is given.
ABOUT: Final[dict[str, tuple[str, Callable[[Thing], dict[str, Any]]]]] = {}


@blueprint.get("/id/<name>")
def thing(name: str) -> Response:
    """Answer for `id:NAME`, and for `id:NAME.ttl` and the like."""
    name, extension = split(name)
    found = find(f"{ID}{name}")
    if found is None:
        near = nearest_names(str(ID), name)
        raise ProblemError("not-found", f"The graph has no id:{name[:100]}{near}.")
    address = f"{request.script_root}/id/{found.iri.value.removeprefix(str(ID))}"
    document = f"{public_root()}/id/{found.iri.value.removeprefix(str(ID))}"
    return send(address, extension, lambda: found.data(document), _page(found, address))


def _page(found: Thing, address: str) -> Callable[[], str]:
    def page() -> str:
        outline = Outline(found.about, found.labels)
        without = {TYPE, _LABEL, *SUMMARIES}
        kinds = _kinds(found, outline)
        types = [kind.cell.title for kind in kinds if kind.cell]
        template, about = next((ABOUT[type_] for type_ in types if type_ in ABOUT), ("thing.html", _nothing))
        return render_template(
            template,
            **about(found),
            elsewhere=identity().of(found.iri.value),
            iri=found.iri.value,
            name=name_of(outline, found.iri.value),
            kinds=kinds,
            summary=outline.one(found.iri, SUMMARIES),
            properties=outline.properties(found.iri, without=without, inferred=found.inferred),
            incoming=[_group(found, i) for i in found.incoming],
            query=f"DESCRIBE {found.iri}\n",
            forms=[(format_.label, f"{address}.{extension}") for extension, format_ in EXTENSIONS.items()],
        )

    return page


def _nothing(_: Thing) -> dict[str, Any]:
    return {}


def _kinds(found: Thing, outline: Outline) -> list[Any]:
    """Return the types that are asserted before those that follow from them."""
    kinds = [
        kind
        for property_ in outline.properties(found.iri, inferred=found.inferred)
        if property_.cell.title == TYPE
        for kind in property_.values
    ]
    return sorted(kinds, key=lambda kind: kind.inferred)


def _group(found: Thing, incoming: Incoming) -> dict[str, Any]:
    where = f"?thing <{incoming.property}> {found.iri}"
    cells = [iri_cell(subject, found.labels) for subject in incoming.subjects[:MOST_LINKS]]
    return {
        "property": iri_cell(incoming.property, found.labels),
        "total": incoming.total,
        "subjects": cells,
        "query": f"SELECT DISTINCT ?thing\nWHERE {{ {where} }}\nORDER BY ?thing\n",
    }
