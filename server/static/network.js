// The picture can be moved about once the reader wants it: what that takes is heavier than the page.
const shown = document.getElementById("shown");

const offer = () => {
  const button = document.getElementById("move");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { draw } = await import(button.dataset.part);
    draw();
    button.hidden = true;
  });
};

offer();
shown.addEventListener("shown", offer);
