// Asks until the workspace is ready, and opens it then, at the same place: `Refresh` stays on a page whose address has a #.

const AGAIN_MS = 500;

async function ready() {
  const response = await fetch("/_/workspace").catch(() => null);
  return response?.ok && !(await response.json()).busy;
}

const asking = setInterval(async () => {
  if (!(await ready())) return;
  clearInterval(asking);
  location.reload();
}, AGAIN_MS);
