"""Search over labels, other names and paraphrases."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)
