"""What this server says of itself: the service description, VoID and DCAT, as data and as pages.

Derived from the table of formats, from the data as the engine counts them, and from the ontology's header.
"""

from flask import Blueprint, Response, render_template, request

from server.dataset import dataset, sizes
from server.formats import FORMATS
from server.labels import iri_cell, labels, ours
from server.pages.query import form_page
from server.rdf import EXTENSIONS, public_root, send
from server.state import state
from server.void import Description

blueprint = Blueprint("description", __name__)


def service() -> Response:
    """Answer for the endpoint without a query: the service description, or the form for people."""
    return send(None, None, lambda: _service().triples, form_page)


@blueprint.get("/.well-known/void")
@blueprint.get("/.well-known/void.<any(ttl, nt, rdf, jsonld, html):extension>")
def void(extension: str | None = None) -> Response:
    """Answer with the data set in VoID and DCAT."""
    address = f"{request.script_root}/.well-known/void"
    return send(address, extension, lambda: _void().triples, lambda: _page(address))


def digest() -> str:
    """Return the digest of the build that is served, or ""."""
    built = state().built
    return built.parent.name if built else ""


def _service() -> Description:
    description = Description(public_root())
    federated = bool(state().settings.get("service"))
    description.add_service(sizes(), union=state().built is not None, federated=federated)
    return description


def _void() -> Description:
    description = _service()
    description.add_dataset(dataset(), built=state().built is not None, digest=digest())
    return description


def _page(address: str) -> str:
    data = dataset()
    known = labels(ours({*data.graphs, *data.whole.classes}))
    classes = sorted(data.whole.classes.items(), key=lambda item: (-item[1], item[0]))
    return render_template(
        "void.html",
        whole=data.whole,
        graphs=[(iri_cell(name, known), part) for name, part in data.graphs.items()],
        classes=[(iri_cell(name, known), entities) for name, entities in classes],
        formats=FORMATS,
        digest=digest(),
        header={name: [str(getattr(term, "value", term)) for term in t] for name, t in data.header.items()},
        forms=[(format_.label, f"{address}.{extension}") for extension, format_ in EXTENSIONS.items()],
    )
