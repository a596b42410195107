/** A feature that is pointed at or chosen, drawn out from the others. */

import { isPoint } from "../map/geometry.js";
import { traceRun } from "../map/trace.js";
import { traceMark } from "./marks.js";

const [INK, HALO] = ["#22303a", "rgba(255,255,255,.92)"];
const HALO_PX = 3;

/** Outlines a feature of a layer, `width` pixels dark on a light halo; its points have a `shape` and a `radius`. */
export function paintHighlight(context, layer, index, view, { width, radius, shape }) {
  context.beginPath();
  for (let run = layer.features[index]; run < layer.features[index + 1]; run++) {
    if (isPoint(layer, run)) traceMark(context, layer.xy, layer.runs[run], view, shape, radius);
    else traceRun(context, layer, run, view);
  }
  context.lineJoin = context.lineCap = "round";
  for (const [color, wide] of [[HALO, width + HALO_PX], [INK, width]]) {
    context.strokeStyle = color;
    context.lineWidth = wide;
    context.stroke();
  }
}
