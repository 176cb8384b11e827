// The answer as files: the endpoint is asked again, in the format of the file.
import { send } from "./ask.js";
import { element } from "./dom.js";

const FORMATS = {
  table: [["CSV", "text/csv", "csv"], ["JSON", "application/sparql-results+json", "json"], ["TSV", "text/tab-separated-values", "tsv"]],
  graph: [["Turtle", "text/turtle", "ttl"], ["JSON-LD", "application/ld+json", "jsonld"], ["N-Triples", "application/n-triples", "nt"]],
};

/** Links to the answer to `query` as files; `failed` gets the problem of one that cannot be had; `more` follows them. */
export function downloads(sparql, query, kind, failed, ...more) {
  const links = FORMATS[kind].map(([label, media, extension]) => {
    const address = `${sparql}?${new URLSearchParams({ query, format: { ttl: "turtle", nt: "ntriples" }[extension] ?? extension })}`;
    const link = element("a", { href: address, download: `tacit.${extension}` }, label);
    link.onclick = async (event) => {
      if (address.length < 6000) return; // a longer address is refused on its way
      event.preventDefault();
      try {
        const blob = await (await send(sparql, query, media)).blob();
        const made = element("a", { href: URL.createObjectURL(blob), download: link.download });
        made.click();
        setTimeout(() => URL.revokeObjectURL(made.href), 10_000);
      } catch (problem) {
        failed(problem);
      }
    };
    return link;
  });
  return element("p", {}, "Download: ", ...links.flatMap((link, place) => (place ? [", ", link] : [link])), ". ", ...more);
}
