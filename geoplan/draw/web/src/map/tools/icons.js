/** The signs on the buttons of the tools, drawn in the ink of the button. */

import { svg } from "../../core/dom.js";

const PATHS = {
  distance: "M2.5 12.5 12.5 2.5 15.5 5.5 5.5 15.5ZM5 10l1.8 1.8M7.5 7.5l1.8 1.8M10 5l1.8 1.8",
  area: "M3 13.5 5.5 4 14.5 5.5 13 14.5ZM2 13.5a1 1 0 1 0 2 0a1 1 0 1 0-2 0M4.5 4a1 1 0 1 0 2 0a1 1 0 1 0-2 0M13.5 5.5a1 1 0 1 0 2 0a1 1 0 1 0-2 0M12 14.5a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
  full: "M3 7V3H7M11 3h4V7M15 11v4H11M7 15H3V11",
  leave: "M7 3V7H3M15 7H11V3M11 15V11h4M3 11H7v4",
};

/** The sign of a tool; help is a plain question mark. */
export function toolIcon(name) {
  if (!PATHS[name]) return "?";
  return svg("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("path", { d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.3, "stroke-linejoin": "round" }));
}
