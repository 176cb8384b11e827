"""Each definition: its conditions, whose it is, and what falls under it."""

from flask import Blueprint

blueprint = Blueprint("definitions", __name__)
