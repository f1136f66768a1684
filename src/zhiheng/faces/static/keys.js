// Passkeys: a button with data-key is shown where the browser knows passkeys, and starts what it names (login, authenticate, add).

const forms = window.allauth?.webauthn?.forms;
const failed = document.getElementById("key_error");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (failed) {
    failed.hidden = false;
    failed.scrollIntoView({ block: "center" });
  }
});

if (forms && window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("button[data-key]")) {
    const form = button.form;
    const ids = { credential: form.elements.credential.id, data: "js_data" };
    if (form.elements.passwordless) ids.passwordless = form.elements.passwordless.id;
    const kind = button.dataset.key;
    if (kind === "login") delete ids.data;
    ids[kind] = button.id;
    forms[`${kind}Form`]({ ids });
    button.hidden = false;
    button.addEventListener("click", () => { if (failed) failed.hidden = true; });
  }
}
