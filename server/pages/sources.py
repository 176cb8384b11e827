"""Each article and data set: what it claims, in reading order, and who disputes what."""

from flask import Blueprint

blueprint = Blueprint("sources", __name__)
