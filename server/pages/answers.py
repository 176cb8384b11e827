"""How claims answer claims: the property, what the answer does, and what is done to the other."""

from typing import Final

ANSWERS: Final = (
    ("cito:disputes", "disputes", "disputed by"),
    ("cito:refutes", "refutes", "refuted by"),
    ("cito:qualifies", "qualifies", "qualified by"),
    ("cito:supports", "supports", "supported by"),
    ("tacit:concedes", "concedes", "conceded by"),
)
