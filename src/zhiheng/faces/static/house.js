// What every working page gains from a script. Without it everything still works.

const menus = () => document.querySelectorAll(".bar details[open]");

// An open menu closes on Escape and on a press elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// After a refused form the summary of faults is read first.
document.querySelector("[data-focus]")?.focus();
