// A network of two columns of an answer, drawn with Cytoscape.js.
import cytoscape from "../cytoscape.js";
import { stanceOf } from "./columns.js";
import { element, token } from "./dom.js";

const MOST = 400;

/** Draw into `place` a line for each row, from `chosen.source` to `chosen.target`. Returns a sentence. */
export function network(place, table, names, chosen) {
  const lines = new Map();
  const stance = stanceOf(table);
  for (const row of table.results.bindings) {
    const [from, to] = [row[chosen.source], row[chosen.target]];
    if (from && to) {
      const firmly = stance && stance !== chosen.line && row[stance] ? `(${names.text(row[stance])})` : "";
      const how = [chosen.line && names.text(row[chosen.line]), firmly].filter(Boolean).join(" ");
      const key = JSON.stringify([from.value, to.value, how]);
      const line = lines.get(key) ?? { from, to, how, rows: 0 };
      line.rows += 1;
      lines.set(key, line);
    }
  }
  const drawn = [...lines.values()].slice(0, MOST);
  const nodes = new Map(drawn.flatMap(({ from, to }) => [[from.value, [from, "from"]], [to.value, [to, "to"]]]));
  for (const { from } of drawn) nodes.get(from.value)[1] = "from";
  const box = element("div", { className: "network", role: "img", "aria-label": `A network of ${nodes.size} things; the table has the same as text.` });
  place.replaceChildren(box);
  const drawing = cytoscape({
    container: box,
    elements: [
      ...[...nodes].map(([id, [term, side]]) => ({ data: { id, label: names.text(term), side } })),
      ...drawn.map(({ from, to, how, rows }, place) => ({ data: { id: `line ${place}`, source: from.value, target: to.value, label: [how, rows > 1 ? `×${rows}` : ""].join(" ").trim() } })),
    ],
    style: [
      { selector: "node", style: { label: "data(label)", "font-size": 11, "font-family": "system-ui, sans-serif", color: token("--ink"), "background-color": token("--formal"), width: 14, height: 14, "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 3, "min-zoomed-font-size": 6 } },
      { selector: "node[side = 'to']", style: { shape: "rectangle", "background-color": token("--informal") } },
      { selector: "edge", style: { width: 1.5, "line-color": token("--edge"), "target-arrow-color": token("--edge"), "target-arrow-shape": "triangle", "curve-style": "bezier", label: "data(label)", "font-size": 9, "font-family": "system-ui, sans-serif", color: token("--muted"), "text-rotation": "autorotate", "text-background-color": token("--paper"), "text-background-opacity": 0.85 } },
    ],
    layout: { name: "cose", animate: false, padding: 20, nodeDimensionsIncludeLabels: true, nodeRepulsion: () => 400000, idealEdgeLength: () => 130, componentSpacing: 90 },
    minZoom: 0.1,
    maxZoom: 4,
    userZoomingEnabled: false,
  });
  if (drawing.zoom() > 1.2) {
    drawing.zoom(1.2);
    drawing.center();
  }
  drawing.on("tap", "node", ({ target }) => {
    const address = names.address(target.id());
    if (address) location.assign(address);
  });
  const zoom = (factor) => drawing.zoom({ level: drawing.zoom() * factor, renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
  const button = (text, name, act) => element("button", { type: "button", onclick: act, "aria-label": name }, text);
  place.prepend(element("p", { className: "zoom" }, button("+", "Larger", () => zoom(1.3)), button("−", "Smaller", () => zoom(1 / 1.3)), button("All", "Show all", () => drawing.fit(undefined, 20))));
  const cut = lines.size > MOST ? `The first ${MOST} of ${lines.size.toLocaleString("en")} lines. ` : "";
  return `${cut}An arrow leads from ${chosen.source.replaceAll("_", " ")} to ${chosen.target.replaceAll("_", " ")}; what no arrow leaves is a square. Choose a thing for its page.`;
}
