// A filter box: terms whose name or definition lacks the words are hidden, here and in the contents.
const box = document.getElementById("find");
const terms = [...document.querySelectorAll(".term")].map((term) => [term, term.textContent.toLowerCase()]);
const contents = document.querySelector(".contents");

function find() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const [term, text] of terms) {
    term.hidden = !words.every((word) => text.includes(word));
    if (!term.hidden) count += 1;
  }
  contents.hidden = words.length > 0;
  for (const heading of document.querySelectorAll("h2[id^=kind-]")) {
    let next = heading.nextElementSibling;
    while (next?.matches(".term[hidden]")) next = next.nextElementSibling;
    heading.hidden = !next?.matches(".term");
  }
  document.getElementById("found").textContent = words.length ? `${count} of ${terms.length} terms` : "";
}

box.closest("[hidden]").hidden = false;
box.addEventListener("input", find);
// who follows a link to a term that is hidden wants to see it
addEventListener("hashchange", () => {
  if (document.querySelector(":target")?.hidden) {
    box.value = "";
    find();
    document.querySelector(":target").scrollIntoView();
  }
});
