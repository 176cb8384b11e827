"""What is measured, and in which order: for each question, all servers in turn, several times over.

So whatever else the machine does meanwhile hits all of them alike.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from bench.load import Load, LoadError, compiled, measure, request
from bench.others import MissingError
from bench.questions import ACCEPT, Question, content
from bench.servers import OXIGRAPH, SERVERS, TACIT, Running, Server, started

#: The columns of ours: the same server, asked what it has never seen, and asked again.
NEW: Final = "Tacit, new"
REPEATED: Final = "Tacit, repeated"
CLIENTS: Final = (1, 8)
_OURS: Final = (NEW, REPEATED, OXIGRAPH.name)
#: How the load generator says that it waited in vain.
_LATE: Final = "no answer"


@dataclass(frozen=True)
class Plan:
    """How long a slice of measuring lasts, how many *rounds* there are, and when a server is given up."""

    slice: float
    rounds: int
    patience: float  # for one answer
    budget: float  # for the first answers of one server to all questions
    start: float  # for its start
    end: float  # after which only ours and Oxigraph's are measured


QUICK: Final = Plan(slice=0.03, rounds=2, patience=2, budget=10, start=30, end=60)
FULL: Final = Plan(slice=0.06, rounds=4, patience=10, budget=60, start=120, end=480)
#: Whoever takes longer than this for one answer is not asked by eight clients at once.
SLOW: Final = 0.3


@dataclass
class Results:
    """What came out. *times* and *rates* are by (column, question, clients), medians of the rounds."""

    running: dict[str, Running] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, dict[str, str]] = field(default_factory=dict)
    times: dict[tuple[str, str, int], float] = field(default_factory=dict)
    rates: dict[tuple[str, str, int], float] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """Return the columns, Oxigraph's own server first: it is what the others are held against."""
        others = [name for name in self.running if name not in (TACIT.name, OXIGRAPH.name)]
        return [OXIGRAPH.name, NEW, REPEATED, *others]


