// Menus that a native select cannot be: options asked of the app while one types, and several choices at once.

import { debounce, el, freshId } from "../dom.js";
import { plain } from "../mrkdwn.js";
import { formOf, recall, remember } from "./values.js";

const WAIT_MS = 150;
const LEAST_QUERY = 3; // Slack's default for min_query_length

// A text box with a list below it: asks context.suggest and calls picked(option) for the one taken.
function asking(element, context, attributes, shown, picked) {
  const listId = freshId("options");
  const list = el("div", {
    id: listId,
    role: "listbox",
    class: "options",
    hidden: true,
    "aria-label": "Suggestions",
  });
  const input = el("input", {
    ...attributes,
    class: "control",
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    autocomplete: "off",
    value: shown,
    placeholder: element.placeholder ? plain(element.placeholder) : "Type to search…",
  });
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const take = (option) => {
    close();
    picked(option, input);
  };
  const row = (option) =>
    el(
      "button",
      {
        type: "button",
        role: "option",
        tabindex: "-1",
        onmousedown: (e) => e.preventDefault(),
        onclick: () => take(option),
      },
      plain(option.text),
    );
  const ask = debounce(async () => {
    const query = input.value.trim();
    if (query.length < (element.min_query_length ?? LEAST_QUERY)) return close();
    const options = remember(await context.suggest(query));
    list.replaceChildren(
      ...(options.length ? options.map(row) : [el("p", { class: "quiet" }, "Nothing matches.")]),
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }, WAIT_MS);
  input.addEventListener("input", ask);
  input.addEventListener("focus", ask);
  input.addEventListener("blur", (event) => list.contains(event.relatedTarget) || close());
  input.addEventListener("keydown", (event) => steer(event, list, close));
  list.addEventListener("keydown", (event) => steer(event, list, close, input));
  return el("div", { class: "combobox" }, input, list);
}

// Arrows walk the list, Enter takes the first, Escape closes it and nothing else.
function steer(event, list, close, input) {
  if (list.hidden) return;
  const rows = [...list.querySelectorAll("[role=option]")];
  const here = rows.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) (rows[here + step] || (step < 0 ? input : rows[0]))?.focus();
  else if (event.key === "Enter" && here < 0) rows[0]?.click();
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function combobox(element, context, attributes) {
  const chosen = context.value?.option;
  const node = asking(
    element,
    context,
    attributes,
    chosen ? plain(recall(chosen).text) : "",
    (option, input) => {
      input.value = plain(option.text);
      context.changed({ option: option.value }, "change");
    },
  );
  node
    .querySelector("input")
    .addEventListener(
      "change",
      (event) => event.target.value === "" && context.changed({ option: null }, "change"),
    );
  return node;
}

// Choices as pills with a menu that adds; `offered` null means that the app is asked for them.
export function pills(element, context, attributes, offered) {
  const form = formOf(element);
  let chosen = [...(context.value?.[form] || [])];
  const most = element.max_selected_items ?? Infinity;
  const name = (value) =>
    offered?.find((option) => option.value === value)?.label ?? plain(recall(value).text);
  const root = el("div", { class: "pills" });

  const set = (next) => {
    chosen = next;
    draw();
    context.changed({ [form]: chosen }, "change");
    root.querySelector("select, input")?.focus();
  };
  const pill = (value) =>
    el(
      "span",
      { class: "pill" },
      name(value),
      el(
        "button",
        {
          type: "button",
          "aria-label": `Remove ${name(value)}`,
          onclick: () => set(chosen.filter((other) => other !== value)),
        },
        "✕",
      ),
    );
  const adder = () => {
    if (!offered)
      return asking(
        element,
        context,
        attributes,
        "",
        (option) => chosen.includes(option.value) || set([...chosen, option.value]),
      );
    const rest = offered.filter((option) => !chosen.includes(option.value));
    const blank = chosen.length
      ? "Add another…"
      : element.placeholder
        ? plain(element.placeholder)
        : "Choose…";
    return el(
      "select",
      {
        ...attributes,
        class: "control blank",
        onchange: (event) => event.target.value && set([...chosen, event.target.value]),
      },
      el("option", { value: "" }, blank),
      rest.map((option) => el("option", { value: option.value }, option.label)),
    );
  };
  const draw = () => root.replaceChildren(...chosen.map(pill), ...(chosen.length < most ? [adder()] : []));
  draw();
  return root;
}
