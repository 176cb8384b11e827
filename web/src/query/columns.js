// Which columns of an answer suit which picture.

// years in which history is written about; 5000 is a number of troops
const YEAR = /^(1\d{3}|20\d\d)(?:-\d\d){0,2}[~?%]?(?:T.*)?$/;
const NUMBER = /(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger)$/;

/** A column: what all its values are. */
function describe(name, rows) {
  const terms = rows.map((row) => row[name]).filter(Boolean);
  const all = (test) => terms.length > 0 && terms.every(test);
  return {
    name,
    number: all((term) => term.type === "literal" && NUMBER.test(term.datatype ?? "")),
    period: all((term) => term.type === "literal" && period(term.value) !== null) && terms.some((term) => /\d/.test(term.value)),
    thing: all((term) => term.type === "uri"),
    name_like: all((term) => term.type === "uri" || (term.type === "literal" && term.value.length <= 80)),
    full: terms.length === rows.length,
    distinct: new Set(terms.map((term) => term.value)).size,
  };
}

export function columns(table) {
  return table.head.vars.map((name) => describe(name, table.results.bindings));
}

/**
 * A year, a date, or an EDTF period: `from` and `to` are years or null, `open` is a period that went on, `choice` a year
 * within these bounds. Null for any other text.
 */
export function period(text) {
  const within = /^\[(\d{4})\.\.(\d{4})\]$/.exec(text);
  if (within) return { from: Number(within[1]), to: Number(within[2]), choice: true };
  const parts = text.split("/");
  if (parts.length > 2) return null;
  const years = parts.map((part) => (part === "" || part === ".." ? null : YEAR.exec(part)?.[1]));
  if (years.includes(undefined)) return null;
  const [from, to] = years.map((year) => (year === null ? null : Number(year)));
  return parts.length === 1 ? { from, to: from } : { from, to, open: parts[1] === ".." };
}

const named = (found, pattern) => found.find((column) => pattern.test(column.name));

const STANCE = /\/ontology#(Affirms|Denies|Entertains|Reports)$/;

/** The column that says how firmly a source stands behind each row, or "": no picture may lose that. */
export function stanceOf(table) {
  const { vars } = table.head;
  const given = (name) => table.results.bindings.map((row) => row[name]?.value).filter(Boolean);
  return vars.find((name) => given(name).length && given(name).every((value) => STANCE.test(value))) ?? "";
}

/** What a timeline is drawn from by default: `{from, to, label, also}`, column names, the latter of a source; null if nothing suits. */
export function forTimeline(found) {
  const periods = found.filter((column) => column.period);
  // the later bound of a beginning and the earlier one of an end: what is certain, and no more
  const from = named(periods, /begin_?latest/i) ?? named(periods, /begin|from|start|^year/i) ?? periods[0];
  if (!from) return null;
  const to = named(periods.filter((column) => column !== from), /end_?earliest|^end|to$|until/i);
  const label = labelOf(found, periods);
  const source = found.find(({ name }) => /source|author|article/i.test(name) && name !== label);
  return { from: from.name, to: to?.name ?? "", label, also: source?.name ?? "" };
}

/** What bars are drawn from by default: `{label, number}`; "" as number stands for the number of rows. */
export function forBars(found) {
  const number = found.find((column) => column.number && !/year|begin|end|from|to$|start|paragraph|position/i.test(column.name));
  const label = labelOf(found, number ? [number] : []);
  return label ? { label, number: number?.name ?? "" } : null;
}

/** What a network is drawn from by default: `{source, target, line}`; "" as line for none. */
export function forNetwork(found) {
  const things = found.filter((column) => column.thing);
  // a stance, a kind or a result is a property of a line rather than an end of it
  const ends = things.filter(({ name }) => !/stance|basis|kind|category|result|status|^how$/i.test(name));
  const [source, target] = [...ends, ...things.filter((column) => !ends.includes(column))];
  return target ? { source: source.name, target: target.name, line: named(things, /^how$|category|result|kind/i)?.name ?? "" } : null;
}

function labelOf(found, without) {
  const rest = found.filter((column) => column.name_like && !without.includes(column) && !column.number);
  return (rest.find((column) => column.distinct > 1) ?? rest[0])?.name ?? "";
}
