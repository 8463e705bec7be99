// Modals as real dialogs. What is typed lives here until it is submitted, and survives the view being redrawn.

import { post } from "./api.js";
import { el, freshId, keepFocus, mark } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { actor, context, renderBlocks } from "./render/blocks.js";
import { control } from "./render/controls.js";

const DISPATCH_ON = { character: "on_character_entered", enter: "on_enter_pressed" };

export class Modal {
  constructor(app) {
    this.app = app;
    this.dialog = null;
    this.drawn = "";
    this.viewId = null;
    this.drafts = new Map(); // "block_id action_id" → value form
  }

  // Show the view that the workspace says is in front, with its values and errors; null closes.
  show(view) {
    if (!view) return this.#gone();
    const key = JSON.stringify([view.id, view.hash, view.errors]);
    if (key === this.drawn) return undefined;
    if (view.id !== this.viewId) this.drafts.clear();
    [this.viewId, this.drawn] = [view.id, key];
    return this.#draw(view);
  }

  #gone() {
    this.dialog?.close();
    this.dialog?.remove();
    [this.dialog, this.viewId, this.drawn] = [null, null, ""];
    this.drafts.clear();
  }

  #draw(view) {
    this.dialog ||= this.#open();
    this.view = view;
    this.errors = view.errors || {};
    this.blocks = new Map(view.blocks.map((block) => [block.block_id, block]));
    const scrolled = this.body.scrollTop;
    const found = keepFocus(this.dialog, () => this.#fill(view));
    this.body.scrollTop = scrolled;
    if (!found) this.#start();
  }

  #fill(view) {
    const formError = this.errors[""];
    this.title.textContent = plain(view.title);
    this.body.replaceChildren(
      formError ? el("p", { class: "form-error", role: "alert" }, formError) : "",
      renderBlocks(view.blocks, this.#stage()),
    );
    this.footer.replaceChildren(
      el(
        "button",
        { type: "button", class: "button", onclick: () => this.close() },
        view.close ? plain(view.close) : "Cancel",
      ),
      view.submit
        ? mark(el("button", { type: "submit", class: "button primary solid" }, plain(view.submit)), "submit")
        : "",
    );
  }

  // A new form starts where it asks to, else at its first field.
  #start() {
    const first =
      this.body.querySelector("[data-first]") || this.body.querySelector("input, select, textarea");
    (first || this.footer.lastElementChild).focus();
  }

  #open() {
    const title = freshId("modal");
    this.title = el("h2", { id: title });
    this.body = el("div", { class: "modal-body" });
    this.footer = el("footer");
    const form = el(
      "form",
      { novalidate: true, onsubmit: (event) => this.#submit(event) },
      el(
        "header",
        {},
        this.title,
        el(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Close the window",
            onclick: () => this.close(),
          },
          "✕",
        ),
      ),
      this.body,
      this.footer,
    );
    const toasts = el("div", { class: "toasts dialog-toasts", role: "alert" });
    const dialog = el("dialog", { class: "modal", "aria-labelledby": title }, form, toasts);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  #stage() {
    return {
      ...this.app.stage({ type: "modal" }, this.view.values),
      field: (block) => this.#field(block),
      pressed: (stage, block, element, more) =>
        actor(stage, block, element, {
          ...more,
          ...this.#draftOf(block, element),
          typed: (value) => this.#keep(block, element, value),
        }),
      redraw: () => this.#draw(this.view),
    };
  }

  #draftOf(block, element) {
    const draft = this.drafts.get(`${block.block_id} ${element.action_id}`);
    return draft && draft.type === element.type ? { value: draft.value } : {};
  }

  #keep(block, element, value) {
    if (value.button) return;
    this.drafts.set(`${block.block_id} ${element.action_id}`, { type: element.type, value });
  }

  // One labelled row; its error and hint are read out with the input.
  #field(block) {
    const { element } = block;
    const [id, labelId, aboutId] = [freshId("field"), freshId("label"), freshId("about")];
    const error = this.errors[block.block_id];
    const grouped = ["radio_buttons", "checkboxes"].includes(element.type);
    const node = control(
      element,
      context(this.app.stage({ type: "modal" }, this.view.values), block, element, {
        id: grouped ? null : id,
        label: plain(block.label),
        labelledBy: labelId,
        describedBy: error || block.hint ? aboutId : null,
        changed: (value, how) => this.#changed(block, value, how),
        ...this.#draftOf(block, element),
      }),
    );
    const focusable = node.matches("input, select, textarea")
      ? node
      : node.querySelector("input, select, textarea") || node;
    mark(node, `${block.block_id} ${element.action_id}`);
    if (error) focusable.setAttribute("aria-invalid", "true");
    if (element.focus_on_load) focusable.dataset.first = "";
    return el(
      "div",
      { class: error ? "field-row wrong" : "field-row" },
      el(
        grouped ? "span" : "label",
        { id: labelId, class: "label", for: grouped ? null : id },
        plain(block.label),
        block.optional ? el("span", { class: "quiet" }, " (optional)") : null,
      ),
      node,
      el(
        "div",
        { id: aboutId },
        error ? el("p", { class: "field-error" }, error) : null,
        block.hint ? el("p", { class: "hint" }, plain(block.hint)) : null,
      ),
    );
  }

  // True when the change was told to the app.
  #changed(block, value, how) {
    const { element } = block;
    this.#keep(block, element, value);
    if (!block.dispatch_action) return false;
    const typing = element.type.endsWith("_input");
    const wanted = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
    const now = typing ? wanted.includes(DISPATCH_ON[how]) : how === "change";
    if (now) this.app.stage({ type: "modal" }).act(block, element, value);
    return now;
  }

  // What was typed and still has its place in the view.
  values() {
    const values = {};
    for (const [key, { type, value }] of this.drafts) {
      const [blockId, actionId] = key.split(" ");
      const block = this.blocks.get(blockId);
      const elements = block && [block.element, block.accessory, ...(block.elements || [])];
      if (elements?.some((element) => element?.action_id === actionId && element.type === type))
        (values[blockId] ||= {})[actionId] = value;
    }
    return values;
  }

  async #submit(event) {
    event.preventDefault();
    const button = this.footer.querySelector("[type=submit]");
    if (!button || button.ariaBusy) return;
    button.ariaBusy = "true";
    const answer = await post("/_/modal/submit", {
      as: this.app.as,
      view: this.viewId,
      values: this.values(),
    });
    button.ariaBusy = null;
    await this.app.refresh();
    if (answer?.errors) this.dialog?.querySelector("[aria-invalid]")?.focus();
  }

  async close() {
    await post("/_/modal/close", { as: this.app.as, view: this.viewId });
    await this.app.refresh();
  }
}
