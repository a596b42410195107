/** The parts of Leaflet that the map uses, from its modules: without its tiles, markers, popups and renderers a page starts sooner. */

import * as DomEvent from "leaflet/src/dom/DomEvent.js";
import * as DomUtil from "leaflet/src/dom/DomUtil.js";
import "leaflet/src/control/Control.Zoom.js";
import "leaflet/src/map/index.js";

export { Control } from "leaflet/src/control/Control.js";
export { Scale } from "leaflet/src/control/Control.Scale.js";
export { toLatLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { Renderer } from "leaflet/src/layer/vector/Renderer.js";
export { createMap } from "leaflet/src/map/Map.js";
export { DomEvent, DomUtil };
