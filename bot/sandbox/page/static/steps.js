// Steps of Workflow Builder: run by hand, since this workspace has no Workflow Builder; and how those that ran ended.

import { post } from "./api.js";
import { byId, el, freshId } from "./dom.js";

const LONG = new Set(["description", "answers", "plan", "backout", "why"]);
const SHOWN_MOST = 8;

// The item of the sidebar that opens the dialog; nothing where the app declares no steps.
export function stepsItem(app) {
  if (!app.workspace.steps.length) return null;
  const opens = () => open(app);
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "place-link", dataset: { key: "steps" }, onclick: opens },
      el("span", { class: "mark", "aria-hidden": "true" }, "⚙\uFE0E"),
      el("span", { class: "shown" }, "Workflow steps"),
    ),
  );
}

// Drawn anew with the view: a step that waits ends long after it was run.
export function drawRan(app) {
  const list = byId("steps-ran");
  if (!list) return;
  const ran = (app.view?.executions || []).slice(0, SHOWN_MOST);
  list.replaceChildren(...ran.map((one) => el("li", {}, `${one.title}: `, el("strong", {}, said(one)))));
  byId("steps-ran-title").hidden = !ran.length;
}

function said({ state, outputs, error }) {
  if (state === "running") return "waits";
  return state === "failed" ? error : Object.values(outputs).join(", ");
}

function open(app) {
  const title = freshId("steps");
  const fields = el("div", { class: "blocks" });
  const chosen = () => app.workspace.steps.find(({ id }) => id === menu.value);
  const menu = el(
    "select",
    { class: "control", id: freshId("step"), onchange: () => draw() },
    app.workspace.steps.map((step) => el("option", { value: step.id }, step.title)),
  );
  const draw = () => fields.replaceChildren(...chosen().inputs.map((input) => row(app, input)));
  const run = async (event) => {
    event.preventDefault();
    const given = [...fields.querySelectorAll("[name]")].filter(({ value }) => value);
    const inputs = Object.fromEntries(given.map(({ name, value }) => [name, value]));
    await post("/_/step", { as: app.as, step: menu.value, inputs });
    await app.refresh();
  };
  const dialog = el(
    "dialog",
    { class: "modal", "aria-labelledby": title, onclose: () => dialog.remove() },
    el(
      "form",
      { onsubmit: run },
      el("header", {}, el("h2", { id: title }, "Run a workflow step")),
      el(
        "div",
        { class: "modal-body" },
        el(
          "div",
          { class: "blocks" },
          el("div", { class: "field-row" }, el("label", { class: "label", for: menu.id }, "Step"), menu),
          fields,
        ),
        el("h3", { id: "steps-ran-title", hidden: true }, "What ran"),
        el("ul", { id: "steps-ran", class: "plain-list", "aria-live": "polite" }),
      ),
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Close"),
        el("button", { type: "submit", class: "button primary solid" }, "Run"),
      ),
    ),
  );
  draw();
  document.body.append(dialog);
  dialog.showModal();
  drawRan(app);
}

function row(app, input) {
  const id = freshId("input");
  const shared = { id, name: input.name, class: "control", required: input.required };
  return el(
    "div",
    { class: "field-row" },
    el(
      "label",
      { class: "label", for: id },
      input.title,
      input.required ? null : el("span", { class: "quiet" }, " (optional)"),
    ),
    control(app, input, shared),
    el("p", { class: "hint" }, input.description),
  );
}

function control(app, input, shared) {
  if (input.type === "slack#/types/user_id") {
    const people = app.workspace.people.map(({ handle, name }) =>
      el("option", { value: handle, selected: handle === app.as }, name),
    );
    return el("select", shared, people);
  }
  return LONG.has(input.name) ? el("textarea", { ...shared, rows: 2 }) : el("input", { ...shared, type: "text" });
}
