/** How the layers of a map lie and look: which are on, in what order, how opaque, by which column they are coloured. */

import { sortLooks } from "../../compact/looks.js";
import { readView, writeView } from "../../core/layerfilters.js";
import { t } from "../../core/text.js";
import { joinBoxes, latOf, lonOf } from "../geometry.js";
import { toLatLngBounds } from "../leaflet.js";
import { LayerMasks, numbersOf } from "./masks.js";
import { Pointing } from "./pointing.js";

/** The places of those that must be moved so that the rest stand as they did: all but a longest run that rises. */
function findMoved(order) {
  const best = order.map((value, i) => ({ i, length: 1, before: null, value }));
  for (const one of best) for (const other of best.slice(0, one.i)) if (other.value < one.value && other.length >= one.length) Object.assign(one, { length: other.length + 1, before: other });
  const kept = new Set();
  for (let one = best.reduce((a, b) => (b.length > a.length ? b : a), best[0]); one; one = one.before) kept.add(one.i);
  return order.map((_, i) => i).filter((i) => !kept.has(i));
}

export class Layering {
  constructor(scene) {
    this.scene = scene;
    /** From the top, as the site has them. */
    this.asCame = [...scene.ground].reverse();
    this.on = new Set(scene.shown);
    this.masks = new LayerMasks(scene);
    this.pointing = new Pointing(scene);
    this.opened = new Set();
    this.takeView();
    this.masks.refresh();
  }

  /** The layers from the top. */
  get layers() {
    return [...this.scene.ground].reverse();
  }

  /** Whether a change of the store concerns how layers are shown or which of their features. */
  concerns(changed) {
    return changed.some((key) => key === "layers" || key.includes("."));
  }

  /** Takes what has changed in the store; whether the layers look otherwise now. */
  refresh() {
    const view = this.scene.store.get("layers") !== this.view;
    if (view) this.takeView();
    return this.masks.refresh() || view;
  }

  /** Takes order, opacity and colours from the store. */
  takeView() {
    this.view = this.scene.store.get("layers");
    const entries = readView(this.view).filter(({ id }) => this.asCame.some((layer) => layer.id === id));
    const moved = entries.filter(({ place }) => place).sort((a, b) => a.place - b.place);
    const order = this.asCame.filter((layer) => !moved.some(({ id }) => id === layer.id));
    for (const { id, place } of moved) order.splice(Math.min(place - 1, order.length), 0, this.asCame.find((layer) => layer.id === id));
    this.scene.ground = order.reverse();
    for (const layer of this.asCame) this.takeEntry(layer, entries.find(({ id }) => id === layer.id));
  }

  takeEntry(layer, entry) {
    if (entry ? entry.on : this.on.has(layer.id)) this.scene.shown.add(layer.id);
    else this.scene.shown.delete(layer.id);
    layer.opacity = entry ? entry.opacity : 1;
    this.colour(layer, entry ? entry.by : "");
  }

  /** Colours a layer by a column, or all alike for none. */
  colour(layer, by) {
    if ((layer.by || "") === by) return;
    layer.by = by;
    const style = by ? { ...layer.style, dash: "", by: numbersOf(layer, by), looks: layer.colourings[by], other: t("layers.color-other") } : layer.style;
    const { looks, of } = sortLooks(layer, style);
    Object.assign(this.scene.open(layer), { looks, lookOf: of });
  }

  /** The view as it stands in the address: what of each layer is not as it came. */
  tellView(order = this.layers) {
    const places = order.map((layer) => this.asCame.indexOf(layer));
    const moved = new Set(findMoved(places));
    const entries = order.map((layer, i) => ({ id: layer.id, on: this.scene.shown.has(layer.id), opacity: layer.opacity, place: moved.has(i) ? i + 1 : 0, by: layer.by || "" }));
    return writeView(entries.filter(({ id, on, opacity, place, by }) => place || by || opacity < 1 || on !== this.on.has(id)));
  }

  keepView(order) {
    this.scene.store.set("layers", this.tellView(order));
  }

  toggle(layer) {
    if (!this.scene.shown.delete(layer.id)) this.scene.shown.add(layer.id);
    this.keepView();
  }

  /** Moves a layer so many places up (or down, below zero). */
  move(layer, steps) {
    const order = this.layers;
    const at = order.indexOf(layer);
    order.splice(at, 1);
    order.splice(Math.max(0, at - steps), 0, layer);
    this.keepView(order);
  }

  colourBy(layer, by) {
    this.colour(layer, by);
    this.keepView();
  }

  /** Shows an opacity at once, while it is chosen; `keepView` puts it into the address. */
  fade(layer, opacity) {
    layer.opacity = opacity;
    this.scene.ask("network");
  }

  isFar(layer) {
    return this.scene.map.getZoom() < (layer.style.minZoom || 0);
  }

  /** The bounds of what is shown of a layer, as Leaflet has them; null for nothing. */
  boundsOf(layer) {
    const { mask } = this.scene.open(layer);
    const indexes = Array.from({ length: layer.size }, (_, i) => i).filter((i) => (!mask || mask[i]) && layer.features[i] < layer.features[i + 1]);
    const box = joinBoxes(layer, indexes);
    return box && toLatLngBounds([[latOf(box[3]), lonOf(box[0])], [latOf(box[1]), lonOf(box[2])]]);
  }
}
