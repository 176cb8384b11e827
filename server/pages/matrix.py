"""Tie by definition, three-valued; each cell opens its reasons."""

from flask import Blueprint

blueprint = Blueprint("matrix", __name__)
