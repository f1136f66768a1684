// Forms keep what is typed (data-autosave), are sent once (data-once), and warn before unsaved work is left behind.

const PAUSE = 1500; // milliseconds after the last key

const words = document.body.dataset; // saving, saved, unsaved: in the page's language

function draftOf(form) {
  const data = new FormData(form);
  // A file is taken in when the form itself is sent; a draft keeps what was typed.
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("_draft", "1");
  return data;
}

function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  const say = (text, failed = false) => {
    if (!status) return;
    status.textContent = text;
    status.classList.toggle("overdue", failed);
  };
  let dirty = false;
  let leaving = false;
  let running = null;
  let timer = 0;
  let stopped = false; // another window saved a newer draft: this one must not overwrite it

  async function save() {
    clearTimeout(timer);
    if (!dirty || running || stopped) return;
    dirty = false;
    say(words.saving);
    running = fetch(form.dataset.autosave, { method: "POST", body: draftOf(form), headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    try {
      const answer = await running;
      if (answer.status === 409 || answer.status === 413) {
        const told = await answer.json().catch(() => ({}));
        stopped = true; // a newer draft elsewhere, or one too large: trying again would not help
        throw new Error(told.stale ?? words.unsaved);
      }
      if (!answer.ok) throw new Error(words.unsaved);
      const told = answer.status === 204 ? {} : await answer.json();
      const revision = form.elements.namedItem("draft_revision");
      if (told.revision !== undefined && revision) revision.value = told.revision;
      say(`${words.saved} ${told.saved ?? ""}`.trim());
    } catch (error) {
      dirty = true;
      say(error instanceof TypeError ? words.unsaved : error.message, true);
    } finally {
      running = null;
      if (dirty && !stopped) timer = setTimeout(save, PAUSE * 4);
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (leaving = false));
}

function once(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // Not disabled: a disabled button's name and value would not be sent.
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back from the next page: the form may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  });
}

for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
for (const form of document.querySelectorAll("form[data-once]")) once(form);
