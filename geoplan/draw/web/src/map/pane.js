/** The canvases of the site's maps. */

import { makePaneClass } from "../compact/pane.js";
import { DomUtil, Renderer } from "./leaflet.js";

export const CanvasPane = makePaneClass({ DomUtil, Renderer });
