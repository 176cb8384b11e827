// A change of a filter replaces what is shown, and the address, without loading the page anew.
const form = document.querySelector("form[data-shows]");
const shown = document.getElementById(form.dataset.shows);
let latest;

const show = async (address, push) => {
  const asked = (latest = new AbortController());
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(shown.id);
    if (!answer.ok || !found) throw new Error("no such view");
    shown.replaceChildren(...found.childNodes);
    // other lenses have other outcomes, so the form follows
    for (const field of page.querySelectorAll("form[data-shows] :is(select, input)")) {
      const own = form.elements[field.name];
      // as text, because options that are moved one by one change which of them is chosen
      if (own.tagName === "SELECT") own.innerHTML = field.innerHTML;
      else own.value = field.value;
    }
    document.title = page.title;
    if (push) history.pushState(null, "", address);
    shown.removeAttribute("aria-busy");
    shown.dispatchEvent(new CustomEvent("shown"));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address); // the page says what is wrong
  }
};

const address = () => {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(filled).toString();
  return form.action + (query && `?${query}`);
};

form.addEventListener("change", (event) => {
  latest?.abort();
  // an outcome of one lens need not be one of another
  if (event.target.name === "lens" && form.elements.outcome) form.elements.outcome.value = "";
  show(address(), true);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  latest?.abort();
  show(address(), true);
});
addEventListener("popstate", () => show(location.href, false));
