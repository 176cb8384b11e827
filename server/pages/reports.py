"""Where sources disagree, with each other and with themselves."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
