// Draws data_visualization blocks as SVG. What is drawn stands in words beside it, for who cannot see it.

import { el } from "../dom.js";

const WIDTH = 460;
const HEIGHT = 210;
const PAD = { left: 40, right: 10, top: 10, bottom: 28 };
const COLORS = ["#1264a3", "#e8912d", "#2bac76", "#cd2553", "#7c3aed", "#616061"];

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const label = (x, y, text, more = {}) => svg("text", { x, y, "font-size": 11, fill: "currentColor", ...more }, text);
const rounded = (value) => String(Math.round(value * 100) / 100);

function scaled(chart) {
  const values = chart.series.flatMap((one) => one.data.map((point) => point.value));
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values) || 1];
  const inner = { width: WIDTH - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  const y = (value) => PAD.top + inner.height * (1 - (value - least) / (most - least || 1));
  const step = inner.width / chart.axis_config.categories.length;
  const x = (at) => PAD.left + step * at;
  return { least, most, x, y, step };
}

function axes(chart, scale) {
  const lines = [scale.least, (scale.least + scale.most) / 2, scale.most].flatMap((value) => [
    svg("line", {
      x1: PAD.left,
      x2: WIDTH - PAD.right,
      y1: scale.y(value),
      y2: scale.y(value),
      stroke: "currentColor",
      "stroke-opacity": 0.15,
    }),
    label(PAD.left - 6, scale.y(value) + 4, rounded(value), { "text-anchor": "end" }),
  ]);
  const names = chart.axis_config.categories.map((name, at) =>
    label(scale.x(at + 0.5), HEIGHT - PAD.bottom + 16, name, { "text-anchor": "middle" }),
  );
  return [...lines, ...names];
}

const valueOf = (series, name) => series.data.find((point) => point.label === name).value;

function bars(chart, scale) {
  const { categories } = chart.axis_config;
  const width = (scale.step * 0.7) / chart.series.length;
  return chart.series.flatMap((one, number) =>
    categories.map((name, at) => {
      const value = valueOf(one, name);
      const [top, bottom] = [scale.y(Math.max(value, 0)), scale.y(Math.min(value, 0))];
      return svg("rect", {
        x: scale.x(at) + scale.step * 0.15 + width * number,
        y: top,
        width: Math.max(width - 2, 1),
        height: bottom - top,
        rx: 2,
        fill: COLORS[number],
      });
    }),
  );
}

function curves(chart, scale, filled) {
  return chart.series.flatMap((one, number) => {
    const points = chart.axis_config.categories.map((name, at) => [scale.x(at + 0.5), scale.y(valueOf(one, name))]);
    const path = points.map(([x, y]) => `${x},${y}`).join(" ");
    const line = svg("polyline", { points: path, fill: "none", stroke: COLORS[number], "stroke-width": 2 });
    if (!filled) return [line];
    const base = scale.y(0);
    const around = `${points[0][0]},${base} ${path} ${points.at(-1)[0]},${base}`;
    return [svg("polygon", { points: around, fill: COLORS[number], "fill-opacity": 0.3 }), line];
  });
}

function pie(chart) {
  const whole = chart.segments.reduce((sum, one) => sum + one.value, 0) || 1;
  const [cx, cy, r] = [HEIGHT / 2, HEIGHT / 2, HEIGHT / 2 - 12];
  const at = (share) => [cx + r * Math.sin(2 * Math.PI * share), cy - r * Math.cos(2 * Math.PI * share)];
  let begun = 0;
  return chart.segments.map((one, number) => {
    const share = one.value / whole;
    if (share >= 1) return svg("circle", { cx, cy, r, fill: COLORS[number] });
    const [from, to] = [at(begun), at(begun + share)];
    begun += share;
    const d = `M${cx} ${cy} L${from.join(" ")} A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${to.join(" ")} Z`;
    return svg("path", { d, fill: COLORS[number] });
  });
}

function drawn(chart) {
  if (chart.type === "pie") return pie(chart);
  const scale = scaled(chart);
  const shapes = chart.type === "bar" ? bars(chart, scale) : curves(chart, scale, chart.type === "area");
  return [...axes(chart, scale), ...shapes];
}

function said(chart) {
  const points = (data) => data.map((point) => `${point.label}: ${rounded(point.value)}`).join(", ");
  if (chart.type === "pie") return points(chart.segments);
  return chart.series.map((one) => `${one.name}: ${points(one.data)}`).join("; ");
}

export function dataVisualization(block) {
  const { chart } = block;
  const names = chart.type === "pie" ? chart.segments.map((one) => one.label) : chart.series.map((one) => one.name);
  const swatch = (number) =>
    svg("svg", { viewBox: "0 0 10 10", class: "swatch" }, svg("rect", { width: 10, height: 10, fill: COLORS[number] }));
  const key = names.map((name, number) => el("span", {}, swatch(number), name));
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${block.title}. ${said(chart)}` },
    ...drawn(chart),
  );
  return el("figure", { class: "chart" }, el("figcaption", {}, block.title), picture, el("div", { class: "key" }, key));
}
