/** The Leaflet map under the canvases: no tiles, no attribution, a metric scale bar, north. */

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { Control, DomEvent, Scale, createMap as createLeaflet, toLatLngBounds } from "./leaflet.js";
import { Spot } from "./spot.js";
import { MapTools } from "./tools/tools.js";

/** On a map so narrow scale and coordinates stand over the caption, so high. */
const [PHONE_PX, SCALE_PX] = [560, 26];

/** The area's bounds as Leaflet has them; a wide default where nothing is known. */
export function areaBounds(site) {
  const [west, south, east, north] = site.meta.bounds.length === 4 ? site.meta.bounds : [73, 18, 135, 54];
  return toLatLngBounds([south, west], [north, east]);
}

const North = Control.extend({
  options: { position: "topright" },
  onAdd() {
    return h("div", { class: "north", "aria-hidden": "true" }, h("i", {}), t("map.north"));
  },
});

const Home = Control.extend({
  options: { position: "topleft" },
  onAdd() {
    const button = h("button", { type: "button", class: "leaflet-bar map-home", title: t("map.fit"), "aria-label": t("map.fit") }, "⌂");
    DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => this.options.onHome());
    return button;
  },
});

/** Leaflet's own buttons in the page's language. */
function nameZoom({ _zoomInButton: nearer, _zoomOutButton: farther }) {
  for (const [button, name] of [[nearer, "zoom-nearer"], [farther, "zoom-farther"]]) {
    button.title = t(`map.${name}`);
    button.setAttribute("aria-label", button.title);
  }
}

/** How much of the lower edge caption, scale and coordinates cover: they stand side by side, on a phone one over the other. */
function footOf(map) {
  const caption = map.getContainer().parentElement.querySelector(".map-caption");
  return (caption ? caption.offsetHeight : 0) + (map.getSize().x < PHONE_PX ? SCALE_PX : 0);
}

/**
 * A map in `element` that shows the whole area; `options.room()` says how much of its left and lower edge something covers.
 * `options.store` keeps in the address where the reader moves it; without one it cannot be moved.
 */
export function createMap(element, site, options = {}) {
  const bounds = areaBounds(site);
  const still = !options.store;
  let spot = null;
  const map = createLeaflet(element, {
    attributionControl: false,
    zoomSnap: 0.05,
    zoomDelta: 0.75,
    wheelPxPerZoomLevel: 110,
    maxZoom: 18,
    preferCanvas: true,
    zoomControl: !still,
    ...(still ? { dragging: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, touchZoom: false } : {}),
  });
  const fit = (animate = false) => {
    const [left, foot] = options.room?.() || [0, 0];
    const covered = still ? 0 : Math.max(foot, footOf(map));
    spot?.leave();
    map.fitBounds(bounds, { animate, paddingTopLeft: [12 + left, 12], paddingBottomRight: [12, 12 + covered] });
  };
  fit();
  map.options.minZoom = Math.max(0, map.getZoom() - 1.5);
  map.setMaxBounds(bounds.pad(0.8));
  let tools = null;
  if (!still) {
    spot = new Spot(map, options.store);
    nameZoom(map.zoomControl);
    new Home({ onHome: () => fit(true) }).addTo(map);
    new North().addTo(map);
    tools = new MapTools(map, site, { bounds, fit, spot });
    new Scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  }
  return { map, fit, bounds, tools, spot, fitZoom: map.getZoom() };
}

/** Metres on the ground of one CSS pixel at the map's centre. */
export function metresPerPixel(map) {
  const centre = map.getSize().divideBy(2);
  const [a, b] = [centre.subtract([50, 0]), centre.add([50, 0])].map((point) => map.containerPointToLatLng(point));
  return a.distanceTo(b) / 100;
}
