/**
 * The compact layer for any Leaflet map, folium's among them: `GeoplanCompact.layer(base64, options)`.
 * Leaflet is the page's own `L`, asked for when the first layer is made.
 */

import { unpackBase64 } from "./core/unzip.js";
import { addStyles } from "./compact/legend.js";
import { makeLayerClass } from "./compact/tiles.js";

let CompactLayer = null;

/** A layer that decodes itself and then draws; `options`: {style, tooltip, popup, names, title, pane, opacity}. */
function layer(packed, options) {
  if (!CompactLayer) {
    CompactLayer = makeLayerClass(window.L);
    addStyles();
  }
  return new CompactLayer(unpackBase64(packed), options);
}

window.GeoplanCompact = { layer };
