// Where a person writes: Enter sends, a slash offers the commands, the bolt offers the shortcuts.

import { post } from "./api.js";
import { el, freshId } from "./dom.js";
import { base64 } from "./files.js";
import { openMenu } from "./menus.js";

export class Composer {
  constructor(app, slot, { thread = null } = {}) {
    Object.assign(this, { app, thread, sending: false });
    const listId = freshId("commands");
    this.list = el("div", {
      id: listId,
      class: "commands",
      role: "listbox",
      "aria-label": "Commands",
      hidden: true,
    });
    this.input = el("textarea", {
      rows: "1",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      autocomplete: "off",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#offer([]),
    });
    this.note = el("p", { class: "composer-note", hidden: true });
    const bolt = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        onclick: (event) => this.#shortcuts(event.currentTarget),
      },
      "⚡",
    );
    this.form = el(
      "form",
      { class: "composer", onsubmit: (event) => (event.preventDefault(), this.send()) },
      this.list,
      this.input,
      el(
        "div",
        { class: "composer-row" },
        thread ? null : bolt,
        thread ? null : this.#attach(),
        el("span", { class: "quiet keys" }, thread ? "" : "Type / for commands"),
        el("button", { type: "submit", class: "button primary solid send" }, "Send"),
      ),
    );
    slot.replaceChildren(this.note, this.form);
  }

  // label is what a screen reader and the placeholder say; closed is why nobody can write here.
  label(label, closed = "") {
    this.input.setAttribute("aria-label", label);
    this.input.placeholder = label;
    this.form.hidden = Boolean(closed);
    this.note.hidden = !closed;
    this.note.textContent = closed;
  }

  fill(text) {
    this.input.value = text;
    this.#typed();
    this.#offer([]);
    this.input.focus();
  }

  async send() {
    const text = this.input.value.trim();
    if (!text || this.sending) return;
    this.sending = true;
    const place = { as: this.app.as, channel: this.app.channel };
    const thread = this.thread?.();
    this.#offer([]);
    this.input.value = "";
    this.#grow();
    const isCommand = text.startsWith("/") && !thread;
    const answer = isCommand
      ? await post("/_/command", { ...place, text })
      : await post("/_/say", { ...place, text, ...(thread ? { thread_ts: thread } : {}) });
    this.sending = false;
    if (answer === null && !this.input.value) this.input.value = text; // nothing typed is lost
    this.#grow();
    await this.app.refresh({ toEnd: true });
  }

  // A file goes to the channel at once, as one that is dropped on it.
  #attach() {
    const given = el("input", {
      type: "file",
      hidden: true,
      "aria-label": "File to share",
      onchange: async () => {
        const [file] = given.files;
        given.value = "";
        if (!file) return;
        const place = { as: this.app.as, channel: this.app.channel };
        await post("/_/share", { ...place, name: file.name, base64: await base64(file) });
        await this.app.refresh({ toEnd: true });
      },
    });
    const clip = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Share a file",
        title: "Share a file",
        onclick: () => given.click(),
      },
      "📎",
    );
    return [clip, given];
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 200)}px`;
  }

  #typed() {
    this.#grow();
    const word = /^\/\S*$/.exec(this.input.value);
    const known =
      word && !this.thread
        ? this.app.workspace.commands.filter(({ command }) => command.startsWith(word[0]))
        : [];
    this.#offer(known);
  }

  #offer(commands) {
    this.chosen = 0;
    this.list.replaceChildren(
      ...commands.map((command) =>
        el(
          "div",
          {
            role: "option",
            id: freshId("command"),
            class: "command",
            onmousedown: (event) => (event.preventDefault(), this.#complete(command)),
          },
          el("strong", {}, command.command),
          command.usage_hint ? el("code", {}, command.usage_hint) : null,
          el("span", { class: "quiet" }, command.description),
        ),
      ),
    );
    this.offered = commands;
    this.list.hidden = !commands.length;
    this.input.setAttribute("aria-expanded", String(Boolean(commands.length)));
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === this.chosen)));
    const row = this.list.children[this.chosen];
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #complete(command) {
    this.input.value = `${command.command} `;
    this.#offer([]);
    this.input.focus();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.offered?.length && this.#steer(event)) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.send();
  }

  // True when the key was meant for the list.
  #steer(event) {
    const whole = this.offered.some(({ command }) => command === this.input.value);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.chosen = (this.chosen + step + this.offered.length) % this.offered.length;
    else if (event.key === "Escape") this.#offer([]);
    else if (event.key === "Tab" || (event.key === "Enter" && !whole))
      this.#complete(this.offered[this.chosen]);
    else return false;
    this.#mark();
    return true;
  }

  #shortcuts(anchor) {
    const own = this.app
      .shortcuts("global")
      .map(({ name, callback_id }) => ({ label: name, pick: () => this.app.shortcut(callback_id) }));
    const commands = this.app.workspace.commands.map(({ command, description }) => ({
      label: command,
      hint: description,
      pick: () => this.fill(`${command} `),
    }));
    openMenu(anchor, [...own, ...commands], "Shortcuts");
  }
}
