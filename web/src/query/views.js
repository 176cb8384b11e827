// The answer as table, bars, timeline and network: which of them suit it, and the choice of columns.
import { element, select } from "./dom.js";
import { columns, forBars, forNetwork, forTimeline } from "./columns.js";
import { draw } from "./table.js";

const VIEWS = {
  table: { title: "Table" },
  bars: { title: "Bars", guess: forBars, needs: "Bars need a column of names, and at best one of numbers." },
  timeline: { title: "Timeline", guess: forTimeline, needs: "A timeline needs a column of years, dates or periods such as 1977/1991." },
  network: { title: "Network", guess: forNetwork, needs: "A network needs two columns of things." },
};
const words = (name) => name.replaceAll("_", " ");

/** Show `table` within `place` as `view`; `turned` hears of the reader's choice of another. */
export function views(place, table, names, view, turned) {
  const found = columns(table);
  const stage = element("div", { className: "stage" });
  const tabs = Object.entries(VIEWS).map(([key, { title }]) =>
    element("button", { type: "button", onclick: () => { turned(key); show(key); } }, title));
  place.replaceChildren(element("p", { className: "views", role: "group", "aria-label": "Shown as" }, ...tabs), stage);

  async function show(key) {
    Object.keys(VIEWS).forEach((other, index) => tabs[index].setAttribute("aria-pressed", String(other === key)));
    if (key === "table") return draw(stage, table, names);
    const { guess, needs } = VIEWS[key];
    const chosen = guess(found);
    if (!chosen) return stage.replaceChildren(element("p", { className: "muted" }, `${needs} This answer has none that suits.`));
    await names.learn(table.results.bindings.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value));
    const picture = element("div", { className: "picture" });
    const sentence = element("p", { className: "muted" });
    const redraw = () => paint(key, picture, sentence, chosen);
    const fields = fieldsOf(key, found).map(({ label, property, options }) =>
      select(label, options, chosen[property], (value) => { chosen[property] = value; redraw(); }));
    stage.replaceChildren(element("div", { className: "filters" }, ...fields), picture, sentence);
    return redraw();
  }

  async function paint(key, picture, sentence, chosen) {
    if (key === "network") {
      const { network } = await import("./network.js");
      sentence.textContent = network(picture, table, names, chosen);
      return;
    }
    const drawn = (await import("./pictures.js"))[key](table, names, chosen, Math.max(stage.clientWidth, 300));
    picture.replaceChildren(drawn.picture);
    sentence.textContent = drawn.sentence;
  }

  return show(view in VIEWS ? view : "table");
}

/** The fields by which a reader chooses columns for a view. */
function fieldsOf(key, found) {
  const option = ({ name }) => [name, words(name)];
  const all = found.map(option);
  const periods = found.filter((column) => column.period).map(option);
  if (key === "bars") {
    const numbers = [["", "number of rows"], ...found.filter((column) => column.number).map(option)];
    return [{ label: "A bar for each", property: "label", options: all }, { label: "Its length", property: "number", options: numbers }];
  }
  if (key === "timeline") {
    return [
      { label: "From", property: "from", options: periods },
      { label: "To", property: "to", options: [["", "as in the same column"], ...periods] },
      { label: "Name", property: "label", options: all },
      { label: "and", property: "also", options: [["", "nothing more"], ...all] },
    ];
  }
  const things = found.filter((column) => column.thing).map(option);
  return [{ label: "From", property: "source", options: things }, { label: "To", property: "target", options: things },
    { label: "Line", property: "line", options: [["", "nothing"], ...all] }];
}
