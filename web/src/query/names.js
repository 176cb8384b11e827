// Names of things for readers: short, with a label, and with the address of the page about them.

export class Names {
  /** `settings` are those of the page; `ask` answers a query. */
  constructor(settings, ask) {
    this.settings = settings;
    this.ask = ask;
    this.labels = new Map();
  }

  /** The prefixed name of `iri`, or itself. */
  short(iri) {
    for (const [prefix, namespace] of Object.entries(this.settings.prefixes)) {
      const local = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && local && !local.includes("/")) return `${prefix}:${local}`;
    }
    return iri;
  }

  /** Where `iri` can be followed to, or "": a link of another scheme could run a script. */
  address(iri) {
    const { base, root } = this.settings;
    if (["id/", "ontology", "definition", "graph/"].some((part) => iri.startsWith(base + part))) return `${root}/${iri.slice(base.length)}`;
    return /^https?:\/\//.test(iri) && !iri.startsWith(base) ? iri : "";
  }

  /** Learn the labels of those `iris` that are ours. */
  async learn(iris) {
    const unknown = [...new Set(iris)].filter((iri) => iri.startsWith(this.settings.base) && !this.labels.has(iri) && !/[<>"{}|^`\\\s]/.test(iri));
    if (!unknown.length) return;
    const values = unknown.map((iri) => `<${iri}>`).join(" ");
    const { table } = await this.ask(
      `SELECT ?i ?l { VALUES ?i { ${values} } ?i <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER(LANG(?l) IN ("", "en")) } ORDER BY ?i ?l`,
    );
    for (const iri of unknown) this.labels.set(iri, "");
    for (const { i, l } of table.results.bindings) this.labels.set(i.value, this.labels.get(i.value) || l.value);
  }

  /** A term of SPARQL JSON as text. */
  text(term) {
    if (!term) return "";
    if (term.type === "uri") return this.labels.get(term.value) || this.short(term.value);
    if (term.type === "triple") return Object.values(term.value).map((part) => this.text(part)).join(" ");
    return term.type === "bnode" ? `_:${term.value}` : term.value;
  }
}
