// One builder an element type: build(element, context) → a node.
// context: {reader, value, label, id, describedBy, labelledBy, changed(value, how), suggest(query), people, channels}
// `changed` is told of every change: how is "change", "character" or "enter".

import { el, freshId } from "../dom.js";
import { fromLocal, toLocal } from "../dates.js";
import { base64 } from "../files.js";
import { follow } from "../links.js";
import { openMenu } from "../menus.js";
import { plain, textObject } from "../mrkdwn.js";
import { combobox, pills } from "./pickers.js";
import { allOptions, formOf } from "./values.js";

const naming = (element, context) => ({
  id: context.id,
  "aria-label": context.id
    ? null
    : context.label || (element.placeholder && plain(element.placeholder)) || "Choose",
  "aria-describedby": context.describedBy,
});

function button(element, context) {
  const go = () => {
    if (element.url) follow(element.url);
    context.changed({ button: true }, "change");
  };
  return el(
    "button",
    {
      type: "button",
      class: `button ${element.style || ""}`,
      "aria-label": element.accessibility_label,
      onclick: go,
    },
    plain(element.text),
    element.url ? " ↗" : null,
  );
}

function overflow(element, context) {
  const pick = (option) => () => {
    if (option.url) follow(option.url);
    context.changed({ option: option.value }, "change");
  };
  const items = element.options.map((option) => ({
    label: plain(option.text),
    hint: option.description && plain(option.description),
    pick: pick(option),
  }));
  const open = (event) => openMenu(event.currentTarget, items, "More actions");
  return el(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-haspopup": "menu",
      "aria-label": "More actions",
      onclick: open,
    },
    "⋯",
  );
}

const choice = (value, label, chosen) => el("option", { value, selected: value === chosen }, label);

// A native menu: {value, label}[] or, with groups, {label, options}[].
function menu(element, context, groups, form) {
  const chosen = context.value?.[form] ?? "";
  const blank = element.placeholder ? plain(element.placeholder) : "Choose…";
  const fill = (options) => options.map((option) => choice(option.value, option.label, chosen));
  const change = (event) => {
    event.target.classList.toggle("blank", !event.target.value);
    context.changed({ [form]: event.target.value || null }, "change");
  };
  return el(
    "select",
    {
      ...naming(element, context),
      class: `control ${chosen ? "" : "blank"}`,
      onchange: change,
      onclick: (event) => event.stopPropagation(),
    },
    choice("", blank, chosen),
    groups.map((group) =>
      group.label ? el("optgroup", { label: group.label }, fill(group.options)) : fill(group.options),
    ),
  );
}

const listed = (options) => options.map((option) => ({ value: option.value, label: plain(option.text) }));

const grouped = (element) =>
  element.option_groups
    ? element.option_groups.map((group) => ({ label: plain(group.label), options: listed(group.options) }))
    : [{ options: listed(element.options) }];

const directory = (entries, mark) =>
  Object.entries(entries).map(([value, name]) => ({ value, label: `${mark}${name}` }));

const sources = {
  users: (context) => directory(context.people, "@"),
  channels: (context) => directory(context.channels, "#"),
  conversations: (context) => [...directory(context.channels, "#"), ...directory(context.people, "@")],
};

const single = (source) => (element, context) =>
  menu(element, context, [{ options: sources[source](context) }], formOf(element));

const several = (source) => (element, context) =>
  pills(element, context, naming(element, context), sources[source](context));

function choices(kind) {
  const many = kind === "checkbox";
  return (element, context) => {
    const name = freshId("choice");
    const chosen = many ? context.value?.options || [] : [context.value?.option];
    const change = (event) => {
      const picked = [...event.currentTarget.querySelectorAll("input:checked")].map((input) => input.value);
      context.changed(many ? { options: picked } : { option: picked[0] ?? null }, "change");
    };
    const one = (option) =>
      el(
        "label",
        { class: "choice" },
        el("input", { type: kind, name, value: option.value, checked: chosen.includes(option.value) }),
        el(
          "span",
          {},
          textObject(option.text, context.reader),
          option.description ? el("small", {}, textObject(option.description, context.reader)) : null,
        ),
      );
    const named = context.labelledBy
      ? { "aria-labelledby": context.labelledBy }
      : { "aria-label": context.label || "Choices" };
    return el(
      "div",
      {
        role: many ? "group" : "radiogroup",
        class: "choices",
        ...named,
        "aria-describedby": context.describedBy,
        onchange: change,
      },
      allOptions(element).map(one),
    );
  };
}

function typed(type) {
  return (element, context) => {
    const tag = element.multiline || element.type === "rich_text_input" ? "textarea" : "input";
    const tell = (how) => (event) => context.changed({ text: event.target.value }, how);
    // Enter belongs to the element where it dispatches, else to the form
    const enter = (event) => tell("enter")(event) && tag === "input" && event.preventDefault();
    return el(tag, {
      ...naming(element, context),
      class: "control",
      type: tag === "input" ? type : null,
      inputmode: type === "number" ? "decimal" : null,
      rows: tag === "textarea" ? "4" : null,
      maxlength: element.max_length,
      placeholder: element.placeholder ? plain(element.placeholder) : null,
      autocomplete: "off",
      value: context.value?.text ?? "",
      oninput: tell("character"),
      onchange: tell("change"),
      onkeydown: (event) => event.key === "Enter" && !event.isComposing && enter(event),
    });
  };
}

// Native pickers: `shows` and `reads` turn the value form into what the input wants and back.
function picker(type, shows, reads) {
  return (element, context) => {
    const form = formOf(element);
    const value = context.value?.[form];
    return el("input", {
      ...naming(element, context),
      class: "control picker",
      type,
      value: value === null || value === undefined ? "" : shows(value, context),
      onchange: (event) =>
        context.changed({ [form]: event.target.value ? reads(event.target.value, context) : null }, "change"),
    });
  };
}

// A file is read here and sent with the form, as its name and content.
function file(element, context) {
  const chosen = async (event) => {
    const files = [...event.target.files].map(async (one) => ({ name: one.name, base64: await base64(one) }));
    context.changed({ files: await Promise.all(files) }, "change");
  };
  const multiple = (element.max_files ?? 10) > 1;
  return el("input", { ...naming(element, context), class: "control", type: "file", multiple, onchange: chosen });
}

const same = (value) => value;

const BUILDERS = {
  button,
  overflow,
  static_select: (element, context) => menu(element, context, grouped(element), "option"),
  external_select: (element, context) => combobox(element, context, naming(element, context)),
  users_select: single("users"),
  channels_select: single("channels"),
  conversations_select: single("conversations"),
  multi_static_select: (element, context) =>
    pills(element, context, naming(element, context), listed(allOptions(element))),
  multi_external_select: (element, context) => pills(element, context, naming(element, context), null),
  multi_users_select: several("users"),
  multi_channels_select: several("channels"),
  multi_conversations_select: several("conversations"),
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  datepicker: picker("date", same, same),
  timepicker: picker("time", same, same),
  datetimepicker: picker(
    "datetime-local",
    (value, context) => toLocal(value, context.reader.tz),
    (value, context) => fromLocal(value, context.reader.tz),
  ),
  plain_text_input: typed("text"),
  rich_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("text"),
  file_input: file,
};

export const isControl = (element) => element.type in BUILDERS;
export const control = (element, context) => BUILDERS[element.type](element, context);
