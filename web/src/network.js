// The picture of /network, to be moved about: drag an actor, point at one to see its ties alone.
import cytoscape from "./cytoscape.js";

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const COLOURS = { formal: "--formal", informal: "--informal", "all-but-name": "--all-but-name", alliance: "--alliance", not: "--ink" };
let drawing;

/** Put the moving picture over the one of the page; does nothing where a year has none. */
export const draw = () => {
  drawing?.destroy();
  drawing = undefined;
  const place = document.getElementById("network");
  const data = document.getElementById("network-data");
  if (!place || !data) return; // nothing is to be seen in this year
  const { actors, edges } = JSON.parse(data.textContent);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  place.querySelector(".canvas")?.remove();
  canvas.setAttribute("aria-hidden", "true"); // the table says the same, and is reached by keyboard
  for (const link of place.querySelectorAll("a")) link.tabIndex = -1;
  place.append(canvas);
  const said = document.getElementById("said");
  const rest = `${said.textContent} Drag an actor to make room.`;
  said.textContent = rest;
  const width = canvas.clientWidth;
  const scale = width / place.querySelector("svg").viewBox.baseVal.width;
  const size = width < 480 ? 10 : 13;
  drawing = cytoscape({
    container: canvas,
    elements: [
      ...actors.map(({ id, label, link, x, y }) => ({ data: { id, label, link }, position: { x: x * scale, y: y * scale } })),
      ...edges.map((edge, number) => ({ data: { ...edge, id: `edge ${number}`, source: edge.from, target: edge.to, colour: token(COLOURS[edge.key] ?? "--edge") }, classes: [edge.certainly ? "" : "perhaps", edge.key].join(" ") })),
    ],
    style: [
      { selector: "node", style: { label: "data(label)", "text-wrap": "wrap", "font-size": size, "font-weight": 600, color: token("--ink"), "text-outline-color": token("--paper"), "text-outline-width": 2, "background-color": token("--ink"), width: 14, height: 14, "text-valign": "bottom", "text-margin-y": 4 } },
      { selector: "edge", style: { width: 2.5, "line-color": "data(colour)", "curve-style": "bezier", "control-point-step-size": size * 1.7, label: "data(mark)", "font-size": size - 1, "font-weight": 700, color: token("--ink"), "text-background-color": token("--paper"), "text-background-opacity": 1, "text-background-padding": 2, "text-background-shape": "roundrectangle" } },
      { selector: ".silent", style: { width: 1.5, "line-style": "dotted", label: "" } },
      { selector: ".perhaps", style: { "line-style": "dashed" } },
      { selector: ".faded", style: { opacity: 0.15 } },
      { selector: "edge.near", style: { width: 5 } },
    ],
    layout: { name: "preset", fit: false },
    userZoomingEnabled: false,
    userPanningEnabled: false,
    boxSelectionEnabled: false,
  });
  drawing.on("mouseover tapstart", "node", ({ target }) => drawing.elements().not(target.closedNeighborhood()).addClass("faded"));
  drawing.on("mouseout free", "node", () => drawing.elements().removeClass("faded"));
  drawing.on("mouseover tapstart", "edge", ({ target }) => {
    target.addClass("near");
    said.textContent = target.data("title");
  });
  drawing.on("mouseout", "edge", ({ target }) => {
    target.removeClass("near");
    said.textContent = rest;
  });
  drawing.on("tap", ({ target }) => {
    if (target !== drawing && target.data("link")) location.assign(target.data("link"));
  });
};

// another year brings a picture of its own, which stands still at first
const again = () => document.querySelector("#network .canvas") && draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== width) again(); // a phone's address bar comes and goes in height alone
  width = innerWidth;
});
