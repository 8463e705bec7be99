// The message list: grouped by author, kept node by node so that what did not change is not touched.

import { dayHeading, day } from "./dates.js";
import { avatar, el } from "./dom.js";
import { isReply, reactions, toolbar } from "./message-tools.js";
import { plainMessage, renderBlocks } from "./render/blocks.js";
import { files } from "./render/files.js";

const GROUP_SECONDS = 5 * 60;

const dayOf = (message, reader) => day(new Date(message.ts * 1000), reader.tz);

// Dates such as “5 minutes ago” grow old while one looks.
const tellsAge = (message) => /\{ago\}/.test(message.text + JSON.stringify(message.blocks || ""));

// Whether a message stands under the one before it without a name of its own.
const continues = (before, message) =>
  !before.subtype &&
  !message.subtype &&
  before.author === message.author &&
  before.is_ephemeral === message.is_ephemeral &&
  message.ts - before.ts < GROUP_SECONDS;

const isEvent = (message) => /^(channel|group)_/.test(message.subtype || "");

export class MessageList {
  // inThread: replies are rows here, and no thread opens from them.
  constructor(app, root, { inThread = false } = {}) {
    Object.assign(this, { app, root, inThread, rows: new Map() });
  }

  show(messages) {
    const reader = this.app.reader();
    const kept = new Map();
    const nodes = [];
    messages.forEach((message, n) => {
      const before = messages[n - 1];
      const newDay = !before || dayOf(before, reader) !== dayOf(message, reader);
      if (newDay && !this.inThread) nodes.push(this.#heading(kept, message, reader));
      const grouped = !newDay && continues(before, message);
      const state = [
        message,
        grouped,
        this.app.as,
        reader.tz,
        tellsAge(message) ? reader.now : day(reader.now, reader.tz),
      ];
      nodes.push(this.#keep(kept, message.ts, state, () => this.#row(message, grouped)));
    });
    this.rows = kept;
    this.#place(nodes);
  }

  #heading(kept, message, reader) {
    const words = dayHeading(message.ts, reader.now, reader.tz);
    const build = () => el("div", { class: "day", role: "separator" }, el("span", {}, words));
    return this.#keep(kept, `day ${message.ts}`, words, build);
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

  // A card that was redrawn under the person's finger keeps the focus, and the mark of one that a link led to.
  #handOver(old, fresh) {
    if (old.classList.contains("is-found")) fresh.classList.add("is-found");
    if (!old.contains(document.activeElement)) return;
    const { key } = document.activeElement.dataset;
    const same = key && [...fresh.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    queueMicrotask(() => (same || fresh).focus({ preventScroll: true }));
  }

  #place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.root.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach(
      (node, n) =>
        this.root.children[n] === node || this.root.insertBefore(node, this.root.children[n] || null),
    );
  }

  // What happened rather than what was said: somebody joined, the topic changed.
  #event(message) {
    const line = el(
      "div",
      { class: "message-main" },
      plainMessage(message.text, this.app.reader()),
      el("time", { class: "quiet" }, message.time),
    );
    return el(
      "article",
      { class: "message is-event", tabindex: "-1", dataset: { ts: message.ts } },
      el("div", { class: "gutter", "aria-hidden": "true" }, "›"),
      line,
    );
  }

  #row(message, grouped) {
    if (isEvent(message)) return this.#event(message);
    const kinds = [
      message.is_app && "is-app",
      message.is_ephemeral && "is-ephemeral",
      grouped && "is-grouped",
    ].filter(Boolean);
    return el(
      "article",
      {
        class: `message ${kinds.join(" ")}`,
        tabindex: "-1",
        dataset: { ts: message.ts },
        "aria-label": `${message.author}, ${message.time}`,
      },
      el(
        "div",
        { class: "gutter" },
        grouped
          ? el("time", { class: "quiet" }, message.time)
          : avatar({ ...message, isApp: message.is_app }),
      ),
      el(
        "div",
        { class: "message-main" },
        grouped ? null : this.#head(message),
        this.#ephemeral(message),
        this.#content(message),
        files(message.files, this.app.reader()),
        reactions(this.app, message),
        this.#thread(message),
      ),
      message.is_ephemeral ? null : toolbar(this.app, message, this),
    );
  }

  #head(message) {
    return el(
      "p",
      { class: "message-head" },
      el("strong", {}, message.author),
      message.is_app ? el("span", { class: "badge" }, "APP") : null,
      el("time", {}, message.time),
    );
  }

  #ephemeral(message) {
    return message.is_ephemeral ? el("p", { class: "only-you" }, "Only visible to you") : null;
  }

  #content(message) {
    const stage = this.app.stage({ type: "message", ts: message.ts }, message.values);
    const content = message.blocks?.length
      ? renderBlocks(message.blocks, stage)
      : plainMessage(message.text, stage.reader);
    const edited = message.edited ? el("span", { class: "edited" }, "(edited)") : null;
    return message.is_app && message.blocks?.length
      ? el("div", { class: "card" }, content, edited)
      : el("div", { class: "said" }, content, edited);
  }

  #thread(message) {
    if (this.inThread || !message.reply_count) return null;
    const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    return el(
      "button",
      { type: "button", class: "replies", onclick: () => this.app.openThread(message.ts) },
      words,
    );
  }
}

export const inChannel = (messages) => messages.filter((message) => !isReply(message) || message.broadcast);
export const inThreadOf = (messages, ts) =>
  messages.filter((message) => message.ts === ts || message.thread_ts === ts);
