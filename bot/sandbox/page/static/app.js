// The page: who one is and where, what is seen there, and what changes it.

import { Failed, get, listen, post } from "./api.js";
import { drawBar } from "./bar.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { byId, gather, keepEnd, keepFocus } from "./dom.js";
import { followLinks } from "./links.js";
import { inChannel, inThreadOf, MessageList } from "./messages.js";
import { Modal } from "./modal.js";
import { renderBlocks } from "./render/blocks.js";
import { drawer, drawSidebar } from "./sidebar.js";
import { drawRan } from "./steps.js";
import { toast } from "./toast.js";
import { BEGINS_IN, welcome } from "./welcome.js";

const NEAR_END_PX = 120;
const SETTLE_MS = 40;

class App {
  async start() {
    this.workspace = await get("/_/workspace");
    document.title = this.workspace.name;
    this.thread = null;
    this.#fromAddress();
    this.clock = new Clock(this);
    this.modal = new Modal(this);
    this.list = new MessageList(this, byId("messages"));
    this.threadList = new MessageList(this, byId("thread-messages"), { inThread: true });
    this.composer = new Composer(this, byId("composer"));
    this.threadComposer = new Composer(this, byId("thread-composer"), { thread: () => this.thread });
    this.drawer = drawer();
    byId("thread-close").addEventListener("click", () => this.openThread(null));
    byId("thread").addEventListener("keydown", (event) => event.key === "Escape" && this.openThread(null));
    window.addEventListener("hashchange", () => this.#fromAddress() && this.#arrive());
    // events come in swarms: their names are gathered for a moment
    const touched = new Set();
    const settle = gather(() => {
      const places = [...touched];
      touched.clear();
      this.#changed(places);
    }, SETTLE_MS);
    listen({
      onChange: ({ channels }) => {
        channels.forEach((name) => touched.add(name));
        settle();
      },
      onClock: () => this.clock.sync().then(settle),
      onConnection: (up) => this.#connection(up),
    });
    followLinks(this);
    keepEnd(byId("scroll"), NEAR_END_PX, () => this.channel !== "home");
    welcome(this);
    await this.#arrive();
  }

  // #agent/service-desk; true when it differs from where one is.
  #fromAddress() {
    const [as, channel] = decodeURIComponent(location.hash.slice(1)).split("/");
    const people = this.workspace.people.map(({ handle }) => handle);
    const places = [...this.workspace.channels.map(({ name }) => name), "DM", "home"];
    const first = places.includes(BEGINS_IN) ? BEGINS_IN : places[0];
    const next = [
      people.includes(as) ? as : this.as || people[0],
      places.includes(channel) ? channel : this.channel || first,
    ];
    const moved = next[0] !== this.as || next[1] !== this.channel;
    [this.as, this.channel] = next;
    return moved;
  }

  async go({ as = this.as, channel = this.channel }) {
    this.drawer.close();
    [this.as, this.channel] = [as, channel];
    history.pushState(null, "", `#${encodeURIComponent(as)}/${encodeURIComponent(channel)}`);
    await this.#arrive();
  }

