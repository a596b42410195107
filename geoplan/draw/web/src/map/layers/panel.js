/** The layers in the legend: a row for each with its switch, sample and count, which opens to its filters, look and order. */

import { h } from "../../core/dom.js";
import { number } from "../../core/format.js";
import { listLayerFilters, titleColumn, titleLayer } from "../../core/layerfilters.js";
import { t } from "../../core/text.js";
import { layerFilters } from "./controls.js";
import { lineSample } from "./sample.js";

const ZOOM_PAD = 0.08;
const CLOSEST = 16;

function countText(layer) {
  const facts = { n: number(layer.shownCount), total: number(layer.size) };
  return t(layer.shownCount < layer.size ? "layers.some" : "layers.all", facts);
}

function isFiltered(scene, layer) {
  return [...listLayerFilters(scene.site.meta)].some(([name, told]) => told.layer.id === layer.id && scene.store.get(name).length);
}

function layerRow(scene, layer, set) {
  const { layering } = scene;
  const on = scene.shown.has(layer.id);
  const far = on && layering.isFar(layer);
  const open = layering.opened.has(layer.id);
  const title = titleLayer(layer);
  const turn = () => (open ? layering.opened.delete(layer.id) : layering.opened.add(layer.id), set("layer"));
  return h(
    "div",
    { class: ["layer", on ? "" : "off", far ? "far" : "", layer.shownCount ? "" : "bare"].filter(Boolean).join(" "), title: [layer.title, far ? t("map.zoom-in-first") : ""].filter(Boolean).join(" · ") },
    h(
      "label",
      { class: "layer-name" },
      h("input", { type: "checkbox", checked: on, data: { layer: layer.id }, onchange: () => layering.toggle(layer) }),
      lineSample(layer),
      h("span", { class: "key-name" }, title),
      layer.synthetic ? h("small", { class: "made", title: t("common.synthetic") }, "*") : null,
    ),
    far ? h("small", { class: "far-note" }, t("layers.far")) : null,
    h("span", { class: isFiltered(scene, layer) ? "key-count filtered" : "key-count" }, countText(layer)),
    h("button", { type: "button", class: "layer-open", "aria-expanded": String(open), "aria-label": t("layers.open", { layer: title }), data: { open: layer.id }, onclick: turn }, open ? "▾" : "▸"),
  );
}

/** What each colour of a layer means, where it is coloured by a column. */
function lookRows(scene, layer) {
  if (!layer.by || !scene.shown.has(layer.id)) return null;
  return h("div", { class: "layer-looks" }, layer.looks.map((look) => h("span", { class: "layer-look" }, lineSample(layer, look), h("span", { class: "key-name" }, look.name))));
}

function lookControls(scene, layer) {
  const { layering } = scene;
  const columns = Object.keys(layer.colourings || {});
  const option = (by, words) => h("option", { value: by, selected: by === (layer.by || "") }, words);
  const choice = h("select", { class: "layer-color", data: { by: layer.id }, "aria-label": t("layers.color-by"), onchange: (event) => layering.colourBy(layer, event.target.value) }, option("", t("layers.color-plain")), columns.map((by) => option(by, t("layers.color-of", { column: titleColumn(by) }))));
  const fade = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: layer.opacity, data: { opacity: layer.id }, "aria-label": t("layers.opacity"), oninput: (event) => layering.fade(layer, Number(event.target.value)), onchange: () => layering.keepView() });
  return [columns.length ? choice : null, h("label", { class: "layer-opacity" }, t("layers.opacity"), fade)];
}

function layerButtons(scene, layer) {
  const { layering, map } = scene;
  const at = layering.layers.indexOf(layer);
  const button = (name, act, disabled = false) => h("button", { type: "button", class: "button", disabled, data: { act: `${name}-${layer.id}` }, onclick: act }, t(`layers.${name}`));
  const zoom = () => {
    const bounds = layering.boundsOf(layer);
    if (!bounds) return;
    scene.options.spot.touch();
    const zoom = Math.min(CLOSEST, map.getBoundsZoom(bounds.pad(ZOOM_PAD)));
    map.setView(bounds.getCenter(), Math.max(zoom, layer.style.minZoom || 0)); // where it is shown at all
  };
  return h("div", { class: "layer-acts" }, button("up", () => layering.move(layer, 1), at === 0), button("down", () => layering.move(layer, -1), at === layering.layers.length - 1), button("zoom", zoom));
}

function layerFacts(layer) {
  const facts = [layer.synthetic ? t("layers.synthetic") : "", layer.source ? t("layers.source", { source: layer.source }) : "", layer.crs ? t("layers.crs", { crs: layer.crs }) : ""];
  return h("p", { class: "layer-facts" }, facts.filter(Boolean).join(" · "));
}

function layerDetails(scene, layer) {
  if (!scene.layering.opened.has(layer.id)) return null;
  return h("div", { class: "layer-details" }, layerFilters(scene, layer), lookControls(scene, layer), layerButtons(scene, layer), layerFacts(layer));
}

/** Where a layer may be dropped: on any other, whose place it takes. */
function dropOn(scene, layer) {
  const { layering } = scene;
  const take = (event) => {
    event.preventDefault();
    const order = layering.layers;
    const dragged = order.find(({ id }) => id === event.dataTransfer.getData("text/plain"));
    if (dragged && dragged !== layer) layering.move(dragged, order.indexOf(dragged) - order.indexOf(layer));
  };
  return { draggable: "true", ondragstart: (event) => event.dataTransfer.setData("text/plain", layer.id), ondragover: (event) => event.preventDefault(), ondrop: take };
}

/** What filters by place and by time leave out, where they leave out anything. */
function layerNotes({ layering, month }) {
  const place = layering.masks.takesAway("town", "village") ? t("layers.note-place") : "";
  const time = layering.masks.takesAway("month") ? t("layers.note-time", { year: month.slice(0, 4) }) : "";
  return [place, time].filter(Boolean).map((note) => h("p", { class: "key-note layer-note" }, note));
}

/** The rows of all layers, the uppermost first, and what they leave out. */
export function layerList(scene, set) {
  const rows = scene.layering.layers.map((layer) => {
    const open = scene.layering.opened.has(layer.id);
    return h("div", { class: open ? "layer-box open" : "layer-box", ...(open ? {} : dropOn(scene, layer)) }, layerRow(scene, layer, set), lookRows(scene, layer), layerDetails(scene, layer));
  });
  return [h("div", { class: "layer-list" }, rows), layerNotes(scene)];
}
