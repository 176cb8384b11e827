"""What the Reconciliation API 0.2 says that its answers look like, written down from the specification.

Its JSON schemas are not part of the project; each function holds an answer to what one of them asks.
"""

from typing import Any


def of_type(value: Any) -> None:
    assert isinstance(value["id"], str)
    assert isinstance(value["name"], str)
    for above in value.get("broader", []):
        of_type(above)


def manifest(value: Any) -> None:
    assert "0.2" in value["versions"]
    for name in ("name", "identifierSpace", "schemaSpace"):
        assert isinstance(value[name], str)
    assert "{{id}}" in value["view"]["url"]
    assert "{{id}}" in value["preview"]["url"]
    assert all(isinstance(value["preview"][name], int) for name in ("width", "height"))
    for type_ in value["defaultTypes"]:
        of_type(type_)
    for kind in ("entity", "type", "property"):
        assert value["suggest"][kind]["service_url"].startswith("http")
        assert value["suggest"][kind]["service_path"].startswith("/")
        assert "${id}" in value["suggest"][kind]["flyout_service_path"]
    assert value["extend"]["propose_properties"]["service_path"].startswith("/")
    assert isinstance(value["batchSize"], int)


def result_batch(value: Any) -> None:
    for answer in value.values():
        scores = [candidate["score"] for candidate in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        for candidate in answer["result"]:
            assert all(isinstance(candidate[name], str) for name in ("id", "name", "description"))
            assert isinstance(candidate["score"], int | float)
            assert isinstance(candidate["match"], bool)
            for type_ in candidate["type"]:
                of_type(type_)
            assert len({feature["id"] for feature in candidate["features"]}) == len(candidate["features"])
            assert all(isinstance(feature["value"], bool | int | float) for feature in candidate["features"])


def suggestions(value: Any) -> None:
    for entry in value["result"]:
        assert isinstance(entry["id"], str)
        assert isinstance(entry["name"], str)
        for type_ in entry.get("notable", []):
            of_type(type_)


def proposal(value: Any) -> None:
    assert isinstance(value["type"], str)
    assert isinstance(value["limit"], int)
    suggestions({"result": value["properties"]})


def extension(value: Any) -> None:
    for entry in value["meta"]:
        assert isinstance(entry["id"], str)
        assert isinstance(entry["name"], str)
    properties = {entry["id"] for entry in value["meta"]}
    for row in value["rows"].values():
        assert set(row) == properties
        for cells in row.values():
            assert all(set(cell) in ({"str"}, {"id", "name"}) for cell in cells)
            assert all(isinstance(text, str) for cell in cells for text in cell.values())
