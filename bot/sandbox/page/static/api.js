// The control door: what people do, and what they see. Every failure is shown, none is swallowed.

import { toast } from "./toast.js";

export class Failed extends Error {}

async function call(path, init) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Failed("The workspace does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(body.error || body.note || `The workspace answered ${response.status}.`);
  return body;
}

export const get = (path, query = {}) => call(`${path}?${new URLSearchParams(query)}`);

// Posts and answers the body; a failure becomes a toast and null.
export async function post(path, body) {
  try {
    const answer = await call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.error) toast(answer.error);
    return answer.error ? null : answer;
  } catch (failure) {
    if (!(failure instanceof Failed)) throw failure;
    toast(failure.message);
    return null;
  }
}

// Server-sent events; the browser reconnects by itself.
export function listen({ onChange, onClock, onConnection }) {
  const source = new EventSource("/_/events");
  source.addEventListener("change", (event) => onChange(JSON.parse(event.data)));
  source.addEventListener("clock", (event) => onClock(JSON.parse(event.data || "{}")));
  source.addEventListener("open", () => onConnection(true));
  source.addEventListener("error", () => onConnection(false));
  return source;
}
