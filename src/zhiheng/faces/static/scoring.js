// The running total while marks are given, in whole numbers so that it is exact; the band of the guide that a mark lies in.

const data = document.getElementById("scheme");
const form = document.getElementById("sheet");

if (data && form) {
  const { weights, unit, parts, guides, bands } = JSON.parse(data.textContent);
  const total = form.querySelector("[data-total]");
  const side = form.querySelector(".scoring-side");
  const done = form.querySelector("[data-done]");

  // Rounded half up to two decimals, as the server shows it.
  const shown = (sum) => {
    const hundredths = Math.floor((2 * sum * 100 + unit) / (2 * unit));
    return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
  };
  const worth = (code, value) => weights[code] * Math.round(Number(value) * parts);
  const band = (guide, mark) => (bands[guide] ?? []).findLast(([from]) => from <= mark);

  function paint(part) {
    const code = part.dataset.item;
    const value = form.elements.namedItem(`mark-${code}`).value;
    const points = part.querySelector("[data-points]");
    const text = part.querySelector("[data-band]");
    const chip = form.querySelector(`[data-chip="${code}"]`);
    points.textContent = value ? `${shown(worth(code, value))} 分` : "";
    chip.classList.toggle("filled", Boolean(value));
    chip.lastElementChild.textContent = value || "—";
    const found = value ? band(guides[code], Number(value)) : undefined;
    text.replaceChildren();
    if (!found) return;
    const label = document.createElement("strong");
    label.textContent = found[1];
    text.append(label, ` ${found[2]}`);
  }

  function count() {
    let sum = 0;
    let given = 0;
    for (const code of Object.keys(weights)) {
      const { value } = form.elements.namedItem(`mark-${code}`);
      if (!value) continue;
      sum += worth(code, value);
      given += 1;
    }
    total.textContent = shown(sum);
    done.textContent = String(given);
  }

  // The guide beside the sheet is the one that judges the item in hand, its band marked.
  function guide(part) {
    const code = part.dataset.item;
    const value = form.elements.namedItem(`mark-${code}`).value;
    for (const one of form.querySelectorAll("[data-guide]")) {
      const mine = one.dataset.guide === guides[code];
      if (matchMedia("(min-width: 64.01em)").matches) one.open = mine;
      const now = mine && value ? [...one.querySelectorAll("[data-from]")].find((band) => Number(band.dataset.from) <= Number(value)) : null;
      for (const band of one.querySelectorAll("[data-from]")) band.classList.toggle("now", band === now);
      if (now) side.scrollTop += now.getBoundingClientRect().top - side.getBoundingClientRect().top - side.clientHeight / 2;
    }
  }

  // On a phone the guide would stand in the way of the sheet: it is opened when it is wanted.
  if (matchMedia("(max-width: 64em)").matches) for (const one of form.querySelectorAll("[data-guide]")) one.open = false;

  form.addEventListener("change", (event) => {
    const part = event.target.closest("[data-item]");
    if (!part || event.target.tagName !== "SELECT") return;
    paint(part);
    count();
    guide(part);
  });
  form.addEventListener("focusin", (event) => {
    const part = event.target.closest("[data-item]");
    if (part) guide(part);
  });
}
