// Blocks → DOM. A stage says what a press does:
//   {reader, people, channels, states, act(block, element, value), suggest(block, element, query), field?(block, build)}
// `field` builds an input block's row; a modal brings its own, elsewhere inputs act at once.

import { confirmed } from "../confirm.js";
import { el, freshId, mark } from "../dom.js";
import { mrkdwn, plain, textObject } from "../mrkdwn.js";
import { dataVisualization } from "./chart.js";
import { control, isControl } from "./controls.js";
import * as groups from "./groups.js";
import { markdown, richText } from "./richtext.js";
import { preset } from "./values.js";

const image = (part) =>
  el("img", {
    class: "block-image",
    src: part.image_url || part.slack_file?.url || (part.slack_file ? `/files/${part.slack_file.id}` : ""),
    alt: part.alt_text,
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });

// What a control needs to know of its stage; `more` adds labels, or takes over `changed`.
export function context(stage, block, element, more = {}) {
  const state = stage.states?.[block.block_id]?.[element.action_id];
  return {
    reader: stage.reader,
    people: stage.people,
    channels: stage.channels,
    value: preset(element, state),
    suggest: (query) => stage.suggest(block, element, query),
    ...more,
  };
}

// An element that acts by itself: it asks for confirmation, then tells the app, and waits visibly.
export function actor(stage, block, element, more = {}) {
  const value = more.value === undefined ? {} : { value: more.value };
  const node = control(element, context(stage, block, element, { label: more.label, ...value, changed }));
  const typing = element.type.endsWith("_input");

  function changed(value, how) {
    more.typed?.(value);
    return typing && how !== "enter" ? null : send(value);
  }
  async function send(value) {
    if (node.ariaBusy) return; // disabling it would take the focus away
    if (!(await confirmed(element.confirm, stage.reader))) {
      stage.redraw();
      return;
    }
    node.ariaBusy = "true";
    await stage.act(block, element, value);
    node.ariaBusy = null;
  }
  return mark(node, `${block.block_id} ${element.action_id}`);
}

const captioned = (block) => (block.text ? plain(block.text).replace(/[*_~`]/g, "") : null);

function section(block, stage) {
  const { accessory } = block;
  const side =
    accessory &&
    (accessory.type === "image"
      ? image(accessory)
      : isControl(accessory)
        ? press(stage, block, accessory, captioned(block))
        : null);
  return el(
    "div",
    { class: `section ${accessory ? `with-${accessory.type}` : ""}` },
    el(
      "div",
      { class: "section-main" },
      block.text ? el("div", { class: "text" }, textObject(block.text, stage.reader)) : null,
      block.fields
        ? el(
            "div",
            { class: "fields" },
            block.fields.map((field) => el("div", { class: "text field" }, textObject(field, stage.reader))),
          )
        : null,
    ),
    side ? el("div", { class: "accessory" }, side) : null,
  );
}

// In a modal, what is picked outside an input block is kept with the form as well.
const press = (stage, block, element, label) => (stage.pressed || actor)(stage, block, element, { label });

function context_(block, stage) {
  const part = (element) =>
    element.type === "image"
      ? image(element)
      : el("span", { class: "text" }, textObject(element, stage.reader));
  return el("div", { class: "context" }, block.elements.map(part));
}

function actions(block, stage) {
  return el(
    "div",
    { class: "actions" },
    block.elements.filter(isControl).map((element) => press(stage, block, element)),
  );
}

// An input outside a modal: labelled; the workspace keeps what is set, and tells the app when the block dispatches.
function input(block, stage) {
  if (stage.field) return stage.field(block);
  const id = freshId("input");
  const sends = block.dispatch_action && block.element.type.endsWith("_input") ? "enter" : "change";
  const changed = (value, how) => how === sends && stage.act(block, block.element, value);
  const node = control(
    block.element,
    context(stage, block, block.element, { id, label: plain(block.label), changed }),
  );
  return el(
    "div",
    { class: "field-row" },
    el("label", { for: id }, plain(block.label)),
    mark(node, `${block.block_id} ${block.element.action_id}`),
  );
}

const draw = (block, stage) => (BLOCKS[block.type] ? BLOCKS[block.type](block, stage) : unknown(block));

const BLOCKS = {
  section,
  header: (block) =>
    el("p", { class: "block-header", role: "heading", "aria-level": "3" }, plain(block.text)),
  divider: () => el("hr"),
  context: context_,
  actions,
  input,
  image: (block) =>
    el("figure", {}, block.title ? el("figcaption", {}, plain(block.title)) : null, image(block)),
  rich_text: (block, stage) => richText(block, stage.reader),
  markdown: (block, stage) => markdown(block, stage.reader),
  table: groups.table,
  data_table: groups.table,
  alert: groups.alert,
  card: (block, stage) => groups.card(block, stage, (element) => press(stage, block, element)),
  carousel: (block, stage) => groups.carousel(block, (one) => draw(one, stage)),
  container: (block, stage) => groups.container(block, stage, (one) => draw(one, stage)),
  data_visualization: dataVisualization,
};

const unknown = (block) => el("p", { class: "quiet" }, `This page does not draw ${block.type} blocks.`);

export function renderBlocks(blocks, stage) {
  return el(
    "div",
    { class: "blocks" },
    blocks.map((block) => draw(block, stage)),
  );
}

export const plainMessage = (text, reader) => el("div", { class: "text" }, mrkdwn(text, reader));
