// Menus that hang from a button: overflow, shortcuts, reactions.

import { el } from "./dom.js";

let closeOpen = () => {};

// items: {label, hint?, pick, glyph?}[]. Focus goes in, and back to the button when it closes.
export function openMenu(anchor, items, name, { grid = false } = {}) {
  const reopened = anchor.getAttribute("aria-expanded") === "true";
  closeOpen();
  if (reopened) return;
  const menu = el(
    "div",
    { role: "menu", class: grid ? "menu grid" : "menu", "aria-label": name },
    items.map(entry),
  );

  function entry(item) {
    const pick = () => {
      close();
      item.pick();
    };
    return el(
      "button",
      {
        type: "button",
        role: "menuitem",
        onclick: pick,
        "aria-label": item.glyph ? item.label : null,
        title: item.glyph ? item.label : null,
      },
      item.glyph || item.label,
      item.hint ? el("small", {}, item.hint) : null,
    );
  }
  function close() {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = () => {};
    if (anchor.isConnected) anchor.focus();
  }
  function outside(event) {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) close();
  }
  menu.addEventListener("keydown", (event) => {
    const rows = [...menu.children];
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) rows.at((rows.indexOf(document.activeElement) + step) % rows.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  (anchor.closest("dialog") || document.body).append(menu);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  closeOpen = close;
  place(menu, anchor.getBoundingClientRect());
  menu.firstElementChild?.focus();
}

// Below the button, or above it where there is no room, and never off the screen.
function place(menu, box) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + 6 + height < window.innerHeight;
  menu.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - height - 6)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
}
