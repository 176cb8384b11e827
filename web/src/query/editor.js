// The editor: YASQE, with our prefixes and terms, and without anything that it would fetch elsewhere.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";

const MOST = 60;

/** Put an editor of `text` into `place`; `run` is called by Ctrl+Enter. `settings` are those of the page. */
export function edit(place, text, settings, run) {
  Yasqe.forkAutocompleter("prefixes", {
    name: "our-prefixes",
    persistenceId: null,
    get: () => Object.entries(settings.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
  }, false);
  Yasqe.registerAutocompleter(ourTerms(settings), false);
  // lists of its settings are merged, and what it completes by default it would fetch from elsewhere
  Yasqe.defaults.autocompleters = ["variables", "our-prefixes", "our-terms"];
  const editor = new Yasqe(place, {
    value: text,
    // the page keeps the text, its address and its buttons itself
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    screenReaderLabel: "SPARQL query",
    // Tab leaves the editor, as it leaves every field
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false },
  });
  return editor;
}

/** Mark the place of `problem` in `editor`, if it names one; returns a function that takes the mark away. */
export function mark(editor, problem) {
  if (!problem.line) return () => {};
  const line = problem.line - 1;
  // columns count code points, the editor counts UTF-16
  const before = [...(editor.getLine(line) ?? "")].slice(0, problem.column - 1).join("").length;
  editor.addLineClass(line, "background", "faulty");
  editor.setCursor({ line, ch: before });
  editor.scrollIntoView({ line, ch: before }, 80);
  return () => editor.removeLineClass(line, "background", "faulty");
}

/** Completion of prefixed names of ours, by name or by words of the label. */
function ourTerms({ terms, prefixes }) {
  let known;
  const all = () => (known ??= fetch(terms)
    .then((response) => (response.ok ? response.json() : { results: { bindings: [] } }))
    .then((answer) => answer.results.bindings.map(({ term, label }) => ({ name: shorten(term.value, prefixes), label: label.value }))));
  const labels = new Map();
  return {
    name: "our-terms",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: (yasqe) => {
      const token = yasqe.getCompleteToken();
      const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
      return /^[a-z]*:[^<>]*$/i.test(token.string) && token.string.split(":")[0] in prefixes && !/^prefix$/i.test(before?.string ?? "");
    },
    get: async (_, token) => {
      const [prefix, begun] = token.string.toLowerCase().split(/:(.*)/s);
      const suiting = (await all()).filter(({ name, label }) =>
        name.startsWith(`${prefix}:`) && (name.toLowerCase().slice(prefix.length + 1).includes(begun) || label.toLowerCase().includes(begun)));
      const rank = ({ name }) => (name.toLowerCase().startsWith(`${prefix}:${begun}`) ? 0 : 1);
      suiting.sort((a, b) => rank(a) - rank(b));
      for (const { name, label } of suiting) labels.set(name, label);
      return suiting.slice(0, MOST).map(({ name }) => name);
    },
    postprocessHints: (_, hints) => {
      for (const hint of hints) hint.displayText = `${hint.text}  ${labels.get(hint.text) ?? ""}`;
      return hints;
    },
  };
}

function shorten(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) if (iri.startsWith(namespace)) return `${prefix}:${iri.slice(namespace.length)}`;
  return iri;
}
