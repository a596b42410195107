/** The layers that a map shows as entries of a picture's legend, from the top: what is coloured by a column with all its looks. */

import { number } from "../../core/format.js";
import { t } from "../../core/text.js";

function nameOf(layer) {
  if (!(layer.shownCount < layer.size)) return layer.title;
  return `${layer.title}　${t("layers.some", { n: number(layer.shownCount), total: number(layer.size) })}`;
}

/** {layer, name} each; the `layer` of a look has the look for its style. */
export function listLayerKeys(scene, zoom) {
  const shown = [...scene.ground].reverse().filter((layer) => scene.shown.has(layer.id) && layer.shownCount !== 0 && zoom >= (layer.style.minZoom || 0));
  return shown.flatMap((layer) => {
    const looks = layer.by ? layer.looks.map((look) => ({ layer: { ...layer, style: look }, name: `　${look.name}` })) : [];
    return [{ layer, name: nameOf(layer) }, ...looks];
  });
}
