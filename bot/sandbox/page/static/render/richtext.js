// rich_text and markdown blocks → DOM.

import { fill, full } from "../dates.js";
import { el } from "../dom.js";
import { anchor, emoji, mrkdwn, plain } from "../mrkdwn.js";
import { glyph } from "../emoji.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

const INLINE = {
  text: (part) => part.text,
  link: (part) => anchor(part.url, part.text || part.url),
  emoji: (part) => emoji(part.name) || glyph(part.name),
  user: (part, reader) =>
    mention(`@${reader.names[part.user_id] || part.user_id}`, part.user_id === reader.me),
  usergroup: (part, reader) => mention(`@${reader.names[part.usergroup_id] || "group"}`),
  channel: (part, reader) => mention(`#${reader.names[part.channel_id] || part.channel_id}`),
  broadcast: (part) => mention(`@${part.range}`, true),
  team: () => mention("@team"),
  color: (part) => el("code", {}, part.value),
  date: (part, reader) =>
    el(
      "time",
      { title: full(part.timestamp, reader.tz) },
      fill(part.format, part.timestamp, reader.now, reader.tz),
    ),
};

const mention = (text, mine) => el("span", { class: mine ? "mention mine" : "mention" }, text);

function styled(part, reader) {
  let node = INLINE[part.type]?.(part, reader) ?? "";
  for (const [style, tag] of Object.entries(TAGS)) if (part.style?.[style]) node = el(tag, {}, node);
  return node;
}

const run = (part, reader) => part.elements.map((inner) => styled(inner, reader));

const PARTS = {
  rich_text_section: (part, reader) => el("p", {}, run(part, reader)),
  rich_text_quote: (part, reader) => el("blockquote", {}, run(part, reader)),
  rich_text_preformatted: (part, reader) => el("pre", {}, el("code", {}, run(part, reader))),
  rich_text_list: (part, reader) =>
    el(
      part.style === "ordered" ? "ol" : "ul",
      { class: `indent-${part.indent || 0}`, start: part.offset ? String(part.offset + 1) : null },
      part.elements.map((item) => el("li", {}, run(item, reader))),
    ),
};

export const richText = (block, reader) =>
  el(
    "div",
    { class: "text rich" },
    block.elements.map((part) => PARTS[part.type]?.(part, reader) ?? null),
  );

const HEADING = /^(#{1,6}) +(.+)$/;

// Standard Markdown, as far as it maps to mrkdwn: headings, bold, italics, strikes, links and bullets.
function toMrkdwn(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replace(/(^|[^*])\*(?![*\s])([^*\n]+)\*(?!\*)/g, "$1_$2_")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/^\s*[-*+] +/gm, "• ");
}

export function markdown(block, reader) {
  const root = el("div", { class: "text rich" });
  let held = [];
  const flush = () => {
    if (held.length) root.append(mrkdwn(toMrkdwn(held.join("\n")), reader));
    held = [];
  };
  for (const line of block.text.split("\n")) {
    const heading = HEADING.exec(line);
    if (!heading) {
      held.push(line);
      continue;
    }
    flush();
    root.append(
      el(
        "p",
        { class: "block-header", role: "heading", "aria-level": String(heading[1].length + 2) },
        plain({ text: heading[2] }),
      ),
    );
  }
  flush();
  return root;
}
