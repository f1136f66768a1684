// A citation opens the article's wording in a box over the page. Where that fails, the link leads to the full text as it stands.

const kept = new Map();
const base = document.body.dataset.articles;

async function wording(link) {
  const query = new URLSearchParams({ code: link.dataset.article });
  if (link.dataset.cycle) query.set("cycle", link.dataset.cycle);
  const url = `${base}?${query}`;
  if (!kept.has(url)) {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    kept.set(url, await answer.text());
  }
  return kept.get(url);
}

function box() {
  let dialog = document.querySelector("dialog.articlebox");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "articlebox";
    // A press beside the box closes it.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    document.body.append(dialog);
  }
  return dialog;
}

if (base && HTMLDialogElement.prototype.showModal) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-article]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const dialog = box();
      dialog.innerHTML = await wording(link); // our own page, escaped by the server
      dialog.setAttribute("aria-label", link.textContent.trim());
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    } catch {
      location.assign(link.href);
    }
  });
}
