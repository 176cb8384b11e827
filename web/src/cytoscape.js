// Cytoscape.js for any page: `import cytoscape from "/web/cytoscape.js"`.
import cytoscape from "cytoscape";

// It would add a <style> element, which our pages do not allow, unless an element of this name is there. All that the
// style says is that the container is `position: relative`: the style sheet of the page has to say so.
const there = document.createElement("meta");
there.id = "__________cytoscape_stylesheet";
document.head.append(there);

export default cytoscape;
