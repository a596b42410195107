/** The parts of Leaflet that the map uses, from its modules, so that the bundle holds these parts only and starts sooner. */

export { Control, DomEvent, DomUtil, Renderer, control, latLngBounds, map as leafletMap } from "leaflet/dist/leaflet-src.esm.js";
