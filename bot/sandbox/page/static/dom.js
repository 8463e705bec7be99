// Building elements. Whatever comes from the workspace is set as text, never as markup.

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "selected",
  "multiple",
  "required",
  "textContent",
  "open",
]);

// el("button", {class: "primary", onclick: go, "aria-label": "Go"}, "Go") → an element; null children are left out.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

export const byId = (id) => document.getElementById(id);

let last = 0;
// An id that no other element on the page has.
export const freshId = (stem) => `${stem}-${++last}`;

// A tile with initials: a person round in their own color, an app square in the workspace's.
export function avatar({ initials, color, isApp = false, size = "" }) {
  const node = el(
    "span",
    { class: `avatar ${isApp ? "app" : ""} ${size}`, "aria-hidden": "true" },
    initials || "?",
  );
  if (!isApp) node.style.backgroundColor = color?.startsWith("#") ? color : `#${color || "64748b"}`;
  return node;
}

// Names what can take the focus in a node, so that its successor is found after a redraw.
export function mark(node, key) {
  const inner = node.matches("input, select, textarea, button")
    ? [node]
    : node.querySelectorAll("input, select, textarea, button");
  inner.forEach((one, n) => (one.dataset.key = `${key} ${n}`));
  return node;
}

// Redraws what is inside root; whoever had the focus there has it, and its caret, afterwards too. True when found again.
export function keepFocus(root, redraw) {
  const node = root.contains(document.activeElement) ? document.activeElement : null;
  const key = node?.dataset.key;
  const caret = [node?.selectionStart, node?.selectionEnd];
  redraw();
  const same = key && [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (!same) return false;
  same.focus({ preventScroll: true });
  if (typeof caret[0] === "number") same.setSelectionRange(...caret);
  return true;
}

// Of several calls within the pause, only the last is made.
export function debounce(action, milliseconds) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), milliseconds);
  };
}

// Once for all calls of a moment, and not later for those that go on: a swarm without end does not put it off.
export function gather(action, milliseconds) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      action();
    }, milliseconds);
  };
}

// Whoever reads the end of a list still reads it when the window gets another size; `wanted` says whether it has one.
export function keepEnd(list, near, wanted) {
  let atEnd = true;
  list.addEventListener("scroll", () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < near;
  });
  new ResizeObserver(() => {
    if (atEnd && wanted()) list.scrollTop = list.scrollHeight;
  }).observe(list);
}
