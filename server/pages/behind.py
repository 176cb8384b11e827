"""The data behind a page: the query that the page itself has asked, and the same data as a graph."""

from dataclasses import dataclass

from flask import request, url_for

from server import cache
from server.rdf import Row, rows
from tacit.names import PREFIXES


@dataclass(frozen=True)
class Behind:
    """What a page is made of: *select*, a query for a table, and *construct*, one for a graph of the same.

    Both may use our prefixes without declaring them; what a reader gets declares those in use.
    """

    select: str
    construct: str

    def rows(self) -> list[Row]:
        """Return the solutions of *select*, which are what the page shows."""
        return rows(declared(self.select))

    @property
    def links(self) -> list[tuple[str, str]]:
        """The addresses of the data, each with what a reader calls its format."""
        table, graph = declared(self.select), declared(self.construct)
        return [
            *((label, _sparql(table, name)) for label, name in (("CSV", "csv"), ("JSON", "json"))),
            *((label, _sparql(graph, name)) for label, name in (("Turtle", "turtle"), ("JSON-LD", "jsonld"))),
        ]

    @property
    def query(self) -> str:
        """The address at which *select* can be read, changed and asked."""
        return url_for("query.page", query=declared(self.select))


def declared(query: str) -> str:
    """Return *query* with the declarations of those of our prefixes that it uses."""
    used = [f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" in query]
    return "".join(used) + query


def keep_page() -> None:
    """Let the cache keep the page that answers this request; the graph behind it does not change."""
    cache.keep(request.environ, "")


def _sparql(query: str, name: str) -> str:
    return url_for("protocol.sparql", query=query, format=name)