  async #arrive() {
    this.openThread(null);
    drawSidebar(this);
    if (this.channel === "home") await post("/_/home", { as: this.as });
    await this.refresh({ toEnd: true });
  }

  async write(text, where) {
    const people = this.workspace.people.map(({ handle }) => handle);
    const channels = this.workspace.channels.map(({ name }) => name);
    await this.go({
      as: people.includes(where.as) ? where.as : this.as,
      channel: channels.includes(where.channel) ? where.channel : channels[0],
    });
    this.composer.fill(text);
  }

  // Fetches what is to be seen, and again where somebody asked meanwhile: one at a time and each drawn, as on a slow
  // machine a later fetch would overtake every earlier one. What comes after the person went elsewhere is dropped.
  refresh({ toEnd = false } = {}) {
    this.toEnd ||= toEnd; // kept until drawn
    this.asked = (this.asked || 0) + 1;
    this.fetching ||= this.#fetch().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  async #fetch() {
    let asked;
    try {
      do {
        asked = this.asked;
        const where = { as: this.as, channel: this.channel };
        const view = await get("/_/view", where);
        if (where.as === this.as && where.channel === this.channel) {
          this.view = view;
          this.#draw();
        }
      } while (asked !== this.asked);
    } catch (failure) {
      if (!(failure instanceof Failed)) throw failure;
      toast(failure.message);
    }
  }

  // The app may have made a channel that the sidebar does not know.
  async #changed(places) {
    const known = new Set(["DM", ...this.workspace.channels.map(({ name }) => name)]);
    if (places.some((name) => !known.has(name))) this.workspace = await get("/_/workspace");
    await this.refresh();
  }

  #draw() {
    const scroll = byId("scroll");
    const atEnd = this.toEnd || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
    this.clock.draw();
    drawBar(this);
    this.#home();
    const messages = this.channel === "home" ? [] : inChannel(this.view.messages);
    this.list.show(messages);
    byId("nothing").hidden = messages.length > 0 || this.channel === "home";
    this.#thread();
    if (atEnd && this.channel !== "home") scroll.scrollTop = scroll.scrollHeight;
    this.toEnd = false;
    drawSidebar(this);
    drawRan(this);
    this.modal.show(this.view.modal);
    this.#read();
  }

  #home() {
    const root = byId("home");
    root.hidden = this.channel !== "home";
    byId("messages").hidden = !root.hidden;
    const drawn = JSON.stringify([this.as, this.view.home, this.view.tz]);
    if (root.hidden || drawn === this.homeDrawn) return;
    this.homeDrawn = drawn;
    const { home } = this.view;
    const content = home
      ? renderBlocks(home.blocks, this.stage({ type: "home" }, home.state?.values))
      : "Nothing is published here yet.";
    keepFocus(root, () => root.replaceChildren(content));
  }

  openThread(ts) {
    this.thread = ts;
    byId("thread").hidden = !ts;
    byId("workspace").classList.toggle("thread-open", Boolean(ts));
    if (!ts) this.threadList.show([]);
    if (!ts || !this.view) return;
    this.#thread();
    this.threadComposer.input.focus();
  }

  #thread() {
    if (!this.thread) return;
    byId("thread-place").textContent = this.channel === "DM" ? this.workspace.app.name : `#${this.channel}`;
    this.threadComposer.label("Reply in thread");
    this.threadList.show(inThreadOf(this.view.messages, this.thread));
  }

  async #read() {
    if (this.view.unread?.[this.channel] && document.visibilityState === "visible")
      await post("/_/read", { as: this.as, channel: this.channel });
  }

  #connection(up) {
    byId("connection").hidden = up;
    byId("connection").textContent = up ? "" : "The connection to the workspace is lost. Trying again…";
    if (up && this.view) this.#again();
  }

  // The workspace may be another one by now, which is not ready: then its page says what it is doing.
  async #again() {
    const { busy } = await get("/_/workspace");
    if (busy) location.reload();
    else this.refresh();
  }

  reader() {
    const names = this.view?.names || {};
    return {
      names,
      tz: this.view?.tz || "UTC",
      now: this.clock.now(),
      me: Object.keys(names).find((id) => id.startsWith("U") && names[id] === this.as),
    };
  }

  // What elements standing in this container need to be drawn and to act.
  stage(container, states) {
    const reader = this.reader();
    const where = { ...container, ...(container.type === "message" ? { channel: this.channel } : {}) };
    const naming = (letter) =>
      Object.fromEntries(Object.entries(reader.names).filter(([id]) => letter.includes(id[0])));
    const named = (block, element) => ({
      as: this.as,
      container: where,
      block_id: block.block_id,
      action_id: element.action_id,
    });
    return {
      reader,
      states,
      people: naming("UW"),
      channels: naming("C"),
      act: async (block, element, value) => {
        const values = container.type === "modal" ? { values: this.modal.values() } : {};
        const answer = await post("/_/action", { ...named(block, element), ...value, ...values });
        if (answer?.note?.startsWith("failed")) toast(`The app did not answer (${answer.note}).`);
        await this.refresh();
      },
      suggest: async (block, element, query) =>
        (await post("/_/suggest", { ...named(block, element), query }))?.options || [],
      redraw: () => this.#redraw(),
    };
  }

  #redraw() {
    this.list.rows.clear();
    this.homeDrawn = "";
    this.#draw();
  }

  shortcuts = (type) => this.workspace.shortcuts.filter((shortcut) => shortcut.type === type);

  async shortcut(callback, ts) {
    await post("/_/shortcut", {
      as: this.as,
      callback_id: callback,
      ...(ts ? { channel: this.channel, ts } : {}),
    });
    await this.refresh();
  }
}

new App().start().catch((failure) => {
  toast(failure.message);
  throw failure;
});
