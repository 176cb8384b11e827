"""`python -m bench`: the query library and three heavier queries, on our server and others; and reasons."""

import argparse
import signal
import sys
import time
from typing import Final

from bench import reasons
from bench.generate import million
from bench.others import ROOT, MissingError
from bench.questions import questions
from bench.report import details, report
from bench.rounds import FULL, QUICK, Bench
from bench.servers import OXIGRAPH, SERVERS, TACIT
from server.settings import BUILD_DIR, built_graph
from tacit.errors import TacitError

FOLDER: Final = ROOT / "build" / "bench"


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="less than two minutes: rougher, and Oxigraph's server only"
    )
    parser.add_argument("--million", action="store_true", help="a generated graph of a million triples")
    parser.add_argument("--details", action="store_true", help="also one line per query")
    parser.add_argument(
        "--only", nargs="+", default=[], help="beside ours and Oxigraph's, only these servers"
    )
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers are stopped on the way
    began = time.perf_counter()
    try:
        built = built_graph(BUILD_DIR)
        graph = million(built, FOLDER / "million") if chosen.million else built
        wanted = {TACIT.name, OXIGRAPH.name, *chosen.only}
        if not (chosen.quick or chosen.only):
            wanted = {server.name for server in SERVERS}
        servers = tuple(server for server in SERVERS if server.name in wanted)
        bench = Bench(graph.resolve(), questions(), QUICK if chosen.quick else FULL, FOLDER / "run", _say)
        results = bench.run(servers)
        for server in SERVERS:
            if server not in servers:
                results.missing[server.name] = "not asked for; name it with --only, or leave out --quick"
    except (MissingError, TacitError) as error:
        sys.exit(str(error))
    with graph.open("rb") as file:
        size = sum(1 for _ in file)
    taken = {} if chosen.million else reasons.measure(1 if chosen.quick else 3)  # they are of our own data
    minutes = (time.perf_counter() - began) / 60
    heading = f"{len(bench.questions)} queries on {size:,} triples; measured in {minutes:.1f} minutes"
    text = report(results, heading) + "\n"
    if taken:
        text += f"\nReasons, with the share of the time that each may take\n{reasons.report(taken)}\n"
    if chosen.details:
        text += "\n" + details(results) + "\n"
    (FOLDER / f"{graph.parent.name}.txt").write_text(text, encoding="utf-8")
    sys.stdout.write("\n" + text)


def _say(line: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
