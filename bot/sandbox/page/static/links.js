// Links to messages and files of this workspace open on the page itself, as they do in Slack's own client.

const PERMALINK = /^https:\/\/[\w.-]+\.slack\.com\/archives\/(\w+)\/p(\d{10})(\d{6})$/;
const FILE = /^https:\/\/[\w.-]+\.slack\.com\/(?:files|docs)\/\w+\/(F\w+)(?:\/|$)/;
const SHOWN_MS = 2000;

let show = null;

// Follows a link: to the message, where it is one of ours.
export function follow(url) {
  const found = PERMALINK.exec(url);
  const file = FILE.exec(url);
  if (found && show) show(found[1], `${found[2]}.${found[3]}`);
  else if (file) window.open(`/files/${file[1]}`, "_blank", "noopener");
  else window.open(url, "_blank", "noopener");
}

export function followLinks(app) {
  show = (place, ts) => openMessage(app, place, ts);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !(PERMALINK.test(link.href) || FILE.test(link.href))) return;
    event.preventDefault();
    follow(link.href);
  });
}

async function openMessage(app, place, ts) {
  const channel = place.startsWith("D") ? "DM" : app.view.names[place];
  if (!channel) return;
  if (channel !== app.channel) await app.go({ channel });
  const find = () => document.querySelector(`#messages [data-ts="${ts}"]`);
  const row = find();
  if (!row) return;
  row.scrollIntoView({ block: "center" });
  row.classList.add("is-found");
  row.focus({ preventScroll: true });
  // The card may have been redrawn meanwhile.
  setTimeout(() => find()?.classList.remove("is-found"), SHOWN_MS);
}
