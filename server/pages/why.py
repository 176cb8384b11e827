"""Why, and what if, as pages over the same functions as `tacit explain` and `tacit what-if`."""

from flask import Blueprint

blueprint = Blueprint("why", __name__)
