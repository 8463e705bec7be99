// Places to go and people to be.

import { avatar, byId, el, keepFocus } from "./dom.js";
import { stepsItem } from "./steps.js";

function place(app, { key, shown, mark, unread }) {
  const here = app.channel === key;
  const count = here ? 0 : unread;
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: count ? "place-link unread" : "place-link",
        "aria-current": here ? "page" : null,
        dataset: { key: `place ${key}` },
        onclick: () => app.go({ channel: key }),
      },
      el("span", { class: "mark", "aria-hidden": "true" }, mark),
      el("span", { class: "shown" }, shown),
      count ? el("span", { class: "count" }, String(count), el("span", { class: "sr" }, " unread")) : null,
    ),
  );
}

function person(app, who) {
  const now = app.as === who.handle;
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "person",
        "aria-pressed": String(now),
        dataset: { key: `person ${who.handle}` },
        onclick: () => app.go({ as: who.handle }),
      },
      avatar({ ...who, size: "small" }),
      el(
        "span",
        { class: "who" },
        el("span", { class: "sr" }, "Act as "),
        el("span", { class: "name" }, who.name),
        who.title ? el("small", {}, who.title) : null,
      ),
    ),
  );
}

const group = ({ handle, members }) =>
  el("li", {}, el("span", { class: "name" }, `@${handle}`), el("small", {}, members.join(", ")));

export const drawSidebar = (app) => keepFocus(byId("sidebar"), () => draw(app));

function draw(app) {
  const { workspace, view } = app;
  const unread = view?.unread || {};
  byId("workspace-name").textContent = workspace.name;
  const mine = new Set(view?.private);
  const channels = workspace.channels.filter(({ name, is_private }) => !is_private || mine.has(name));
  byId("channels").replaceChildren(
    ...channels.map(({ name, is_private }) =>
      place(app, { key: name, shown: name, mark: is_private ? "🔒\uFE0E" : "#", unread: unread[name] }),
    ),
  );
  byId("apps").replaceChildren(
    place(app, { key: "home", shown: "App Home", mark: "⌂" }),
    place(app, { key: "DM", shown: workspace.app.name, mark: "✉\uFE0E", unread: unread.DM }),
    ...[stepsItem(app)].filter(Boolean),
  );
  byId("people").replaceChildren(...workspace.people.map((who) => person(app, who)));
  byId("groups").hidden = !view?.groups.length;
  byId("groups-list").replaceChildren(...(view?.groups || []).map(group));
}

// On a narrow screen the sidebar is a drawer.
export function drawer() {
  const set = (open) => {
    document.body.classList.toggle("drawer-open", open);
    byId("scrim").hidden = !open;
    byId("menu-button").setAttribute("aria-expanded", String(open));
    if (open) byId("sidebar-close").focus();
  };
  byId("menu-button").addEventListener("click", () => set(true));
  byId("sidebar-close").addEventListener("click", () => set(false));
  byId("scrim").addEventListener("click", () => set(false));
  document.addEventListener(
    "keydown",
    (event) => event.key === "Escape" && document.body.classList.contains("drawer-open") && set(false),
  );
  return { close: () => set(false) };
}
