"""A query as a program: what a reader copies to ask it from a shell, from Python or from R."""

import re
from typing import Final

from tacit.syntax import first_word

_FORMS: Final = {"SELECT": "csv", "ASK": "json", "CONSTRUCT": "turtle", "DESCRIBE": "turtle"}
_MEDIA: Final = {"csv": "text/csv", "json": "application/sparql-results+json", "turtle": "text/turtle"}

_CURL: Final = """\
curl -H 'Accept: {media}' --data-urlencode query@- '{endpoint}' <<'{end}'
{query}
{end}
"""
_PYTHON: Final = """\
{imports}
query = '''
{query}
'''
request = urllib.request.Request(
    "{endpoint}",
    data=urllib.parse.urlencode({{"query": query}}).encode(),
    headers={{"Accept": "{media}"}},
)
with urllib.request.urlopen(request) as answer:
    text = answer.read().decode()
{result}
"""
_PYTHON_IMPORTS: Final = {"csv": ("csv", "io"), "json": ("json",), "turtle": ()}
_PYTHON_RESULT: Final = {
    "csv": "for row in csv.DictReader(io.StringIO(text, newline='')):\n    print(row)",
    "json": 'print(json.loads(text)["boolean"])',
    "turtle": "print(text)",
}
_R: Final = """\
query <- r"{dashes}(
{query}
){dashes}"
address <- paste0("{endpoint}?format={format}&query=", URLencode(query, reserved = TRUE))
{result}
"""
_R_RESULT: Final = {
    "csv": "answer <- read.csv(address)\nprint(answer)",
    "json": "cat(readLines(address, warn = FALSE))",
    "turtle": 'cat(readLines(address, encoding = "UTF-8"), sep = "\\n")',
}


def code(query: str, endpoint: str) -> dict[str, str]:
    """Return programs that ask *query* at *endpoint*, by the name of their language."""
    query = query.strip("\n")
    format_ = _FORMS[_form(query)]
    common = {"endpoint": endpoint, "media": _MEDIA[format_], "format": format_}
    end = "SPARQL"
    lines = set(query.splitlines())
    while end in lines:
        end += "_"
    # as many as nothing in the query ends in
    dashes = "-" * max([3, *(len(run) + 1 for run in re.findall(r'\)(-*)"', query))])
    imports = sorted((*_PYTHON_IMPORTS[format_], "urllib.parse", "urllib.request"))
    return {
        "curl": _CURL.format(query=query, end=end, **common),
        "Python": _PYTHON.format(
            query=query.replace("\\", "\\\\").replace("'''", "\\'\\'\\'"),
            imports="\n".join(f"import {name}" for name in imports) + "\n",
            result=_PYTHON_RESULT[format_],
            **common,
        ),
        "R": _R.format(query=query, dashes=dashes, result=_R_RESULT[format_], **common),
    }


def _form(query: str) -> str:
    """Return the form of *query*; SELECT where it has none, as it is not for us to find that fault."""
    first = first_word(query)
    form = first.text.upper() if first else ""
    return form if form in _FORMS else "SELECT"
