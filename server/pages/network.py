"""The actors and their ties in a chosen year, seen through a lens."""

from flask import Blueprint

blueprint = Blueprint("network", __name__)
