// The message list: grouped by author, kept node by node so that what did not change is not touched.

import { post } from "./api.js";
import { dayHeading, day } from "./dates.js";
import { avatar, el } from "./dom.js";
import { glyph } from "./emoji.js";
import { openMenu } from "./menus.js";
import { plainMessage, renderBlocks } from "./render/blocks.js";

const GROUP_SECONDS = 5 * 60;
const QUICK = ["white_check_mark", "eyes", "+1"];
const REACTIONS = ["+1", "-1", "white_check_mark", "eyes", "pushpin", "tada", "heart", "rocket", "fire", "thinking_face", "warning", "x", "pray", "clap", "question", "bulb"];

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

export class MessageList {
  // inThread: replies are rows here, and no thread opens from them.
  constructor(app, root, { inThread = false } = {}) {
    Object.assign(this, { app, root, inThread, rows: new Map() });
  }

  show(messages) {
    const reader = this.app.reader();
    const kept = new Map();
    const nodes = [];
    let before = null;
    for (const message of messages) {
      if (!before || day(new Date(before.ts * 1000), reader.tz) !== day(new Date(message.ts * 1000), reader.tz)) {
        if (!this.inThread) nodes.push(this.#keep(kept, `day ${message.ts}`, dayHeading(message.ts, reader.now, reader.tz), (text) => el("div", { class: "day", role: "separator" }, el("span", {}, text))));
        before = null;
      }
      const grouped = Boolean(before && !before.subtype && !message.subtype && before.author === message.author && before.is_ephemeral === message.is_ephemeral && message.ts - before.ts < GROUP_SECONDS);
      const state = [message, grouped, reader.tz, day(reader.now, reader.tz), this.app.as];
      nodes.push(this.#keep(kept, message.ts, state, () => this.#row(message, grouped)));
      before = message;
    }
    this.rows = kept;
    this.#place(nodes);
  }

  // The node for a key, anew only when its state is another one.
  #keep(kept, key, state, build) {
    const fingerprint = JSON.stringify(state);
    const old = this.rows.get(key);
    const row = old?.fingerprint === fingerprint ? old : { fingerprint, node: build(state) };
    if (old && row !== old) this.#handOver(old.node, row.node);
    kept.set(key, row);
    return row.node;
  }

  // A card that was redrawn under the person's finger keeps the focus.
  #handOver(old, fresh) {
    if (!old.contains(document.activeElement)) return;
    const { key } = document.activeElement.dataset;
    const same = key && [...fresh.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    queueMicrotask(() => (same || fresh).focus({ preventScroll: true }));
  }

  #place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.root.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, n) => this.root.children[n] === node || this.root.insertBefore(node, this.root.children[n] || null));
  }

  // What happened rather than what was said: somebody joined, the topic changed.
  #event(message) {
    const line = el("div", { class: "message-main" }, plainMessage(message.text, this.app.reader()), el("time", { class: "quiet" }, message.time));
    return el("article", { class: "message is-event", tabindex: "-1", dataset: { ts: message.ts } }, el("div", { class: "gutter", "aria-hidden": "true" }, "›"), line);
  }

  #row(message, grouped) {
    if (message.subtype?.startsWith("channel_") || message.subtype?.startsWith("group_")) return this.#event(message);
    const kinds = [message.is_app && "is-app", message.is_ephemeral && "is-ephemeral", grouped && "is-grouped"].filter(Boolean);
    return el(
      "article",
      { class: `message ${kinds.join(" ")}`, tabindex: "-1", dataset: { ts: message.ts }, "aria-label": `${message.author}, ${message.time}` },
      el("div", { class: "gutter" }, grouped ? el("time", { class: "quiet" }, message.time) : avatar({ ...message, isApp: message.is_app })),
      el("div", { class: "message-main" }, grouped ? null : this.#head(message), this.#ephemeral(message), this.#content(message), this.#reactions(message), this.#thread(message)),
      message.is_ephemeral ? null : this.#toolbar(message),
    );
  }

  #head(message) {
    return el("p", { class: "message-head" }, el("strong", {}, message.author), message.is_app ? el("span", { class: "badge" }, "APP") : null, el("time", {}, message.time));
  }

  #ephemeral(message) {
    return message.is_ephemeral ? el("p", { class: "only-you" }, "Only visible to you") : null;
  }

  #content(message) {
    const stage = this.app.stage({ type: "message", ts: message.ts }, message.values);
    const content = message.blocks?.length ? renderBlocks(message.blocks, stage) : plainMessage(message.text, stage.reader);
    const edited = message.edited ? el("span", { class: "edited" }, "(edited)") : null;
    return message.is_app && message.blocks?.length ? el("div", { class: "card" }, content, edited) : el("div", { class: "said" }, content, edited);
  }

  #reactions(message) {
    if (!message.reactions?.length) return null;
    const chip = ({ name, count }) =>
      el("button", { type: "button", class: "reaction", "aria-label": `${name.replaceAll("_", " ")}, ${count}`, onclick: () => this.#react(message, name) }, el("span", {}, glyph(name)), String(count));
    return el("div", { class: "reactions" }, message.reactions.map(chip));
  }

  #thread(message) {
    if (this.inThread || !message.reply_count) return null;
    const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    return el("button", { type: "button", class: "replies", onclick: () => this.app.openThread(message.ts) }, words);
  }

  #toolbar(message) {
    const button = (label, shown, go, extra = {}) => el("button", { type: "button", "aria-label": label, title: label, onclick: go, ...extra }, shown);
    const more = this.app.shortcuts("message").map(({ name, callback_id }) => ({
      label: name,
      pick: () => this.app.shortcut(callback_id, message.ts),
    }));
    return el(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Message actions" },
      QUICK.map((name) => button(`React with ${name.replaceAll("_", " ")}`, glyph(name), () => this.#react(message, name))),
      button("Add a reaction", "☺", (event) => openMenu(event.currentTarget, this.#palette(message), "Reactions", { grid: true }), { "aria-haspopup": "menu" }),
      this.inThread ? null : button("Reply in thread", "↳", () => this.app.openThread(isReply(message) ? message.thread_ts : message.ts)),
      more.length ? button("Message shortcuts", "⋯", (event) => openMenu(event.currentTarget, more, "Message shortcuts"), { "aria-haspopup": "menu" }) : null,
    );
  }

  #palette(message) {
    return REACTIONS.map((name) => ({ label: name.replaceAll("_", " "), glyph: glyph(name), pick: () => this.#react(message, name) }));
  }

  async #react(message, name) {
    await post("/_/react", { as: this.app.as, channel: this.app.channel, ts: message.ts, name });
  }
}

export const inChannel = (messages) => messages.filter((message) => !isReply(message));
export const inThreadOf = (messages, ts) => messages.filter((message) => message.ts === ts || message.thread_ts === ts);
