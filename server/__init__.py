"""The SPARQL endpoint: a Flask application over the built graph, made by `create_app`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Import the application when it is asked for: `server.__main__` begins to load the graph before."""
    if name == "create_app":
        from server.app import create_app  # noqa: PLC0415

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
