/** Features under the pointer: which one, what it says, its card, and how it stands out on the map. */

import { paintHighlight } from "../../compact/highlight.js";
import { pickFeature } from "../../compact/pick.js";
import { cardBox } from "../../core/card.js";
import { h } from "../../core/dom.js";
import { number } from "../../core/format.js";
import { titleColumn, titleLayer } from "../../core/layerfilters.js";
import { t } from "../../core/text.js";
import { UNIT_ZOOM, worldX, worldY } from "../geometry.js";
import { measureFeature } from "./sizes.js";

const NEAR_PX = 4;
const OUTLINES = ["towns", "villages"];
const COLUMNS = ["code", "name", "type", "status", "year", "diameter", "material", "surface", "households", "people"];
const TOWN_DIGITS = 9;
const COUNTED = ["households", "people"];

function valueText(layer, column, index) {
  const value = layer.value(column, index);
  if (value == null || value === "") return "";
  return COUNTED.includes(column) ? number(value) : String(value);
}

export class Pointing {
  constructor(scene) {
    this.scene = scene;
    this.hovered = null;
    this.panel = null;
  }

  /** The feature whose card is shown, or null. */
  get chosen() {
    const showing = this.panel && this.panel.showing;
    return showing && showing.kind === "feature" ? showing.feature : null;
  }

  get any() {
    return Boolean(this.hovered || this.chosen);
  }

  /** The feature of the uppermost layer under a place of the map: {layer, index}, or null. Boundaries are no features: their places have cards of their own. */
  pick(latlng) {
    const { scene } = this;
    const zoom = scene.map.getZoom();
    const scale = 2 ** (zoom - UNIT_ZOOM);
    const [x, y] = [worldX(latlng.lng), worldY(latlng.lat)];
    for (const layer of [...scene.ground].reverse()) {
      if (OUTLINES.includes(layer.kind) || !scene.shown.has(layer.id) || zoom < (layer.style.minZoom || 0) || !layer.opacity) continue;
      const radius = ((layer.style.radius || 3) * scene.growth({ zoom })) / scale;
      const index = pickFeature(scene.open(layer), x, y, NEAR_PX / scale, radius);
      if (index >= 0) return { layer, index };
    }
    return null;
  }

  /** Marks the feature under the pointer, null for none. */
  hover(feature) {
    const same = feature && this.hovered && feature.layer === this.hovered.layer && feature.index === this.hovered.index;
    if (same || (!feature && !this.hovered)) return;
    this.hovered = feature;
    this.scene.ask("focus");
  }

  /** What a feature is called: its name, else its type, else its layer. */
  titleOf({ layer, index }) {
    return valueText(layer, "name", index) || valueText(layer, "type", index) || titleLayer(layer);
  }

  /** "设施大棚 · 640424202206-温室001 · 日光温室". */
  tipOf({ layer, index }) {
    const facts = ["name", "type"].map((column) => valueText(layer, column, index));
    return h("span", {}, [titleLayer(layer), ...facts].filter(Boolean).join(" · "));
  }

  /** Whether the card of a feature may stay: its layer is on and no filter takes it away. */
  isShown({ layer, index }) {
    return this.scene.shown.has(layer.id) && (!layer.mask || Boolean(layer.mask[index]));
  }

  cardOf(feature, onClose) {
    const { layer, index } = feature;
    return cardBox(
      this.titleOf(feature),
      onClose,
      h("p", { class: "card-light" }, h("span", { class: "tag" }, titleLayer(layer)), layer.synthetic ? h("span", { class: "stamp stamp-small" }, t("common.synthetic")) : null),
      h("table", { class: "card-table" }, h("tbody", {}, this.listFacts(feature).map(([name, text]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, text))))),
      h("p", { class: "origin" }, this.tellOrigin(layer, index)),
    );
  }

  /** What a card says, as [heading, text]. */
  listFacts({ layer, index }) {
    const own = COLUMNS.map((column) => [titleColumn(column), valueText(layer, column, index)]);
    return [...own, ...this.listPlaces(layer.value("place", index)), ...this.listSizes(layer, index)].filter(([, text]) => text);
  }

  listPlaces(place) {
    if (!place) return [[t("layers.card-village"), t("layers.card-nowhere")]];
    const name = (code) => this.scene.areas.get(code)?.name || code;
    const village = place.length > TOWN_DIGITS ? name(place) : "";
    return [[t("layers.card-village"), village], [t("layers.card-town"), name(place.slice(0, TOWN_DIGITS))]];
  }

  listSizes(layer, index) {
    const size = measureFeature(layer, index);
    if (!size) return [];
    if (size.metres) return [[t("layers.card-length"), t("layers.length", { m: number(size.metres) })]];
    return [[t("layers.card-area"), t("layers.area", { m2: number(size.m2), mu: number(size.mu, 2) })]];
  }

  /** The file, and which of its features it is where they are numbered on. */
  tellOrigin(layer, index) {
    const order = layer.record == null ? null : this.scene.streams(layer.order);
    const record = order ? t("layers.record", { n: order[index] + layer.record }) : "";
    return t("layers.source", { source: [layer.source, record].filter(Boolean).join(" › ") });
  }

  paint(context, view) {
    if (this.hovered && !view.paper) this.paintOne(context, view, this.hovered, 1.6);
    if (this.chosen) this.paintOne(context, view, this.chosen, 2.4);
  }

  paintOne(context, view, { layer, index }, width) {
    const radius = (layer.style.radius || 3) * this.scene.growth(view) + 2;
    paintHighlight(context, layer, index, view, { width, radius, shape: "circle" });
  }
}
