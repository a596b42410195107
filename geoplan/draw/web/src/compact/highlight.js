/** The feature that is pointed at, drawn out from the others. */

import { isPoint } from "../map/geometry.js";
import { traceFeature } from "../map/trace.js";
import { traceMark } from "./marks.js";

const [INK, HALO] = ["#22303a", "rgba(255,255,255,.9)"];
/** How much wider than the feature itself. */
const MORE_PX = 1.5;

/** Outlines a feature of a layer, dark on a light halo. */
export function paintHighlight(context, layer, index, view) {
  const look = layer.looks[layer.lookOf[index]];
  const first = layer.features[index];
  context.beginPath();
  if (isPoint(layer, first)) traceMark(context, layer.xy, layer.runs[first], view, look.shape, (look.radius || 3) * view.growth + MORE_PX);
  else traceFeature(context, layer, index, view);
  context.lineJoin = context.lineCap = "round";
  for (const [color, more] of [[HALO, 3], [INK, 0]]) {
    context.strokeStyle = color;
    context.lineWidth = (look.weight || 1) * view.growth + MORE_PX + more;
    context.stroke();
  }
}
