"""Wikidata's Action API, as far as links need it, and as its operators ask to be asked.

Entities come in batches; a lagging or busy server is given time; every request says who asks.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from tacit.errors import TacitError
from tacit.names import BASE

ENDPOINT: Final = "https://www.wikidata.org/w/api.php"
#: How many entities one request may name; the API refuses more.
BATCH: Final = 50
#: Seconds of lag between its databases above which the API is to refuse us, as it asks of programs.
_MAXLAG: Final = 5
_TRIES: Final = 6
_LONGEST_PAUSE: Final = 120.0
_TIMEOUT: Final = 30.0
_BUSY: Final = {429, 502, 503, 504}
#: Errors of the API that pass by themselves.
_PASSING: Final = {"maxlag", "ratelimited", "readonly"}


@dataclass(frozen=True)
class Entity:
    """An item or property, as far as a link depends on it.

    *id* is what was asked for, *target* where it now leads, or "" if there is no such entity. *labels* and
    *names* (labels and aliases) are by language; *types* are the values of P31, *wider* those of P279.
    """

    id: str
    target: str
    labels: dict[str, str]
    names: dict[str, list[str]]
    types: list[str]
    wider: list[str]


@dataclass(frozen=True)
class Candidate:
    """An item that a search found."""

    id: str
    label: str
    description: str


class Client:
    """Asks the Action API at *endpoint*; *contact* is how its operators reach whoever runs this.

    *sleep* is there for tests, which wait for nothing.
    """

    def __init__(
        self,
        endpoint: str = ENDPOINT,
        contact: str = BASE,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise TacitError(f"{endpoint} is no web address: give one that begins with https://.")
        if not contact.isprintable() or not contact.isascii():
            raise TacitError("A contact is an address in plain letters, such as you@example.org.")
        self.endpoint = endpoint
        self.agent = f"Tacit/0.1 ({contact}) python-urllib"
        self._sleep = sleep

    def entities(self, ids: Sequence[str]) -> dict[str, Entity]:
        """Return the entities of *ids*, at most `BATCH` of them, by the identifier asked for.

        Raises TacitError, if the API cannot be reached, stays busy, or answers something else.
        """
        answer = self._get(
            action="wbgetentities", ids="|".join(ids), props="labels|aliases|claims", languages="en|vi|mul"
        )
        if error := answer.get("error"):
            if error.get("code") != "no-such-entity":
                raise TacitError(f"{self.endpoint} refuses: {error.get('info', error.get('code'))}.")
            if len(ids) == 1:
                return {ids[0]: _entity(ids[0], {"missing": ""})}
            # One identifier that never was spoils the whole batch; the API may say which.
            bad = error.get("id")
            middle = len(ids) // 2
            rest = [id_ for id_ in ids if id_ != bad] if bad in ids else ids[:middle]
            first = [str(bad)] if bad in ids else ids[middle:]
            return self.entities(first) | self.entities(rest)
        entities = answer.get("entities")
        if not isinstance(entities, dict):
            raise TacitError(f"{self.endpoint} does not answer like Wikidata's API: no entities.")
        return {id_: _entity(id_, entities.get(id_, {"missing": ""})) for id_ in ids}

    def search(self, term: str, language: str = "en", limit: int = 10) -> list[Candidate]:
        """Return the items whose labels or aliases begin with *term*. Raises TacitError as `entities`."""
        answer = self._get(
            action="wbsearchentities",
            search=term,
            language=language,
            uselang=language,
            type="item",
            limit=str(limit),
        )
        if error := answer.get("error"):
            raise TacitError(f"{self.endpoint} refuses: {error.get('info', error.get('code'))}.")
        return [
            Candidate(str(hit["id"]), str(hit.get("label", hit["id"])), str(hit.get("description", "")))
            for hit in answer.get("search", [])
        ]

    def _get(self, **parameters: str) -> dict[str, Any]:
        """Return the answer of the API, after as many pauses as it asks for, up to a limit."""
        query = urlencode({**parameters, "format": "json", "maxlag": str(_MAXLAG)})
        request = Request(  # noqa: S310  # the constructor has seen to the scheme
            f"{self.endpoint}?{query}", headers={"User-Agent": self.agent, "Accept": "application/json"}
        )
        reason = ""
        for attempt in range(_TRIES):
            try:
                with urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310
                    answer, headers = json.load(response), response.headers
            except HTTPError as error:
                error.close()
                if error.code not in _BUSY:
                    raise TacitError(f"{self.endpoint} answers with status {error.code}.") from error
                reason, headers = f"status {error.code}", error.headers
            except (OSError, HTTPException) as error:  # no network, no such host, no answer in time
                cause = getattr(error, "reason", error)
                raise TacitError(
                    f"Wikidata cannot be reached at {self.endpoint}: {cause}. Links are checked online: try "
                    "again with a network; what was read so far is kept."
                ) from error
            except ValueError as error:
                raise TacitError(f"{self.endpoint} does not answer like Wikidata's API: no JSON.") from error
            else:
                error_ = answer.get("error") if isinstance(answer, dict) else {"info": "no object"}
                if not error_ or error_.get("code") not in _PASSING:
                    return dict(answer) if isinstance(answer, dict) else {"error": error_}
                reason = str(error_.get("code"))
            if attempt + 1 < _TRIES:
                self._sleep(pause(headers, attempt))
        raise TacitError(f"{self.endpoint} stays busy ({reason}): try again later; what was read is kept.")


def pause(headers: HTTPMessage, attempt: int) -> float:
    """Return for how many seconds to wait: what Retry-After says, else 1, 2, 4 … by the *attempt*."""
    given = str(headers.get("Retry-After", "")).strip()
    if given.isdecimal():
        return min(float(given), _LONGEST_PAUSE)
    if given:
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            pass
        else:
            return max(0.0, min((until - datetime.now(UTC)).total_seconds(), _LONGEST_PAUSE))
    return min(2.0**attempt, _LONGEST_PAUSE)


def _entity(id_: str, data: dict[str, Any]) -> Entity:
    """Read one entity of an answer; the API writes an empty object as ``[]``."""
    if "missing" in data:
        return Entity(id_, "", {}, {}, [], [])
    labels = {code: str(label["value"]) for code, label in dict(data.get("labels") or {}).items()}
    names = {code: [label] for code, label in labels.items()}
    for code, aliases in dict(data.get("aliases") or {}).items():
        names.setdefault(code, []).extend(str(alias["value"]) for alias in aliases)
    claims = dict(data.get("claims") or {})
    target = str(data.get("id", id_))
    return Entity(id_, target, labels, names, _values(claims.get("P31")), _values(claims.get("P279")))


def _values(statements: Iterable[dict[str, Any]] | None) -> list[str]:
    """Return the items that the statements name, but for those which Wikidata itself calls wrong."""
    return [
        str(statement["mainsnak"]["datavalue"]["value"]["id"])
        for statement in statements or []
        if statement.get("rank") != "deprecated" and statement["mainsnak"].get("snaktype") == "value"
    ]
