// An answer as a table: labels for our IRIs, each a link to its page.
import { element } from "./dom.js";

const MOST = 1000;
const collator = new Intl.Collator("en", { numeric: true });

/** Draw `table` into `place`; a click on the head of a column sorts by it. */
export async function draw(place, table, names) {
  const { vars } = table.head;
  const all = table.results.bindings;
  let rows = all.slice(0, MOST);
  await names.learn(rows.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value));
  const body = element("tbody");
  const fill = () => body.replaceChildren(...rows.map((row) => element("tr", {}, ...vars.map((name) => element("td", { className: row[name]?.type === "literal" && row[name].value.length > 60 ? "long" : "" }, cell(row[name], names))))));
  const head = vars.map((name) => {
    const button = element("button", { type: "button", title: `Sort by ${name}` }, name.replaceAll("_", " "));
    const th = element("th", { scope: "col" }, button);
    button.onclick = () => {
      const down = th.getAttribute("aria-sort") === "ascending";
      for (const other of head) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows = [...rows].sort((a, b) => (down ? -1 : 1) * collator.compare(names.text(a[name]), names.text(b[name])));
      fill();
    };
    return th;
  });
  fill();
  const grid = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-labelledby": "answer" }, grid);
  place.replaceChildren(scroll);
  if (all.length > MOST) scroll.before(element("p", {}, `The first ${MOST.toLocaleString("en")} rows are shown; the downloads have all.`));
}

/** A term for a reader. */
function cell(term, names) {
  if (!term) return "";
  const text = names.text(term);
  if (term.type === "uri") {
    const address = names.address(term.value);
    if (!address) return element("code", { title: term.value }, text);
    const link = element("a", { href: address, title: term.value }, text);
    if (!address.startsWith("/")) link.rel = "nofollow noopener";
    return link;
  }
  return term["xml:lang"] && term["xml:lang"] !== "en" ? element("span", { lang: term["xml:lang"] }, text) : text;
}
