"""The links to Wikidata: where each was checked, and what Wikidata lacks."""

from flask import Blueprint

blueprint = Blueprint("links", __name__)
