"""The numbers of /metrics, in the text format of Prometheus.

Some lines of our own rather than prometheus_client: two counters and a histogram need no registry, and this
one counts for one application and not for the whole process.
"""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
#: The upper ends of the histogram, in seconds; the last is the time limit of most endpoints.
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Requests by route and status, their seconds by route, and queries by outcome."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._queries: defaultdict[str, int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def observe(self, route: str, status: str, seconds: float, outcome: str | None) -> None:
        """Count a request, and, where *outcome* is not None, the query in it."""
        with self._lock:
            self._requests[route, status] += 1
            self._buckets[route][bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds
            if outcome is not None:
                self._queries[outcome] += 1

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """Return everything, and *gauges*, each a sentence and a value by its name."""
        with self._lock:
            return "\n".join([*self._lines(), *_gauges(gauges)]) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# HELP tacit_requests_total Requests by route and status."
        yield "# TYPE tacit_requests_total counter"
        for (route, status), count in sorted(self._requests.items()):
            yield f'tacit_requests_total{{route="{_escaped(route)}",status="{status}"}} {count}'
        yield "# HELP tacit_queries_total Queries by outcome: answered, cached, or the name of the problem."
        yield "# TYPE tacit_queries_total counter"
        for outcome, count in sorted(self._queries.items()):
            yield f'tacit_queries_total{{outcome="{_escaped(outcome)}"}} {count}'
        yield "# HELP tacit_request_seconds Seconds from request to whole answer, by route."
        yield "# TYPE tacit_request_seconds histogram"
        for route, counts in sorted(self._buckets.items()):
            name, total = _escaped(route), 0
            for end, count in zip([*map(str, BUCKETS), "+Inf"], counts, strict=True):
                total += count
                yield f'tacit_request_seconds_bucket{{route="{name}",le="{end}"}} {total}'
            yield f'tacit_request_seconds_sum{{route="{name}"}} {self._seconds[route]:.6f}'
            yield f'tacit_request_seconds_count{{route="{name}"}} {total}'


def _gauges(gauges: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    for name, (sentence, value) in gauges.items():
        yield f"# HELP {name} {sentence}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {value:g}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
