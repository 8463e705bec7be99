// What can be done with a message: react, answer in its thread, hand it to one of the app's shortcuts.

import { post } from "./api.js";
import { el } from "./dom.js";
import { glyph } from "./emoji.js";
import { openMenu } from "./menus.js";

const QUICK = ["white_check_mark", "eyes", "+1"];
const PALETTE =
  "+1 -1 white_check_mark eyes pushpin tada heart rocket fire thinking_face warning x pray clap question bulb";

const spoken = (name) => name.replaceAll("_", " ");
const react = (app, message, name) =>
  post("/_/react", { as: app.as, channel: app.channel, ts: message.ts, name });

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

// The reactions that a message has; a click adds one's own, or takes it back.
export function reactions(app, message) {
  if (!message.reactions?.length) return null;
  const chip = ({ name, count }) => {
    const label = `${spoken(name)}, ${count}`;
    const add = () => react(app, message, name);
    return el(
      "button",
      { type: "button", class: "reaction", "aria-label": label, onclick: add },
      el("span", {}, glyph(name)),
      String(count),
    );
  };
  return el("div", { class: "reactions" }, message.reactions.map(chip));
}

const tool = (label, shown, onclick) =>
  el("button", { type: "button", "aria-label": label, title: label, onclick }, shown);

const quick = (app, message) => (name) =>
  tool(`React with ${spoken(name)}`, glyph(name), () => react(app, message, name));

function palette(app, message) {
  const items = PALETTE.split(" ").map((name) => ({
    label: spoken(name),
    glyph: glyph(name),
    pick: () => react(app, message, name),
  }));
  const open = (event) => openMenu(event.currentTarget, items, "Reactions", { grid: true });
  return tool("Add a reaction", "☺", open);
}

function answer(app, message) {
  const thread = isReply(message) ? message.thread_ts : message.ts;
  return tool("Reply in thread", "↳", () => app.openThread(thread));
}

function shortcuts(app, message) {
  const items = app.shortcuts("message").map(({ name, callback_id: callback }) => ({
    label: name,
    pick: () => app.shortcut(callback, message.ts),
  }));
  const open = (event) => openMenu(event.currentTarget, items, "Message shortcuts");
  return items.length ? tool("Message shortcuts", "⋯", open) : null;
}

// The bar that appears on a message under the pointer or the focus.
export function toolbar(app, message, { inThread }) {
  return el(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Message actions" },
    QUICK.map(quick(app, message)),
    palette(app, message),
    inThread ? null : answer(app, message),
    shortcuts(app, message),
  );
}
