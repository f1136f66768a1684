// A part of a page that follows what happens: <div data-live="/address" data-every="5"> is drawn anew from its address.
// It rests while the page is hidden, waits longer after a failure, and changes nothing while the reader's focus is inside.

const SLOWEST = 60;

function follow(part) {
  const every = Number(part.dataset.every) || 5;
  let wait = every;
  let last = "";

  async function look() {
    if (document.visibilityState === "visible" && !part.contains(document.activeElement)) {
      try {
        const answer = await fetch(part.dataset.live, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
        if (answer.status === 286) return; // nothing more will change
        if (!answer.ok) throw new Error(String(answer.status));
        const html = await answer.text();
        if (html !== last) {
          if (last || html.trim() !== part.innerHTML.trim()) part.innerHTML = html; // our own page, escaped by the server
          last = html;
          part.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
        }
        wait = every;
        part.removeAttribute("data-stale");
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
        part.setAttribute("data-stale", "");
      }
    }
    setTimeout(look, wait * 1000);
  }

  setTimeout(look, wait * 1000);
}

for (const part of document.querySelectorAll("[data-live]")) follow(part);
