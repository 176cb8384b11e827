"""A definition of one's own: conditions chosen, judged at once, kept in the address."""

from flask import Blueprint

blueprint = Blueprint("workbench", __name__)
