// A file under a message: its name as a link, and what can be seen of it without opening it.

import { el } from "../dom.js";
import { markdown } from "./richtext.js";

const UNITS = ["bytes", "KB", "MB"];

const size = (bytes) => {
  const unit = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
  return `${unit ? (bytes / 1000 ** unit).toFixed(1) : bytes} ${UNITS[unit]}`;
};

const told = (file) => (file.title === file.name ? size(file.size) : `${file.name} · ${size(file.size)}`);

const address = (file) => `/files/${file.id}`;

const SEEN = {
  picture: (file) => el("img", { class: "block-image", src: address(file), alt: file.title, loading: "lazy" }),
  markdown: (file, reader) => preview(file, markdown({ text: file.text }, reader)),
  text: (file) => preview(file, el("pre", {}, file.text)),
};

function preview(file, content) {
  const rest = file.shortened ? el("p", { class: "quiet" }, "The rest of it is in the file.") : null;
  return el("details", {}, el("summary", {}, "Preview"), el("div", { class: "file-text" }, content, rest));
}

export const files = (list, reader) =>
  (list || []).map((file) =>
    el(
      "div",
      { class: "file", "aria-label": `File ${file.name}`, role: "group" },
      el(
        "p",
        { class: "file-name" },
        el("a", { href: address(file), target: "_blank", rel: "noopener" }, file.title),
        el("span", { class: "quiet" }, told(file)),
        el("a", { href: address(file), download: file.name, class: "quiet" }, "Download"),
      ),
      SEEN[file.kind]?.(file, reader),
    ),
  );
