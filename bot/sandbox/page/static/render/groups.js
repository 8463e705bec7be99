// Tables, alerts, cards and containers. `draw` draws a block that another holds.

import { el } from "../dom.js";
import { plain, textObject } from "../mrkdwn.js";
import { richText } from "./richtext.js";

const picture = (part, name) =>
  part
    ? el("img", { class: name, src: part.image_url || `/files/${part.slack_file?.id}`, alt: part.alt_text })
    : null;

const numbers = (cell) => cell.text || cell.value.toLocaleString("en");

const rich = (cell, stage) => richText(cell, stage.reader);

const CELLS = { raw_text: (cell) => cell.text, raw_number: numbers, rich_text: rich };

const cells = (name, row, stage, settings = []) =>
  el(
    "tr",
    {},
    row.map((cell, n) =>
      el(
        name,
        { class: `${settings[n]?.align || (cell.type === "raw_number" ? "right" : "left")}-cell` },
        CELLS[cell.type](cell, stage),
      ),
    ),
  );

// Slack's data table sorts and turns pages; here all rows stand at once.
export function table(block, stage) {
  const [head, ...rows] = block.rows;
  const columns = block.column_settings || [];
  return el(
    "table",
    { class: "data-table" },
    block.caption ? el("caption", {}, block.caption) : null,
    el("thead", {}, cells("th", head, stage, columns)),
    el(
      "tbody",
      {},
      rows.map((row) => cells("td", row, stage, columns)),
    ),
  );
}

export const alert = (block, stage) =>
  el(
    "div",
    { class: `alert-block ${block.level || "default"}`, role: "note" },
    textObject(block.text, stage.reader),
  );

const words = (text, name, stage) =>
  text ? el("div", { class: `text ${name}` }, textObject(text, stage.reader)) : null;

export const card = (block, stage, press) =>
  el(
    "article",
    { class: "card-block" },
    picture(block.hero_image, "hero"),
    el(
      "div",
      { class: "card-head" },
      picture(block.icon, "icon"),
      el("div", {}, words(block.title, "card-title", stage), words(block.subtitle, "quiet", stage)),
    ),
    words(block.body, "card-body", stage),
    block.actions ? el("div", { class: "actions" }, block.actions.map(press)) : null,
  );

export const carousel = (block, draw) => el("div", { class: "carousel-block" }, block.elements.map(draw));

export function container(block, stage, draw) {
  const title = block.rich_text_title ? rich(block.rich_text_title, stage) : plain(block.title);
  const head = [picture(block.icon, "icon"), el("strong", {}, title), words(block.subtitle, "quiet", stage)];
  const held = block.child_blocks.map(draw);
  const name = `container-block ${block.width || "standard"} ${block.has_header_divider ? "divided" : ""}`;
  return block.is_collapsible
    ? el("details", { class: name, open: !block.default_collapsed }, el("summary", {}, head), held)
    : el("section", { class: name }, el("header", {}, head), held);
}
