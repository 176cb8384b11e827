"""What we ask of Wikidata's API and make of its answers.

See `tests.tacit.wikidata_api` for what that proves, and what only the live service can.
"""

from collections.abc import Iterator
from email.message import Message
from http.client import HTTPMessage

import pytest

from tacit.errors import TacitError
from tacit.wikidata import Candidate, Client, pause
from tests.tacit.wikidata_api import Api, busy, item, lagging, serving


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("no_proxy", "*")
    items = [
        item("Q1", "Northland", "Kingdom of the North", types=("Q90",)),
        item("Q2", "Vịnh Nam", language="vi"),
        item("Q90", "state", wider=("Q91",)),
    ]
    with serving(Api(items)) as api:
        yield api


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(api: Api, pauses: list[float]) -> Client:
    return Client(api.address, "you@example.org", pauses.append)


def test_entities_are_read_with_names_types_and_wider_classes(client: Client) -> None:
    entities = client.entities(["Q1", "Q2", "Q90"])
    assert entities["Q1"].target == "Q1"
    assert entities["Q1"].labels == {"en": "Northland"}
    assert entities["Q1"].names == {"en": ["Northland", "Kingdom of the North"]}
    assert entities["Q1"].types == ["Q90"]
    assert entities["Q2"].labels == {"vi": "Vịnh Nam"}
    assert entities["Q2"].types == [], "the API writes no claims as []"
    assert entities["Q90"].wider == ["Q91"]


def test_one_request_asks_for_many_says_who_asks_and_minds_the_lag(client: Client, api: Api) -> None:
    client.entities(["Q1", "Q2"])
    (request,) = api.requests
    assert request["ids"] == "Q1|Q2"
    assert request["maxlag"] == "5"
    assert request["format"] == "json"
    assert api.agents == ["Tacit/0.1 (you@example.org) python-urllib"]


def test_a_redirect_is_seen(client: Client, api: Api) -> None:
    api.redirects["Q7"] = "Q1"
    assert client.entities(["Q7"])["Q7"].target == "Q1"


@pytest.mark.parametrize("strict", [True, False])
def test_an_identifier_that_never_was_does_not_spoil_its_batch(
    client: Client, api: Api, strict: bool
) -> None:
    api.strict = strict
    entities = client.entities(["Q1", "Q404", "Q2", "Q405"])
    assert {id_ for id_, entity in entities.items() if entity.target} == {"Q1", "Q2"}
    assert {id_ for id_, entity in entities.items() if not entity.target} == {"Q404", "Q405"}


def test_an_error_that_does_not_say_which_identifier_is_found_by_halves(
    client: Client, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = api.answer

    def silent(parameters: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = whole(parameters)
        return status, headers, body.replace(b', "id": "Q404"', b"")

    monkeypatch.setattr(api, "answer", silent)
    entities = client.entities(["Q1", "Q404", "Q2", "Q90"])
    assert {id_ for id_, entity in entities.items() if entity.target} == {"Q1", "Q2", "Q90"}


def test_a_statement_that_wikidata_calls_wrong_or_unknown_is_none(client: Client, api: Api) -> None:
    wrong, unknown, right = (item("Q1", "", types=(q,))["claims"]["P31"][0] for q in ("Q5", "Q6", "Q8"))
    wrong["rank"] = "deprecated"
    unknown["mainsnak"] = {"snaktype": "somevalue", "property": "P31"}
    api.items["Q1"]["claims"] = {"P31": [wrong, unknown, right]}
    assert client.entities(["Q1"])["Q1"].types == ["Q8"]


def test_a_busy_server_is_given_the_time_that_it_asks_for(
    client: Client, api: Api, pauses: list[float]
) -> None:
    api.script = [busy(429, "7"), lagging(), busy(503, None)]
    assert client.entities(["Q1"])["Q1"].target
    assert pauses == [7.0, 5.0, 4.0]


def test_a_server_that_stays_busy_is_left_alone(client: Client, api: Api, pauses: list[float]) -> None:
    api.script = [busy(429, None)] * 6
    with pytest.raises(TacitError, match=r"stays busy \(status 429\): try again later"):
        client.entities(["Q1"])
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, {}, b""), "answers with status 404"),
        ((200, {}, b"<html>"), "no JSON"),
        ((200, {}, b"[]"), "refuses: no object"),
        ((200, {}, b"{}"), "no entities"),
        (
            (200, {}, b'{"error": {"code": "badvalue", "info": "Unrecognized value"}}'),
            "refuses: Unrecognized",
        ),
    ],
)
def test_what_is_no_answer_of_the_api_is_told(
    client: Client, api: Api, answer: tuple[int, dict[str, str], bytes], message: str
) -> None:
    api.script = [answer]
    with pytest.raises(TacitError, match=message):
        client.entities(["Q1"])


def test_without_a_network_there_is_a_sentence(pauses: list[float]) -> None:
    client = Client("http://127.0.0.1:1/w/api.php", "you@example.org", pauses.append)
    with pytest.raises(
        TacitError, match=r"Wikidata cannot be reached at http://127\.0\.0\.1:1/.*: try again"
    ):
        client.entities(["Q1"])
    assert pauses == [], "nobody waits for a network that is not there"


def test_a_search_gives_candidates_with_descriptions(client: Client, api: Api) -> None:
    assert client.search("north") == [Candidate("Q1", "Northland", "made up")]
    assert api.requests[0]["type"] == "item"
    assert client.search("nowhere") == []


@pytest.mark.parametrize("endpoint", ["file:///etc/passwd", "www.wikidata.org"])
def test_only_web_addresses_are_asked(endpoint: str) -> None:
    with pytest.raises(TacitError, match="is no web address"):
        Client(endpoint)


def test_a_contact_cannot_smuggle_headers_in() -> None:
    with pytest.raises(TacitError, match="plain letters"):
        Client(contact="a\r\nX-Evil: 1")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("100000", 120.0), ("soon", 4.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), (None, 4.0)],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float) -> None:
    headers = Message()
    if header:
        headers["Retry-After"] = header
    message = HTTPMessage()
    for name, value in headers.items():
        message[name] = value
    assert pause(message, 2) == seconds
