"""One tie: who says what of it, which definitions hold, are contradicted or silent, and why."""

from flask import Blueprint

blueprint = Blueprint("tie", __name__)
