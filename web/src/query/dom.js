// Elements in few words. Styles are left to the style sheets, as the page allows no others.

/** An element with `properties`, `data-` and `aria-` attributes among them, and `children`. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** A labelled select of `options`, pairs of value and text. */
export function select(label, options, chosen, change) {
  const field = element("select", { onchange: () => change(field.value) }, ...options.map(([value, text]) => element("option", { value }, text)));
  field.value = chosen;
  return element("label", {}, `${label} `, field);
}

/** The value of a colour or font of the style sheet. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
