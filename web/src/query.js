// The page /query: an editor in place of its form, and answers without another page.
import { ask } from "./query/ask.js";
import { element } from "./query/dom.js";
import { downloads } from "./query/downloads.js";
import { edit, mark } from "./query/editor.js";
import { bound, searchable } from "./query/library.js";
import { Names } from "./query/names.js";
import { views } from "./query/views.js";

const place = document.getElementById("editor");
const settings = JSON.parse(place.dataset.settings);
const form = place.querySelector("form");
const field = form.querySelector("textarea");
const result = document.getElementById("result");
const names = new Names(settings, (query) => ask(settings.sparql, query));

// What the address asks for: the text in its fragment, or else what the server has put into the form.
const written = (hash) => new URLSearchParams(hash.slice(1));
const given = written(location.hash);
const asked = given.get("query") ?? field.value;
let view = given.get("view") ?? "table";
let address = given.has("query") ? "" : location.pathname + location.search;
// The server's text for this address; a changed text has an address of its own.
let told = given.has("query") ? null : field.value;

// A text that was being written when the page was left is kept for its address, in this tab.
const drafts = {
  get key() { return `tacit-query ${location.pathname}${location.search} ${written(location.hash).get("query") ?? ""}`; },
  get: () => { try { return sessionStorage.getItem(drafts.key); } catch { return null; } },
  drop: () => { try { sessionStorage.removeItem(drafts.key); } catch { /* nothing was kept */ } },
  put: (text) => { try { sessionStorage.setItem(drafts.key, text); } catch { /* a browser may keep nothing */ } },
};
const draft = drafts.get();

field.hidden = true;
field.required = false;
form.querySelector("label[for=query]").id = "query-label";
const holder = element("div");
field.after(holder);
const editor = edit(holder, draft ?? asked, settings, () => run());
const stop = element("button", { type: "button", className: "stop", hidden: true }, "Stop");
const state = element("span", { role: "status", className: "muted" });
const alarm = element("div", { role: "alert", className: "problem" });
form.querySelector("button[type=submit]").after(" ", stop, " ", state);
form.after(element("p", { className: "muted hint" }, "Ctrl+Enter asks. Write a prefix, such as tacit: or id:, for names to choose from."), alarm);

let unmark = () => {};
let running = null;
editor.on("change", () => {
  drafts.put(editor.getValue());
  unmark();
});

async function run() {
  running?.abort();
  const mine = (running = new AbortController());
  const query = editor.getValue();
  const begun = performance.now();
  unmark();
  alarm.replaceChildren();
  stop.hidden = false;
  state.textContent = "Asking …";
  place.setAttribute("aria-busy", "true");
  keep(query);
  try {
    const answer = await ask(settings.sparql, query, mine.signal);
    const seconds = ((performance.now() - begun) / 1000).toFixed(2);
    await show(answer, query, mine);
    if (running === mine) state.textContent = `${size(answer)} in ${seconds} s.`;
  } catch (error) {
    if (running !== mine) return;
    document.getElementById("answer-part").hidden = true; // it is that of another query
    result.replaceChildren();
    if (error.name === "AbortError") state.textContent = "Stopped.";
    else fail(error);
  } finally {
    if (running === mine) {
      running = null;
      stop.hidden = true;
      place.removeAttribute("aria-busy");
    }
  }
}

/** Put the query into the address, which is then a permanent link to it. */
function keep(query) {
  const hash = new URLSearchParams();
  if (query !== told || !address) hash.set("query", query);
  if (view !== "table") hash.set("view", view);
  const path = query === told && address ? address : settings.page;
  drafts.drop(); // the text now has an address of its own
  history.replaceState(null, "", hash.size ? `${path}#${hash}` : path);
  drafts.put(query);
}

async function show(answer, query, mine) {
  const inner = element("div");
  const found = answer.table ?? {};
  if (answer.graph !== undefined) inner.append(element("pre", { tabIndex: 0 }, answer.graph));
  else if ("boolean" in found) inner.append(element("p", {}, element("strong", {}, found.boolean ? "Yes" : "No")));
  else if (!found.results.bindings.length) inner.append(element("p", {}, "Nothing in the data matches."));
  document.getElementById("answer-part").hidden = false;
  result.replaceChildren(inner);
  if (found.results?.bindings.length) {
    await views(inner, found, names, view, (chosen) => { view = chosen; keep(query); });
  }
  if (running !== mine) return;
  if ("boolean" in found) result.append(element("p", {}, copier("Copy a link to this query", () => location.href)));
  else result.append(downloads(settings.sparql, query, answer.graph === undefined ? "table" : "graph", fail, copier("Copy a link to this query", () => location.href)));
  code(query);
}

function size({ table, graph }) {
  if (graph !== undefined) return "A graph";
  if ("boolean" in table) return "Answered";
  const count = table.results.bindings.length;
  return `${count.toLocaleString("en")} row${count === 1 ? "" : "s"}`;
}

/** Show what went wrong; the text stays as it is. */
function fail(problem) {
  state.textContent = "";
  alarm.replaceChildren(element("h2", {}, problem.title ?? "The page failed"), element("p", {}, problem.detail ?? String(problem)));
  unmark = mark(editor, problem);
}

/** Fill in the query as a program, once it has been asked. */
async function code(query) {
  const part = document.querySelector("details.code");
  const response = await fetch(settings.code, { method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/json" } }).catch(() => null);
  if (!part || !response?.ok) return;
  const programs = await response.json();
  for (const block of part.querySelectorAll("pre")) block.textContent = programs[block.dataset.language];
}

/** A button that copies what `text` returns. */
function copier(words, text) {
  const button = element("button", { type: "button", className: "copy" }, words);
  button.onclick = async () => {
    // a browser has no clipboard for pages that came over plain http from another machine
    button.textContent = await navigator.clipboard?.writeText(text()).then(() => "Copied", () => "") || "Select it, and copy it by hand";
    setTimeout(() => (button.textContent = words), 2000);
  };
  return button;
}

// a browser that would open them for this link is late, as the address changes with the first answer
if (location.hash === "#programs") document.querySelector("details.code").open = true;
for (const block of document.querySelectorAll("details.code pre")) {
  block.previousElementSibling.append(" ", copier("Copy", () => block.textContent));
}

stop.onclick = () => running?.abort();
form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
searchable();
bound(settings.queries, settings.page, (text, path) => {
  told = text;
  address = path;
  editor.setValue(text);
  run();
});
window.addEventListener("hashchange", () => {
  if (written(location.hash).has("query")) location.reload(); // else it leads to a part of this page
});
if (told === null) {
  // the server knows nothing of a text behind #, and has spoken of another question
  document.querySelector(".work h1").textContent = "Your query";
  document.title = "Your query – Tacit";
  for (const part of document.querySelectorAll(".work .about, #params")) part.hidden = true;
}
// What is still being written, and what asks other servers, waits for its reader.
if ((draft ?? asked) !== asked) {
  const fresh = element("button", { type: "button", className: "copy" }, "Begin anew");
  fresh.onclick = () => { editor.setValue(asked); drafts.drop(); run(); };
  state.replaceChildren("The text that you were writing is back. ", fresh);
} else if (!/\bservice\b/i.test(asked)) run();
