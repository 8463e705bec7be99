// The dialog that a `confirm` object asks for. Answers true when the person goes on.

import { el, freshId } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

export function confirmed(confirm, reader) {
  if (!confirm) return Promise.resolve(true);
  const title = freshId("confirm");
  return new Promise((resolve) => {
    const dialog = el(
      "dialog",
      {
        class: "modal confirm",
        "aria-labelledby": title,
        onclose: () => (dialog.remove(), resolve(dialog.returnValue === "yes")),
      },
      el("header", {}, el("h2", { id: title }, plain(confirm.title))),
      el("div", { class: "modal-body" }, el("div", { class: "text" }, textObject(confirm.text, reader))),
      el(
        "footer",
        {},
        el(
          "button",
          { type: "button", class: "button", onclick: () => dialog.close("no") },
          plain(confirm.deny),
        ),
        el(
          "button",
          {
            type: "button",
            class: `button ${confirm.style || "primary"} solid`,
            onclick: () => dialog.close("yes"),
          },
          plain(confirm.confirm),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
