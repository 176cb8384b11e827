"""Actors, treaties, policies and events: lists, and what a page about one adds."""

from flask import Blueprint

from server.pages import actors, doings, instruments  # noqa: F401

blueprint = Blueprint("things", __name__)
