// The results follow the choice without a reload: the page at the new address is fetched, and its results put here.
const form = document.getElementById("bench");
let asked;

function address() {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  const plain = filled.filter(([name, value]) => name !== "outcome" || value !== "alliance");
  return `${form.action}?${new URLSearchParams(plain)}`;
}

async function show() {
  asked?.abort();
  const mine = (asked = new AbortController());
  const results = document.getElementById("results");
  const open = new Set([...results.querySelectorAll("details[open]")].map(key));
  results.classList.add("busy");
  try {
    const answer = await fetch(address(), { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("results");
    if (!fresh) {
      form.submit(); // a problem has a page of its own
      return;
    }
    for (const details of fresh.querySelectorAll("details")) {
      if (open.has(key(details))) details.open = true;
    }
    results.replaceWith(fresh);
    document.getElementById("brief").textContent = page.getElementById("brief").textContent;
    document.getElementById("told").textContent = page.getElementById("brief").textContent;
    document.title = page.title;
    history.replaceState(null, "", address());
    copyButtons();
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  } finally {
    if (asked === mine) document.getElementById("results").classList.remove("busy");
  }
}

function key(details) {
  const heading = details.closest("section")?.querySelector("h3, h4")?.textContent ?? "";
  return heading + details.querySelector("summary").textContent;
}

function copyButtons() {
  for (const text of document.querySelectorAll("#results .copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.href ?? text.textContent);
      button.textContent = "Copied";
    });
    text.after(button);
  }
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "from" && event.target.value) form.submit();
    else show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
    document.getElementById("results").scrollIntoView();
  });
  // a suggestion checks its conditions
  document.querySelector(".bench").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-conditions]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const name of link.dataset.conditions.split(" ")) {
      document.getElementById(`c-${name}`).checked = true;
    }
    show();
  });
  copyButtons();
}
