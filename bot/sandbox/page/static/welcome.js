// “Try this”: three steps for a first visit. Each button does its step, or puts the words into the composer.

import { byId, el } from "./dom.js";

// The channel that the page opens in, where there is one of this name: the first step is done there.
export const BEGINS_IN = "service-desk";

const SEEN = "sandbox-welcome-seen";

const forward = () => document.querySelector('.clock [data-unit="minutes"]').click();

// A step is offered when the app has the command it needs.
const STEPS = [
  {
    needs: "/incident",
    title: "Report an incident",
    text: "Type “/incident VPN is down”, fill in the form and submit it.",
    button: "Write it for me",
    go: (app) => app.write("/incident VPN is down", { as: "requester", channel: BEGINS_IN }),
  },
  {
    needs: "",
    title: "Let time pass",
    text: "Move the clock: reminders ring when a promise is about to be broken.",
    button: "Forward 15 minutes now",
    go: forward,
  },
  {
    needs: "/change",
    title: "Raise and approve a change",
    text: "Raise it as requester, then approve it as approver.",
    button: "Start a change",
    go: (app) => app.write("/change Renew the VPN certificate", { as: "requester", channel: "general" }),
  },
];

function seen() {
  try {
    return localStorage.getItem(SEEN);
  } catch {
    return null; // storage may be switched off; then the panel comes back
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch {
    // as above
  }
}

export function welcome(app) {
  const root = byId("welcome");
  if (seen()) return;
  const known = new Set(app.workspace.commands.map(({ command }) => command));
  const steps = STEPS.filter(({ needs }) => !needs || known.has(needs));
  const dismiss = () => {
    remember();
    root.hidden = true;
  };
  root.replaceChildren(
    el(
      "header",
      {},
      el("h2", { id: "welcome-title" }, "Try this"),
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Dismiss the tips", onclick: dismiss },
        "✕",
      ),
    ),
    el(
      "ol",
      {},
      steps.map((step) =>
        el(
          "li",
          {},
          el("strong", {}, step.title),
          el("p", {}, step.text),
          el("button", { type: "button", class: "button small", onclick: () => step.go(app) }, step.button),
        ),
      ),
    ),
  );
  root.hidden = false;
}
