// The line above the messages: where one is, and whether one may write there.

import { byId } from "./dom.js";

const TOPICS = { DM: "Direct message with the app", home: "What waits for you" };

// Why nobody can write here; empty when one can.
function closed(app, place) {
  const { name } = app.workspace.people.find(({ handle }) => handle === app.as);
  if (place.is_member === false) return `${name} is not a member of this channel.`;
  return place.is_read_only ? "Sending messages to this app is turned off." : "";
}

export function drawBar(app) {
  const { channel, workspace } = app;
  const place = app.view.channel || {};
  const apart = { DM: workspace.app.name, home: `${workspace.app.name} Home` }[channel];
  byId("place-name").textContent = apart || `# ${channel}`;
  byId("place-topic").textContent = TOPICS[channel] || place.topic || "";
  byId("members").hidden = !place.members || Boolean(apart);
  byId("members").textContent = place.members === 1 ? "1 member" : `${place.members} members`;
  byId("composer").hidden = channel === "home";
  app.composer.label(`Message ${apart || `#${channel}`}`, closed(app, place));
}
