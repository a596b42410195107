/** The layers that a map shows as entries of a picture's legend, from the top: what is coloured by a column with all its looks. */

import { hatchOf } from "../../compact/marks.js";
import { number } from "../../core/format.js";
import { traceShape } from "../../core/symbols.js";
import { t } from "../../core/text.js";
import { setLine } from "../trace.js";
import { isLine } from "./sample.js";

const [WIDTH, HEIGHT] = [18, 12];

function nameOf(layer) {
  if (!(layer.shownCount < layer.size)) return layer.title;
  return `${layer.title}　${t("layers.some", { n: number(layer.shownCount), total: number(layer.size) })}`;
}

/** {layer, name} each; the `layer` of a look has the look for its style. */
export function listLayerKeys(scene, zoom) {
  const shown = [...scene.ground].reverse().filter((layer) => scene.shown.has(layer.id) && layer.shownCount !== 0 && zoom >= (layer.style.minZoom || 0));
  const left = scene.ground.filter((layer) => scene.shown.has(layer.id) && zoom < (layer.style.minZoom || 0)).map((layer) => layer.title);
  const keys = shown.flatMap((layer) => {
    const looks = layer.by ? layer.looks.map((look) => ({ layer: { ...layer, style: look }, name: `　${look.name}` })) : [];
    return [{ layer, name: nameOf(layer) }, ...looks];
  });
  return left.length ? [...keys, { head: t("layers.left-out", { layers: left.join(t("common.comma")) }) }] : keys;
}

/** Draws what a layer or one of its looks is like; `y` is the middle of its row. */
export function drawLayerSample(context, layer, x, y, ratio) {
  const { style } = layer;
  context.beginPath();
  if (isLine(layer)) {
    context.moveTo(x, y);
    context.lineTo(x + WIDTH, y);
  } else if (layer.type === "point") traceShape(context, style.shape || "circle", x + WIDTH / 2, y, 4);
  else context.rect(x, y - HEIGHT / 2, WIDTH, HEIGHT);
  if (!isLine(layer) && (style.fill || style.hatch)) {
    context.fillStyle = style.hatch ? hatchOf(context, style, ratio) : style.fill;
    context.fill();
  }
  setLine(context, { ...style, weight: Math.max(1, style.weight || 1) }, 1);
  context.stroke();
  context.setLineDash([]);
}
