// The workspace's own clock: shown in the reader's zone, moved forward by its buttons.

import { get, post } from "./api.js";
import { clockFace } from "./dates.js";
import { byId } from "./dom.js";

const TICK_MS = 5000;

export class Clock {
  constructor(app) {
    this.app = app;
    this.set(app.workspace.now);
    for (const button of document.querySelectorAll(".clock button"))
      button.addEventListener("click", () => this.#forward(button));
    setInterval(() => this.draw(), TICK_MS);
  }

  now() {
    return new Date(this.base + (Date.now() - this.setAt));
  }

  set(iso) {
    [this.base, this.setAt] = [Date.parse(iso), Date.now()];
    this.draw();
  }

  draw() {
    const face = byId("clock-now");
    const shown = clockFace(this.now(), this.app.view?.tz || "UTC");
    if (face.textContent !== shown) face.textContent = shown;
    face.dateTime = this.now().toISOString();
  }

  async sync() {
    this.set((await get("/_/workspace")).now);
  }

  async #forward(button) {
    button.setAttribute("aria-busy", "true");
    const answer = await post("/_/clock", { [button.dataset.unit]: Number(button.dataset.amount) });
    button.removeAttribute("aria-busy");
    if (answer) this.set(answer.now);
    await this.app.refresh();
  }
}
