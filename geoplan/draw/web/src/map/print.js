/** Printing: the map laid out anew for the sheet and painted fine enough for paper; afterwards as it was. */

import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { metresPerPixel } from "./base.js";
import { PAPER_RATIO } from "../compact/pane.js";
import { fitSources } from "./sources.js";

const MM_PER_PX = 25.4 / 96;

function roundScale(value) {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / power) * power;
}

/** The scale on paper in words, two digits and zeros, for so many metres of a CSS pixel. */
export function tellScale(metres) {
  return t("map.scale-print", { n: number(roundScale((metres * 1000) / MM_PER_PX)) });
}

/** Makes the page ready for paper before it is printed, and undoes it after. */
export function bindPrint(map, scene, caption) {
  let view = null;
  const before = () => {
    if (view) return;
    view = { bounds: map.getBounds(), center: map.getCenter(), zoom: map.getZoom() };
    const home = view.zoom <= scene.fitZoom() + 0.3;
    document.documentElement.classList.add("printing");
    map.invalidateSize({ animate: false, pan: false });
    if (home) scene.options.fit(false);
    else map.fitBounds(view.bounds, { animate: false });
    caption.textContent = tellScale(metresPerPixel(map));
    scene.paintNow(PAPER_RATIO);
    fitSources(scene.site.meta.sources);
  };
  const after = () => {
    if (!view) return;
    document.documentElement.classList.remove("printing");
    map.invalidateSize({ animate: false, pan: false });
    map.setView(view.center, view.zoom, { animate: false });
    scene.paintNow(null);
    caption.textContent = "";
    view = null;
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  window.matchMedia("print").addEventListener("change", (event) => (event.matches ? before() : after()));
  return { before, after };
}

/** Prints; with a base map only once the tiles of the sheet have come, which `beforeprint` cannot wait for. */
export async function printMap(scene, printing, prepare = () => {}) {
  if (scene.under?.layer) {
    printing.before();
    prepare();
    await scene.under.settle();
    scene.paintNow(PAPER_RATIO);
  }
  window.print();
  printing.after();
}
