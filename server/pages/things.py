"""Actors, treaties, policies and events: lists, and what a page about one adds."""

from flask import Blueprint

blueprint = Blueprint("things", __name__)
