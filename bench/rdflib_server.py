"""rdflib-endpoint on the graph; runs under the Python of the benchmark's own environment.

python rdflib_server.py PORT STORE GRAPH
"""

import sys

import uvicorn  # type: ignore[import-not-found,unused-ignore]
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Load the graph and serve it."""
    port, store, graph = sys.argv[1:]
    dataset = Dataset(store=store, default_union=True)
    dataset.parse(graph, format="nquads")
    uvicorn.run(SparqlEndpoint(graph=dataset), host="127.0.0.1", port=int(port), log_level="error")


if __name__ == "__main__":
    main()
