/**
 * The compact layer for any Leaflet map, folium's among them: `GeoplanCompact.layer(id, options)`, where `id` is that of the
 * element that holds the data. Leaflet is the page's own `L`, asked for when the first layer is made.
 */

import { unpackBase64 } from "./core/unzip.js";
import { addStyles } from "./compact/legend.js";
import { makeLayerClass } from "./compact/layer.js";

let CompactLayer = null;

/** A layer that decodes itself and then draws; `options`: {style, tooltip, popup, names, title, legend, opacity}. */
function layer(id, options) {
  if (!CompactLayer) {
    CompactLayer = makeLayerClass(window.L);
    addStyles();
  }
  return new CompactLayer(unpackBase64(document.getElementById(id).textContent), options);
}

window.GeoplanCompact = { layer };
