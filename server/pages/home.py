"""The home page."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server import questions
from server.formats import HTML, available

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str | BaseResponse:
    """Show what Tacit is, and the library; ``?query=TOPIC/NAME``, an address of old, leads to the editor.

    The address is also the IRI of the data set: who wants RDF is sent to its description.
    """
    if request.accept_mimetypes.best_match([HTML, *available("graph")], HTML) != HTML:
        return redirect(url_for("description.void"), 303)
    if "query" in request.args:
        return redirect(f"{url_for('query.page')}?{urlencode(request.args)}", 303)
    return render_template("home.html", topics=questions.topics())
