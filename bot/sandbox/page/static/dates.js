// Times in the reader's zone, and Slack's date tokens.

const parts = (at, tz, options) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-US", { timeZone: tz, ...options })
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );

const NUMERIC = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

// The calendar date there, as YYYY-MM-DD.
export function day(at, tz) {
  const p = parts(at, tz, NUMERIC);
  return `${p.year}-${p.month}-${p.day}`;
}

// What a datetime-local input wants, from Unix seconds.
export function toLocal(seconds, tz) {
  const p = parts(new Date(seconds * 1000), tz, NUMERIC);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

const offset = (ms, tz) => {
  const p = parts(new Date(ms), tz, NUMERIC);
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(ms / 1000) * 1000;
};

// Unix seconds of a wall-clock time there. Asked twice, because the offset of the guess may be that of another season.
export function fromLocal(local, tz) {
  const wall = Date.parse(`${local}Z`);
  const guess = wall - offset(wall, tz);
  return Math.floor((wall - offset(guess, tz)) / 1000);
}

const ordinal = (n) => {
  const suffix = n % 100 >= 10 && n % 100 <= 20 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] || "th";
  return `${n}${suffix}`;
};

const time = (at, tz, seconds) =>
  at
    .toLocaleTimeString("en-US", {
      timeZone: tz,
      hour: "numeric",
      minute: "2-digit",
      ...(seconds ? { second: "2-digit" } : {}),
    })
    .replace(/\s/g, " ");

function dated(at, tz, style) {
  const p = parts(at, tz, { year: "numeric", month: "long", day: "numeric", weekday: "long" });
  if (style === "short") return `${p.month.slice(0, 3)} ${p.day}, ${p.year}`;
  const date = `${p.month} ${ordinal(Number(p.day))}, ${p.year}`;
  return style === "long" ? `${p.weekday}, ${date}` : date;
}

const DAY_MS = 86_400_000;

function pretty(at, now, tz, style) {
  const apart = (Date.parse(day(at, tz)) - Date.parse(day(now, tz))) / DAY_MS;
  return { 0: "today", 1: "tomorrow", "-1": "yesterday" }[apart] || dated(at, tz, style);
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export function ago(at, now) {
  const seconds = (now - at) / 1000;
  const [unit, size] = UNITS.find(([, s]) => Math.abs(seconds) >= s) || UNITS.at(-1);
  const count = Math.floor(Math.abs(seconds) / size);
  const span = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${span} ago` : `in ${span}`;
}

const TOKENS = {
  date_num: (at, _now, tz) => day(at, tz),
  date_slash: (at, _now, tz) => day(at, tz).replace(/(\d+)-(\d+)-(\d+)/, "$2/$3/$1"),
  date: (at, _now, tz) => dated(at, tz),
  date_short: (at, _now, tz) => dated(at, tz, "short"),
  date_long: (at, _now, tz) => dated(at, tz, "long"),
  date_pretty: (at, now, tz) => pretty(at, now, tz),
  date_short_pretty: (at, now, tz) => pretty(at, now, tz, "short"),
  date_long_pretty: (at, now, tz) => pretty(at, now, tz, "long"),
  time: (at, _now, tz) => time(at, tz),
  time_secs: (at, _now, tz) => time(at, tz, true),
  ago: (at, now) => ago(at, now),
};

// A `<!date^…>` pattern filled in for a reader.
export function fill(pattern, seconds, now, tz) {
  const at = new Date(seconds * 1000);
  return pattern.replace(/\{(\w+)\}/g, (token, name) => TOKENS[name]?.(at, now, tz) ?? token);
}

export const full = (seconds, tz) =>
  new Date(seconds * 1000).toLocaleString("en-GB", { timeZone: tz, dateStyle: "full", timeStyle: "long" });

export const clockFace = (at, tz) =>
  at
    .toLocaleString("en-GB", {
      timeZone: tz,
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
    })
    .replace(/,\s*(?=\d\d:)/, " · ")
    .replace(",", "");

export function dayHeading(seconds, now, tz) {
  const at = new Date(seconds * 1000);
  const near = pretty(at, now, tz, "long");
  if (/^(today|yesterday|tomorrow)$/.test(near)) return near[0].toUpperCase() + near.slice(1);
  return at.toLocaleDateString("en-GB", { timeZone: tz, weekday: "long", day: "numeric", month: "long" });
}
