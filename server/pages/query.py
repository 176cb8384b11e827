"""The editor for queries."""

from flask import Blueprint

blueprint = Blueprint("query", __name__)
