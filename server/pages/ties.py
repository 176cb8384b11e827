"""All ties on one timeline and as a table, seen through a lens: whose definition colours it."""

from flask import Blueprint

blueprint = Blueprint("ties", __name__)
