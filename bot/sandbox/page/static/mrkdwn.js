// mrkdwn → DOM nodes. Built from text nodes only, so that nothing a person types can become markup.

import { fill, full } from "./dates.js";
import { el } from "./dom.js";
import { EMOJI, withGlyphs } from "./emoji.js";

export const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// plain_text: emoji codes and entities, nothing else.
export const plain = (text) =>
  text?.emoji === false ? unescape(text.text) : withGlyphs(unescape(text?.text ?? ""));

const STYLES = { "*": "strong", _: "em", "~": "s" };
const SPAN = {
  "*": /\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/y,
  _: /_(\S(?:[^_\n]*\S)?)_(?![\w_])/y,
  "~": /~(\S(?:[^~\n]*\S)?)~(?![\w~])/y,
};
const CODE = /`([^`\n]+)`/y;
const ENTITY = /<([^<>\n]+)>/y;
const EMOJI_AT = /:([a-z0-9_+-]+):/y;
const BARE = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"*_~]/y;
const STARTS = /[*_~`<:h]/g;

const at = (pattern, text, index) => {
  pattern.lastIndex = index;
  return pattern.exec(text);
};

const safe = (url) => /^(https?:|mailto:)/i.test(url);

export function anchor(url, label) {
  if (!safe(url)) return document.createTextNode(label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

// reader: {names, tz, now}. Answers an array of nodes for one run of text without line breaks of its own.
export function inline(text, reader) {
  const nodes = [];
  let from = 0;
  STARTS.lastIndex = 0;
  for (let hit = STARTS.exec(text); hit; hit = STARTS.exec(text)) {
    const found = token(text, hit.index, reader);
    if (!found) {
      STARTS.lastIndex = hit.index + 1;
      continue;
    }
    nodes.push(unescape(text.slice(from, hit.index)), found.node);
    from = STARTS.lastIndex = found.end;
  }
  nodes.push(unescape(text.slice(from)));
  return nodes.filter((node) => node !== "");
}

function token(text, index, reader) {
  const mark = text[index];
  if (mark === "<") return matched(at(ENTITY, text, index), (m) => entity(m[1], reader));
  if (mark === "`") return matched(at(CODE, text, index), (m) => el("code", {}, inlineCode(m[1], reader)));
  if (mark === ":") return matched(at(EMOJI_AT, text, index), (m) => emoji(m[1]));
  if (index > 0 && /\w/.test(text[index - 1])) return null;
  if (mark === "h") return matched(at(BARE, text, index), (m) => anchor(unescape(m[0]), unescape(m[0])));
  return matched(at(SPAN[mark], text, index), (m) => el(STYLES[mark], {}, inline(m[1], reader)));
}

function matched(match, build) {
  const node = match && build(match);
  return node ? { node, end: match.index + match[0].length } : null;
}

const inlineCode = (text, reader) =>
  text
    .split(/(<[^<>\n]+>)/)
    .map((part) => (part.startsWith("<") ? entity(part.slice(1, -1), reader) : unescape(part)));

export const emoji = (name) =>
  EMOJI.has(name)
    ? el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, EMOJI.get(name))
    : null;

const mention = (text, mine) => el("span", { class: mine ? "mention mine" : "mention" }, text);

function entity(body, reader) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (target[0] === "@")
    return mention(
      `@${reader.names[target.slice(1)] || label || target.slice(1)}`,
      target.slice(1) === reader.me,
    );
  if (target[0] === "#") return mention(`#${reader.names[target.slice(1)] || label || target.slice(1)}`);
  if (target[0] === "!") return special(target.slice(1), label, reader);
  return anchor(unescape(target), label || unescape(target).replace(/^mailto:/, ""));
}

function special(what, label, reader) {
  if (what.startsWith("date^")) return date(what, label, reader);
  if (what.startsWith("subteam^")) return mention(label || `@${reader.names[what.slice(8)] || "group"}`);
  return mention(`@${what}`, true);
}

function date(what, fallback, reader) {
  const [, seconds, pattern, link] = what.split("^");
  if (!/^-?\d+$/.test(seconds || "") || !pattern) return document.createTextNode(fallback);
  const shown = fill(unescape(pattern), Number(seconds), reader.now, reader.tz);
  const node = el(
    "time",
    { title: full(Number(seconds), reader.tz), datetime: new Date(seconds * 1000).toISOString() },
    shown,
  );
  return link
    ? el("a", { href: safe(link) ? link : null, target: "_blank", rel: "noopener noreferrer" }, node)
    : node;
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^\s*[•◦▪-] /;

// Whole texts: fences, quotes, bullets and lines. Answers a fragment.
export function mrkdwn(text, reader) {
  const out = document.createDocumentFragment();
  text.split(/```\n?([\s\S]+?)\n?```\n?/).forEach((piece, n) => {
    if (n % 2) out.append(el("pre", {}, el("code", {}, inlineCode(piece, reader))));
    else if (piece) out.append(...lines(piece, reader));
  });
  return out;
}

function lines(text, reader) {
  const nodes = [];
  let open = null;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const kind = QUOTE.test(line) ? "quote" : BULLET.test(line) ? "list" : "text";
    if (open?.kind === kind) open.add(line);
    else nodes.push((open = OPENERS[kind](line, reader)).node);
  }
  return nodes;
}

const OPENERS = {
  quote: (line, reader) => {
    const node = el("blockquote", {}, inline(line.replace(QUOTE, ""), reader));
    return {
      kind: "quote",
      node,
      add: (next) => node.append(el("br"), ...inline(next.replace(QUOTE, ""), reader)),
    };
  },
  list: (line, reader) => {
    const item = (text) => el("li", {}, inline(text.replace(BULLET, ""), reader));
    const node = el("ul", {}, item(line));
    return { kind: "list", node, add: (next) => node.append(item(next)) };
  },
  text: (line, reader) => {
    const node = el("p", {}, inline(line, reader));
    return { kind: "text", node, add: (next) => node.append(el("br"), ...inline(next, reader)) };
  },
};

// A text object of either kind.
export function textObject(text, reader) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, reader) : plain(text);
}
