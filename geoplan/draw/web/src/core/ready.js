/** What the page tells the outside: "ready" two frames after the first full draw, or "failed" with a message. */

const root = document.documentElement;
const waiting = [];
let settled = root.dataset.geoplan === "failed"; // the page itself says so where a file beside it is missing
let drawn = false;

/** Calls back when the frame after the next one begins: what was drawn meanwhile is on the screen. */
export function afterFrames(callback) {
  requestAnimationFrame(() => requestAnimationFrame(callback));
}

/** Does a work that shows nothing (the choices of a closed list) after the first draw, yet before "ready"; later at once. */
export function afterDraw(work) {
  if (drawn) work();
  else waiting.push(work);
}

/** Does a work that only tidies (the order of a closed list) when the page has long been shown. */
export function afterReady(work) {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 300);
}

function doWaiting() {
  drawn = true;
  for (const work of waiting.splice(0)) work();
}

/** Says that the first full draw has been made. */
export function markReady() {
  requestAnimationFrame(() => setTimeout(doWaiting));
  afterFrames(() => {
    if (!drawn) doWaiting();
    if (settled) return;
    settled = true;
    performance.mark("geoplan-drawn");
    root.dataset.geoplan = "ready";
  });
}

/** Says that the page cannot be shown, and why. */
export function fail(error) {
  if (settled) return;
  settled = true;
  root.dataset.geoplan = "failed";
  const box = document.createElement("p");
  box.className = "failed";
  box.setAttribute("role", "alert");
  const sentence = document.body.dataset.failed || "This page could not be shown:";
  box.textContent = `${sentence} ${error && error.message ? error.message : error}`;
  (document.querySelector("main") || document.body).prepend(box);
}

window.addEventListener("error", (event) => fail(event.error || event.message));
window.addEventListener("unhandledrejection", (event) => fail(event.reason));

/** Runs the page's start; an error before "ready" fails the page. */
export async function start(begin) {
  try {
    await begin();
  } catch (error) {
    fail(error);
  }
}
