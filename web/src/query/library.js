// The library beside the editor: a search over its questions, and the parameters of the one that is chosen.
import { problem } from "./ask.js";

/** Let the field `#find` narrow the list to the questions that have all its words. */
export function searchable() {
  const field = document.getElementById("find");
  if (!field) return;
  const library = document.getElementById("library");
  const none = library.querySelector(".none");
  const opened = new Map([...library.querySelectorAll("details")].map((topic) => [topic, topic.open]));
  field.hidden = false;
  library.querySelector("label").hidden = false;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [topic, open] of opened) {
      let here = 0;
      for (const entry of topic.querySelectorAll("li")) {
        const text = `${topic.querySelector("strong").textContent} ${entry.textContent} ${entry.firstElementChild.title}`.toLowerCase();
        entry.hidden = !words.every((word) => text.includes(word));
        here += entry.hidden ? 0 : 1;
      }
      topic.hidden = here === 0;
      topic.open = words.length ? here > 0 : open;
      found += here;
    }
    none.hidden = found > 0;
  });
}

/** Let the form of the parameters rewrite the query: the server binds the values, `filled` gets text and address. */
export function bound(queries, page, filled) {
  const form = document.getElementById("params");
  if (!form) return;
  const fault = form.querySelector(".fault");
  let pending = "";
  async function fill(event) {
    event.preventDefault();
    const values = new URLSearchParams(new FormData(form));
    const address = `${page}?${values}`;
    if (address === pending) return; // Enter is a change and a submission
    pending = address;
    values.delete("question");
    const response = await fetch(`${queries}/${form.dataset.question}.rq?${values}`, { headers: { Accept: "application/sparql-query, application/problem+json" } }).catch(() => null);
    pending = "";
    fault.hidden = Boolean(response?.ok);
    if (response?.ok) filled(await response.text(), address);
    else fault.textContent = response ? (await problem(response)).detail : "The server cannot be reached.";
  }
  form.addEventListener("submit", fill);
  form.addEventListener("change", fill);
}
