"""What strangers may send, and how each must end. Data only: `test_hostile` sends it.

Queries meet a time limit of half a second, 128 MB of memory and answers of 1 MB, over 900 triples.
"""

from typing import Final

TIME, MEMORY, LARGE, DEEP = {504}, {504, 507}, {504, 507}, {400, 507}
REFUSED, SYNTAX = {403}, {400}

_CROSS: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i ."
_MORE: Final = _CROSS + " ?j ?k ?l . ?m ?n ?o ."
_LIST: Final = "https://query.wikidata.org/sparql"
_NUMBERS: Final = "VALUES ?x { " + " ".join(map(str, range(2000))) + " }"


def _nested(head: str, begin: str, end: str, times: int, middle: str = "") -> str:
    return head.replace("*", begin * times + middle + end * times)


#: Name, query, and the statuses that are a right answer to it.
QUERIES: Final[list[tuple[str, str, set[int]]]] = [
    # brackets without end
    ("10,000 groups", _nested("SELECT ?s { * }", "{", "}", 10_000), DEEP),
    ("100,000 groups", _nested("SELECT ?s { * }", "{", "}", 100_000), DEEP),
    ("10,000 groups, not closed", "SELECT ?s " + "{" * 10_000, DEEP),
    ("10,000 parentheses", _nested("SELECT ?s { FILTER(*) }", "(", ")", 10_000, "1"), DEEP),
    ("10,000 negations", _nested("SELECT ?s { FILTER(*) }", "!", "", 10_000, "true"), DEEP | {200}),
    ("10,000 minus signs", _nested("SELECT (* AS ?x) {}", "- ", "", 10_000, "1"), DEEP | {200}),
    ("10,000 OPTIONAL", _nested("SELECT ?s { * }", "?s ?p ?o OPTIONAL {", "}", 10_000), DEEP | TIME),
    (
        "3,000 OPTIONAL in a row",
        "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 3000 + "}",
        DEEP | MEMORY,
    ),
    (
        "3,000 UNION",
        "SELECT (COUNT(*) AS ?n) { {} " + "UNION { ?s ?p ?o } " * 3000 + "}",
        DEEP | MEMORY | {200},
    ),
    (
        "2,000 subqueries",
        _nested("SELECT * { * }".replace("* {", "?s {"), "{ SELECT * {", "}}", 2_000),
        DEEP | {200},
    ),
    ("10,000 EXISTS", _nested("ASK { * }", "FILTER EXISTS {", "}", 10_000), DEEP),
    (
        "20,000 collections",
        _nested("SELECT * { ?s ?p * }".replace("SELECT *", "SELECT ?s"), "(", ")", 20_000),
        DEEP | TIME,
    ),
    ("20,000 blank nodes", _nested("SELECT ?s { ?s ?p * }", "[ ?p ", "]", 20_000, "1"), DEEP | TIME),
    ("20,000 path brackets", _nested("SELECT ?s { ?s * ?o }", "(", ")", 20_000, "<urn:p:1>"), DEEP),
    ("20,000 IF", _nested("SELECT (* AS ?x) {}", "IF(true,", ",1)", 20_000, "1"), DEEP),
    ("20,000 quoted triples", _nested("SELECT ?s { ?s ?p * }", "<<( ?s ?p ", ")>>", 20_000, "1"), DEEP),
    # joins without end
    ("triple cross product", f"SELECT (COUNT(*) AS ?n) {{ {_MORE} }}", TIME),
    ("DISTINCT over a cross product", f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {_MORE} }}", MEMORY),
    ("DISTINCT rows", f"SELECT DISTINCT * {{ {_MORE} FILTER(?a != ?b) }}", MEMORY),
    ("ORDER BY over a cross product", f"SELECT ?a {{ {_MORE} }} ORDER BY ?c ?f LIMIT 1", MEMORY),
    ("GROUP BY everything", f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {_MORE} }} GROUP BY ?a ?d ?g", MEMORY),
    ("FILTER that is never true", f"ASK {{ {_MORE} FILTER(?a = ?p) }}", TIME),
    ("ASK for what is not", f"ASK {{ {_MORE} FILTER(STR(?a) = ?none) }}", TIME),
    ("MINUS of cross products", f"SELECT * {{ {_CROSS} MINUS {{ {_CROSS} FILTER(?a != ?a) }} }}", LARGE),
    (
        "NOT EXISTS of a cross product",
        f"ASK {{ ?s ?p ?o FILTER NOT EXISTS {{ {_MORE} FILTER(1 = 2) }} FILTER(1=2) }}",
        TIME | {200},
    ),
    ("CONSTRUCT of a cross product", f"CONSTRUCT {{ ?a ?e ?i }} {{ {_CROSS} }}", LARGE),
    ("DESCRIBE of everything, often", f"DESCRIBE ?a {{ {_CROSS} }}", LARGE),
    ("OFFSET into a cross product", f"SELECT * {{ {_MORE} }} OFFSET 1000000000 LIMIT 1", TIME),
    ("LIMIT that is no limit", f"SELECT * {{ {_CROSS} }} LIMIT 9223372036854775807", LARGE),
    ("GRAPH cross product", "SELECT * { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } }", LARGE | {200}),
    (
        "subquery cross product",
        f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT * {{ {_CROSS} }} }} "
        "{ SELECT * { ?x ?y ?z . ?u ?v ?w . ?r ?s ?t } } }",
        TIME | MEMORY,
    ),
    (
        "huge VALUES, crossed",
        "SELECT (COUNT(*) AS ?n) { " + " ".join(_NUMBERS.replace("?x", f"?{name}") for name in "xyz") + " }",
        TIME | MEMORY,
    ),
    # paths
    (
        "closure of any path",
        "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?c (!<urn:x>)* ?d . ?e (!<urn:y>)* ?f }",
        MEMORY,
    ),
    (
        "closures of closures",
        "SELECT (COUNT(*) AS ?n) { ?a ((((!<urn:x>|^!<urn:x>)*)*)+)* ?b . ?c (!<urn:y>|^!<urn:y>)* ?d }",
        MEMORY,
    ),
    (
        "path of 5,000 steps",
        "SELECT * { ?a " + "/".join(["!<urn:x>"] * 5000) + " ?b }",
        DEEP | MEMORY | {200},
    ),
    (
        "path of 5,000 alternatives",
        "SELECT (COUNT(*) AS ?n) { ?a ("
        + "|".join(f"<urn:p:{n}>" for n in range(5000))
        + ")* ?b . ?c ?d ?e . ?f ?g ?h }",
        DEEP | MEMORY | {200},
    ),
    # strings and numbers
    ("GROUP_CONCAT bomb", f"SELECT (GROUP_CONCAT(?c) AS ?x) {{ {_CROSS} }}", MEMORY),
    (
        "string that doubles",
        'SELECT (STRLEN(?z) AS ?n) { BIND("aaaaaaaaaaaaaaaa" AS ?v0) '
        + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
        + " BIND(?v40 AS ?z) }",
        MEMORY,
    ),
    (
        "REPLACE that grows",
        'SELECT (STRLEN(?v9) AS ?n) { BIND("aaaaaaaaaa" AS ?v0) '
        + " ".join(f'BIND(REPLACE(?v{n}, "a", "aaaaaaaaaa") AS ?v{n + 1})' for n in range(9))
        + " }",
        MEMORY,
    ),
    (
        "ENCODE_FOR_URI that grows",
        'SELECT (STRLEN(?v20) AS ?n) { BIND("%%%%%%%%%%" AS ?v0) '
        + " ".join(f'BIND(ENCODE_FOR_URI(CONCAT(?v{n}, "é", ?v{n})) AS ?v{n + 1})' for n in range(20))
        + " }",
        MEMORY | {200},
    ),
    (
        "regular expression bomb",
        f'SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER REGEX(STR(?a), "(a+)+(a+)+(.*)*$") }}',
        TIME | SYNTAX | {200},
    ),
    (
        "regular expression of a million states",
        'SELECT * { ?s ?p ?o FILTER REGEX(STR(?s), "((((a{1,100}){1,100}){1,100}){1,100}){1,100}") }',
        TIME | MEMORY | SYNTAX | {200},
    ),
    (
        "IN list of 60,000",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?a IN ("
        + ",".join(f"<urn:{n}>" for n in range(60_000))
        + ")) }",
        TIME | MEMORY | {200, 413},
    ),
    ("number of 100,000 digits", "SELECT (" + "9" * 100_000 + " AS ?x) {}", {200, 400}),
    (
        "hash of a long string, often",
        f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(SHA512(STR(?a)) = SHA512(STR(?d))) }}",
        TIME,
    ),
    ("UUID for each row", f"SELECT (UUID() AS ?u) {{ {_CROSS} }}", LARGE),
    ("RAND order", f"SELECT * {{ {_CROSS} }} ORDER BY RAND()", MEMORY),
    (
        "100,000 variables",
        "SELECT " + " ".join(f"?v{n}" for n in range(100_000)) + " {}",
        {200, 400, 507, 504},
    ),
    (
        "30,000 prefixes",
        "".join(f"PREFIX p{n}: <urn:{n}>\n" for n in range(30_000)) + "ASK {}",
        TIME | {200, 413},
    ),
    # what is no query
    ("nothing but white space", " " * 100_000, SYNTAX),
    ("a comment without end", "#" * 500_000, SYNTAX),
    ("a string that is not closed", 'SELECT ("' + "a" * 500_000, DEEP),
    ("500,000 quotes", "'" * 500_000, SYNTAX | TIME),
    ("500,000 times <", "<" * 500_000, SYNTAX | TIME),
    ("NUL", 'SELECT * { ?s ?p "\0" }', {200, 400}),
    ("lone surrogate", 'SELECT * { ?s ?p "\ud800" }', SYNTAX),
    ("surrogate as an escape", 'SELECT * { ?s ?p "\\ud800" }', SYNTAX),
    ("right-to-left override", "SELECT * { ?s ?p ?\u202eo }", {200, 400}),
    ("an update", "DROP ALL", REFUSED),
    (
        "an update after a prologue",
        "PREFIX a: <urn:DELETE> # SELECT\nBASE <urn:x> inSeRt DATA { <a> <b> <c> }",
        REFUSED,
    ),
    ("LOAD of a file", "LOAD <file:///etc/passwd>", REFUSED),
    ("FROM a file", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", {200}),
    ("a function of no engine", 'SELECT (<urn:exec>("id") AS ?x) {}', {400}),
    # SERVICE
    ("SERVICE to ourselves", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    (
        "SERVICE to cloud metadata",
        "SELECT * { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }",
        REFUSED,
    ),
    ("service in lower case", "ASK { service silent <http://[::1]/> { ?s ?p ?o } }", REFUSED),
    ("SERVICE by a variable", f"SELECT * {{ VALUES ?x {{ <{_LIST}> }} SERVICE ?x {{ ?s ?p ?o }} }}", REFUSED),
    ("SERVICE by a prefix", f"PREFIX w: <{_LIST}> SELECT * {{ SERVICE w: {{ ?s ?p ?o }} }}", REFUSED),
    (
        "SERVICE by BASE",
        "BASE <https://query.wikidata.org/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
        REFUSED,
    ),
    (
        "SERVICE with user info",
        "SELECT * { SERVICE <https://query.wikidata.org@127.0.0.1/sparql> { ?s ?p ?o } }",
        REFUSED,
    ),
    (
        "SERVICE with an escape",
        "SELECT * { SERVICE <https://query.wikidata.org/\\u0073parql> { ?s ?p ?o } }",
        REFUSED,
    ),
    (
        "SERVICE with a port",
        "SELECT * { SERVICE <https://query.wikidata.org:443/sparql> { ?s ?p ?o } }",
        REFUSED,
    ),
    ("SERVICE with a longer path", f"SELECT * {{ SERVICE <{_LIST}/../x> {{ ?s ?p ?o }} }}", REFUSED),
    (
        "SERVICE behind a comment",
        f"SELECT * {{ SERVICE # <{_LIST}> {{\n <http://127.0.0.1/> {{ ?s ?p ?o }} }}",
        REFUSED,
    ),
    (
        "SERVICE in a subquery",
        "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1/> { } } } } }",
        REFUSED,
    ),
    (
        "one SERVICE of two",
        f"SELECT * {{ SERVICE <{_LIST}> {{ SERVICE <http://127.0.0.1/> {{ ?s ?p ?o }} }} }}",
        REFUSED,
    ),
    ("SERVICE in a string", 'SELECT ("SERVICE <http://127.0.0.1/> {" AS ?x) {}', {200}),
]

_POST: Final = "POST /sparql HTTP/1.1\r\nHost: localhost\r\n"
_SPARQL: Final = _POST + "Content-Type: application/sparql-query\r\n"
_FORM: Final = _POST + "Content-Type: application/x-www-form-urlencoded\r\n"
_CHUNKED: Final = "Transfer-Encoding: chunked\r\n\r\n"


def _get(target: str, *headers: str) -> bytes:
    lines = [f"GET {target} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def _sent(head: str, body: bytes) -> bytes:
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


#: Name, bytes on the wire, and the statuses that are a right answer; 0 is a closed connection.
REQUESTS: Final[list[tuple[str, bytes, set[int]]]] = [
    ("no HTTP", b"hello\r\n\r\n", {400}),
    ("the hello of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {0, 400, 505}),
    ("an unknown method", b"BREW /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    ("DELETE", b"DELETE /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    (
        "PUT to the graph store",
        b"PUT /store HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        {404, 405},
    ),
    ("TRACE", b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", {405}),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404, 405}),
    ("a method with a control character", b"G\x01T / HTTP/1.1\r\n\r\n", {400}),
    ("an unknown path", _get("/wp-login.php"), {404}),
    ("a path out of the server", _get("/../../etc/passwd"), {404}),
    ("an encoded path out", _get("/static/..%2f..%2fetc%2fpasswd"), {404}),
    ("a path that is no UTF-8", _get("/id/%ff%fe"), {400, 404}),
    ("NUL in a path", _get("/id/%00"), {400, 404}),
    ("raw bytes in a path", b"GET /\xff\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    ("a query that is no UTF-8", _get("/sparql?query=%ff%fe"), {400}),
    ("half an escape", _get("/sparql?query=ASK%7B%7D%"), {400}),
    ("an address of 100,000 characters", _get("/sparql?query=" + "a" * 100_000), {414}),
    ("a header of a megabyte", _get("/", "X-A: " + "a" * 1_000_000), {431}),
    ("a header with a name of 100,000 letters", _get("/", "X" * 100_000 + ": a"), {431}),
    ("1,000 headers", _get("/", *(f"X-{n}: a" for n in range(1000))), {431}),
    ("a header with a line feed inside", b"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", {200, 400}),
    (
        "an Accept of 50,000 types",
        _get("/sparql?query=ASK{}", "Accept: " + ",".join(["a/b;q=0.1"] * 30_000)),
        {200, 406, 431},
    ),
    ("an Accept of nonsense", _get("/sparql?query=ASK{}", "Accept: ;;;,,,q=;*/"), {200, 400, 406}),
    ("two lengths", _SPARQL.encode() + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}x", {400}),
    ("a length below nothing", _SPARQL.encode() + b"Content-Length: -1\r\n\r\n", {400}),
    ("a length without end", _SPARQL.encode() + b"Content-Length: 99999999999999999999\r\n\r\n", {400, 413}),
    ("a body of two megabytes", _sent(_SPARQL, b"ASK {} #" + b"a" * 2_000_000), {413}),
    ("a form of two megabytes", _sent(_FORM, b"query=" + b"a" * 2_000_000), {413}),
    (
        "two megabytes in chunks",
        (_SPARQL + _CHUNKED).encode()
        + b"10000\r\n"
        + b"a" * 65536
        + (b"\r\n10000\r\n" + b"a" * 65536) * 31
        + b"\r\n0\r\n\r\n",
        {413},
    ),
    ("a chunk without a size", (_SPARQL + _CHUNKED).encode() + b"zz\r\nASK{}\r\n0\r\n\r\n", {400}),
    ("a chunk shorter than it says", (_SPARQL + _CHUNKED).encode() + b"5\r\nASK{}\r\nq\r\n\r\n", {400}),
    (
        "chunks and a length",
        _SPARQL.encode() + b"Content-Length: 5\r\n" + _CHUNKED.encode() + b"0\r\n\r\n",
        {400},
    ),
    ("a length with a sign", _SPARQL.encode() + b"Content-Length: +5\r\n\r\nASK{}", {400}),
    ("a length in base sixteen", _SPARQL.encode() + b"Content-Length: 0x5\r\n\r\nASK{}", {400}),
    ("a length twice on one line", _SPARQL.encode() + b"Content-Length: 5, 5\r\n\r\nASK{}", {400}),
    ("a chunk of more than all memory", (_SPARQL + _CHUNKED).encode() + b"FFFFFFFFFFFFFFFFF\r\n", {400}),
    ("a chunk of less than nothing", (_SPARQL + _CHUNKED).encode() + b"-1\r\nASK{}\r\n", {400}),
    ("a chunk with a line feed alone", (_SPARQL + _CHUNKED).encode() + b"5\nASK{}\n0\n\n", {400}),
    (
        "a coding that only looks like chunks",
        _SPARQL.encode() + b"Transfer-Encoding: xchunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
        {400},
    ),
    (
        "chunks in chunks",
        _SPARQL.encode() + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        {400},
    ),
    (
        "chunks of what is packed",
        _SPARQL.encode() + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
        {400},
    ),
    ("two hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}),
    ("a header without a name", _get("/", ": x"), {400}),
    ("a header with a space before the colon", _get("/", "X : y"), {400}),
    ("a header over two lines", _get("/", "X: y\r\n z"), {400}),
    ("line feeds alone", b"GET / HTTP/1.1\nHost: a\n\n", {400}),
    ("a carriage return in a header", _get("/", "X: a\rb"), {400}),
    ("two spaces", b"GET  /  HTTP/1.1\r\nHost: a\r\n\r\n", {200, 400}),
    ("a method in small letters", b"get / HTTP/1.1\r\nHost: a\r\n\r\n", {400, 405}),
    ("a method of 100,000 letters", b"G" * 100_000 + b" / HTTP/1.1\r\nHost: a\r\n\r\n", {400, 405}),
    ("HTTP/0.9", b"GET /\r\n\r\n", {400}),
    ("HTTP/3", b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", {400, 505}),
    ("another protocol", b"DESCRIBE / RTSP/1.0\r\n\r\n", {400, 404, 405}),
    ("an address that is a number", b"GET 1 HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
    ("the address of another server", _get("http://127.0.0.1:1/wp-login.php"), {404}),
    ("an address of no path", _get("http://a?query=ASK{}"), {200, 303}),
    ("everything", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {200}),
    ("everything, to be read", b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", {400}),
    ("100,000 empty lines", b"\r\n" * 100_000 + _get("/nowhere"), {400, 404, 408}),
    ("an expectation of nonsense", _sent(_SPARQL + "Expect: the-unexpected\r\n", b"ASK{}"), {200, 417}),
    ("many ranges", _get("/graph/a.nt", "Range: bytes=" + ",".join(["0-0"] * 1000)), {404, 416}),
    ("a body that is no UTF-8", _sent(_SPARQL, b'ASK { ?s ?p "\xff" }'), {400}),
    ("a form that is no UTF-8", _sent(_FORM, b"query=%ff"), {400}),
    ("a million empty parameters", _sent(_FORM, b"&" * 900_000), {400, 413}),
    ("100,000 parameters", _sent(_FORM, b"a=b&" * 100_000), {400, 413}),
    ("a body of no known kind", _sent(_POST + "Content-Type: application/x-evil\r\n", b"x"), {415}),
    ("a body of no kind at all", _sent(_POST, b"ASK{}"), {415}),
    (
        "a multipart body",
        _sent(_POST + "Content-Type: multipart/form-data; boundary=a\r\n", b"--a\r\n"),
        {415},
    ),
    ("a packed body", _sent(_SPARQL + "Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\x00"), {415}),
    (
        "a charset of no UTF-8",
        _sent(_POST + "Content-Type: application/sparql-query; charset=utf-7\r\n", b"x"),
        {415},
    ),
    ("an update as a form", _sent(_FORM, b"update=DROP+ALL"), {403}),
    (
        "an update by its type",
        _sent(_POST + "Content-Type: application/sparql-update\r\n", b"DROP ALL"),
        {403},
    ),
    ("two queries", _get("/sparql?query=ASK{}&query=ASK{}"), {400}),
    ("a graph that is no IRI", _get("/sparql?query=ASK{}&default-graph-uri=%00"), {400}),
    ("a WebSocket", _get("/", "Connection: upgrade", "Upgrade: websocket"), {200}),
    ("a range of an answer", _get("/sparql?query=ASK{}", "Range: bytes=5-1"), {200, 416}),
    ("a forged host", b'GET / HTTP/1.1\r\nHost: a"><script>\r\n\r\n', {200, 400}),
    ("no host at all", b"GET /sparql?query=ASK{} HTTP/1.1\r\n\r\n", {200, 400}),
    ("a forged format", _get("/sparql?query=ASK{}&format=../../x"), {406}),
]
