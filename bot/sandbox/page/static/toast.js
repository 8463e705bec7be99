// Short notes in a corner, for what went wrong and for answers that belong to no message.

import { byId, el } from "./dom.js";

const SHOWN_MS = 9000;

export function toast(text, kind = "failure") {
  const note = el(
    "div",
    { class: `toast ${kind}` },
    el("p", {}, text),
    el(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => note.remove() },
      "✕",
    ),
  );
  // above an open modal, which covers the page
  (document.querySelector("dialog[open] .dialog-toasts") || byId("toasts")).append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