class Bench:
    """The servers that run on *graph*, each with its first answer to each of the *questions*."""

    def __init__(
        self, graph: Path, questions: list[Question], plan: Plan, folder: Path, say: Callable[[str], None]
    ) -> None:
        self.results = Results()
        self._graph, self.questions, self._plan, self._folder, self._say = graph, questions, plan, folder, say
        self._stacks: dict[str, ExitStack] = {}
        self._cost: dict[tuple[str, str], float] = {}  # of the first answer
        self._program = compiled(folder)
        if self._program is None:
            say("THERE IS NO C COMPILER: with load from Python the ratios of fast answers are too near to 1")
        self._began = time.perf_counter()

    def run(self, servers: tuple[Server, ...] = SERVERS) -> Results:
        """Start the *servers*, see that they agree, measure, and stop them."""
        try:
            self._start_all(servers)
            self._agree()
            # not topic by topic, so that what there is no time for is no topic
            for number, question in enumerate(sorted(self.questions, key=lambda q: q.name[::-1]), 1):
                for clients in CLIENTS:
                    self._measure(question, clients)
                if number % 10 == 0:
                    self._say(f"{number} of {len(self.questions)} questions measured")
        finally:
            for stack in self._stacks.values():
                stack.close()
        return self.results

    def _start_all(self, servers: tuple[Server, ...]) -> None:
        for server in servers:
            try:
                self._start(server)
            except MissingError as error:
                self.results.missing[server.name] = str(error)
                self._say(f"LEFT OUT: {server.name}: {error}")
        for needed in (TACIT.name, OXIGRAPH.name):
            if needed not in self.results.running:
                raise MissingError(
                    f"{needed} is what the others are compared with: {self.results.missing[needed]}"
                )

    def _start(self, server: Server) -> None:
        stack = ExitStack()
        folder = self._folder / server.name.replace(", ", "-").lower()
        running = stack.enter_context(started(server, self._graph, folder, self._plan.start))
        first = self.results.running.get(server.name)  # of a restart only the address counts
        self.results.running[server.name] = first.at(running.address) if first else running
        self._stacks[server.name] = stack
        if first is None:
            self._say(f"{server.name} answers after {running.start:.2f} s")

    def _agree(self) -> None:
        """Ask every server everything once; leave out what differs from Oxigraph's answer."""
        expected: dict[str, object] = {}
        names = [OXIGRAPH.name, *(name for name in self.results.running if name != OXIGRAPH.name)]
        for name in names:
            out = self.results.left_out.setdefault(name, {})
            spent = 0.0  # without restarts
            for question in self.questions:
                if spent > self._plan.budget:
                    out[question.name] = f"it took over {self._plan.budget:.0f} s for what came before"
                    continue
                began = time.perf_counter()
                why, answer = self._first(name, question)
                self._cost[name, question.name] = time.perf_counter() - began
                spent += self._cost[name, question.name]
                if why.startswith(_LATE):
                    self._restart(name)  # it may be busy with this for hours
                if answer is not None and name == OXIGRAPH.name:
                    expected[question.name] = answer
                elif answer is not None and answer != expected.get(question.name):
                    why = "another answer than Oxigraph's"
                if why:
                    out[question.name] = why
            self._say(
                f"{name} answers {len(self.questions) - len(out)} of {len(self.questions)} as Oxigraph does"
            )

    def _first(self, name: str, question: Question) -> tuple[str, object]:
        load = None
        address = self.results.running[name].address
        try:
            load = Load(address, 1)
            body = load.ask(request(address, question.text, ACCEPT[question.kind]), self._plan.patience)
            return "", content(question.kind, body)
        except (LoadError, OSError, ValueError) as error:
            return str(error), None
        finally:
            if load:
                load.close()

    def _restart(self, name: str) -> None:
        self._stacks.pop(name).close()
        self._start(next(server for server in SERVERS if server.name == name))

    def _measure(self, question: Question, clients: int) -> None:
        times: dict[str, list[float]] = {}
        rates: dict[str, list[float]] = {}
        columns = dict(self._columns(question, clients))
        for turn in range(self._plan.rounds + 1):
            for column, address in list(columns.items()):
                if not turn and self._cost.get((column, question.name), 0) > SLOW:
                    continue  # the first round is for warming up, and this one was asked before
                try:
                    measured = measure(
                        self._program,
                        address,
                        request(address, question.text, ACCEPT[question.kind], new=column == NEW),
                        clients=clients,
                        seconds=self._plan.slice if turn else 0,
                        patience=clients * self._plan.patience,
                    )
                except (LoadError, OSError) as error:
                    self._give_up(column, question, clients, error)
                    del columns[column]
                    continue
                if turn:
                    times.setdefault(column, []).append(measured.median)
                    rates.setdefault(column, []).append(measured.rate)
                    if measured.seconds > 4 * self._plan.slice and column not in _OURS:
                        del columns[column]  # one round of it has to do
        for column, found in times.items():
            self.results.times[column, question.name, clients] = median(found)
            self.results.rates[column, question.name, clients] = median(rates[column])

    def _columns(self, question: Question, clients: int) -> Iterator[tuple[str, str]]:
        late = time.perf_counter() - self._began > self._plan.end
        for name, running in self.results.running.items():
            out = self.results.left_out[name]
            if question.name in out or f"{question.name} (8 clients)" in out:
                continue
            if name == TACIT.name:
                yield from ((column, running.address) for column in (NEW, REPEATED))
            elif name == OXIGRAPH.name:
                yield name, running.address
            elif late:
                out[question.name] = "the time for the benchmark was up"
            elif clients > 1 and self._cost[name, question.name] > SLOW:
                out[f"{question.name} (8 clients)"] = f"one answer takes it over {SLOW} s"
            else:
                yield name, running.address

    def _give_up(self, column: str, question: Question, clients: int, error: Exception) -> None:
        name = TACIT.name if column in (NEW, REPEATED) else column
        self.results.left_out[name][question.name] = f"with {clients} clients: {error}"
        self._say(f"LEFT OUT: {column}: {question.name} with {clients} clients: {error}")
        self._restart(name)
