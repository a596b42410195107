/** The map with its filters and legend on the full screen. */

/** What fills the screen: the nearest part of the page that says so. */
function findFrame(element) {
  return element.closest("[data-full]") || element.parentElement;
}

/** Shows in a frame of another size what the map showed before: the whole area again, or the same middle. */
function keepView(map, bounds, fit) {
  const [whole, centre, zoom] = [map.getBounds().contains(bounds), map.getCenter(), map.getZoom()]; // as the map knew its size
  requestAnimationFrame(() => {
    map.invalidateSize({ animate: false, pan: false });
    if (whole) fit(false);
    else map.setView(centre, zoom, { animate: false });
  });
}

/** Ties full screen to a button, which is hidden where a browser cannot; `told(on)` is told whether it fills the screen. */
export function bindFullscreen(button, map, { bounds, fit, told }) {
  const frame = findFrame(map.getContainer());
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else frame.requestFullscreen().catch(() => {}); // refused by the browser's own rules: the page stays as it is
  });
  document.addEventListener("fullscreenchange", () => {
    told(document.fullscreenElement === frame);
    keepView(map, bounds, fit);
  });
}
