// Bars and a timeline of an answer, drawn with Observable Plot.
import * as Plot from "@observablehq/plot";
import { token } from "./dom.js";
import { period, stanceOf } from "./columns.js";

const MOST = 60;
const LONGEST = 44;

/** The width below which a name stands above its line, and not beside it. */
const NARROW = 600;

/** Bars: `chosen.number` (or the number of rows) by `chosen.label`. Returns the picture and a sentence. */
export function bars(table, names, chosen, width) {
  const sums = new Map();
  for (const row of table.results.bindings) {
    const label = names.text(row[chosen.label]) || "(none)";
    const value = chosen.number ? Number(row[chosen.number]?.value) : 1;
    if (!Number.isNaN(value)) sums.set(label, (sums.get(label) ?? 0) + value);
  }
  const all = [...sums].map(([label, value]) => ({ label, value }));
  const data = all.slice(0, MOST);
  const whole = Math.max(...data.map((row) => row.value));
  const what = chosen.number ? chosen.number.replaceAll("_", " ") : "rows";
  const summed = chosen.number && sums.size < table.results.bindings.length ? "Rows of the same name are added up. " : "";
  const narrow = width < NARROW;
  const picture = plot(width, data.map((row) => row.label), {
    x: { label: what, grid: true, ...(whole < 10 && data.every((row) => Number.isInteger(row.value)) ? { ticks: whole } : {}) },
    marks: [
      Plot.barX(data, { y: "label", x: "value", fill: token("--formal"), sort: chosen.number ? null : { y: "-x" } }),
      Plot.text(data, { y: "label", x: "value", text: (row) => row.value.toLocaleString("en"), dx: 4, textAnchor: "start" }),
      narrow ? above(data, "label", (row) => row.label) : null,
      Plot.ruleX([0]),
    ],
  }, `Bars: ${what} by ${chosen.label}`);
  const stances = stanceOf(table) ? "Rows of every stance count, denials and reports too." : "";
  return { picture, sentence: summed + more(all.length, "bars") + stances };
}

/** A timeline: a line per row, from `chosen.from` to `chosen.to`, or over the period that the former holds. */
export function timeline(table, names, chosen, width) {
  const all = table.results.bindings.map((row) => ({ row, span: span(row, chosen) })).filter(({ span }) => span);
  const last = Math.max(...all.map(({ span }) => span.to ?? span.from));
  const stance = stanceOf(table);
  const data = all.slice(0, MOST).map(({ row, span }, place) => ({
    ...span,
    place: String(place),
    label: [chosen.label, chosen.also].filter((name) => name && row[name]).map((name) => cut(names.text(row[name]), chosen.also ? 30 : LONGEST)).join(" · "),
    open: span.open === true,
    until: span.to ?? (span.open ? last + 1 : span.from),
    affirmed: !stance || row[stance]?.value.endsWith("#Affirms"),
    stance: stance ? ` ${names.text(row[stance])}` : "",
    words: [row[chosen.from], chosen.to && row[chosen.to]].filter(Boolean).map((term) => term.value).join(" – "),
  }));
  const narrow = width < NARROW;
  const told = (row) => `${row.open ? "→ " : ""}${row.words}${row.stance}`;
  const labels = new Map(data.map((row) => [row.place, row.label]));
  const whole = data.filter((row) => row.until > row.from);
  const points = data.filter((row) => row.until === row.from);
  const picture = plot(width, data.map((row) => row.label), {
    x: { label: null, tickFormat: "d", axis: "both", grid: true },
    y: { domain: data.map((row) => row.place), ...(narrow ? {} : { tickFormat: (place) => cut(labels.get(place)) }) },
    marks: [
      ...[true, false].map((affirmed) => Plot.ruleY(whole.filter((row) => row.affirmed === affirmed), {
        y: "place", x1: "from", x2: "until", stroke: token("--formal"), strokeWidth: affirmed ? 6 : 2,
        strokeDasharray: affirmed ? null : "5 3", strokeOpacity: (row) => (row.choice ? 0.4 : 1),
      })),
      Plot.dot(points, { y: "place", x: "from", r: 4, stroke: token("--formal"), fill: (row) => (row.affirmed ? token("--formal") : token("--paper")) }),
      narrow ? above(data, "place", (row) => `${told(row)} · ${row.label}`)
        : Plot.text(data, { y: "place", x: "until", text: told, dx: 8, textAnchor: "start" }),
    ],
    insetLeft: 8,
    marginRight: narrow ? 16 : 60 + 6.5 * Math.max(...data.map((row) => row.words.length + row.stance.length)),
  }, "Timeline");
  const left = table.results.bindings.length - all.length;
  return {
    picture,
    sentence: `${more(all.length, "lines")}${left ? `${left} row${left === 1 ? " has" : "s have"} no year to be drawn from. ` : ""}` +
      "The words are as in the data. → goes on when the source was written; a dot is one year, or a bound that stands alone; a pale line is something between two years." +
      (stance ? " Full lines are affirmed; what is denied, entertained or reported has a thin broken line, or an open dot." : ""),
  };
}

/** The years of a row, or null. A row without a beginning cannot be placed. */
function span(row, chosen) {
  const first = row[chosen.from] && period(row[chosen.from].value);
  if (!first || first.from === null) return null;
  if (!chosen.to) return first;
  const end = row[chosen.to] && period(row[chosen.to].value);
  const to = end ? (end.to ?? end.from) : null;
  // it began at the latest in the one year, and ended at the earliest in the other: when is not known
  if (to !== null && to < first.from) return { from: to, to: first.from, choice: true };
  return { from: first.from, to };
}

function plot(width, labels, options, name) {
  const narrow = width < NARROW;
  const picture = Plot.plot({
    width,
    height: 70 + labels.length * (narrow ? 40 : 22),
    marginLeft: narrow ? 8 : Math.min(400, 20 + 6.5 * Math.max(...labels.map((label) => cut(label).length))),
    marginRight: 60,
    className: "plot",
    ariaLabel: name,
    ...options,
    y: { label: null, ...(narrow ? { axis: null, padding: 0.5 } : { tickFormat: (text) => cut(text) }), ...options.y },
  });
  // it brings a style element, which the page does not allow; query.css says the same
  picture.querySelectorAll("style").forEach((style) => style.remove());
  return picture;
}

/** Names above their lines. */
const above = (data, y, text) => Plot.text(data, { y, text: (row) => cut(text(row), 52), frameAnchor: "left", textAnchor: "start", dy: -15 });
const cut = (text, most = 58) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const more = (count, what) => (count > MOST ? `The first ${MOST} of ${count.toLocaleString("en")} ${what}. ` : "");
