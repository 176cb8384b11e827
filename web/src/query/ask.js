// Asking the endpoint: an answer, or the problem that the server told (RFC 9457).

const MEDIA = "application/sparql-results+json, text/turtle;q=0.9";

/** A problem as the server tells it: `detail` is its sentence, and `line` and `column` its place, where it has one. */
export class Problem extends Error {
  constructor(told) {
    super(told.detail);
    Object.assign(this, told);
  }
}

/** The answer to `query` at `address`: `{table}` as SPARQL JSON, or `{graph}` as Turtle. Throws a Problem. */
export async function ask(address, query, signal) {
  const response = await send(address, query, MEDIA, signal);
  if (response.headers.get("Content-Type")?.startsWith("text/turtle")) return { graph: await response.text() };
  return { table: await response.json() };
}

/** The response to `query` in the format `media`. Throws a Problem. */
export async function send(address, query, media, signal) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { Accept: media, "Content-Type": "application/sparql-query" },
      body: query,
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "The server cannot be reached", detail: "Look at your connection, and ask again. Your text is kept." });
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** What is wrong, as `response` tells it. */
export async function problem(response) {
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) return new Problem(await response.json());
  return new Problem({ title: "The server failed", detail: `It answered with status ${response.status} and no reason.` });
}
