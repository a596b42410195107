/** What the page tells the outside: "ready" two frames after the first full draw, or "failed" with a message. */

const root = document.documentElement;
let settled = false;

/** Calls back when the frame after the next one begins: what was drawn meanwhile is on the screen. */
export function afterFrames(callback) {
  requestAnimationFrame(() => requestAnimationFrame(callback));
}

/** Says that the first full draw has been made. */
export function markReady() {
  afterFrames(() => {
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
