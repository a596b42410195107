/** The layer on the map: decoded from its bytes, painted with the others on the map's tiles, pointed at, clicked and filtered. */

import { UNIT_ZOOM, worldX, worldY } from "../map/geometry.js";
import { tellLegend } from "./legend.js";
import { makeMask } from "./mask.js";
import { pickFeature } from "./pick.js";
import { letGo, prepareLayer } from "./prepare.js";
import { growthOf, makeStackClass, stackOf } from "./stack.js";
import { makeCard, makeTip } from "./tips.js";

const NEAR_PX = 5;

/** The class of the layer over a page's Leaflet. */
export function makeLayerClass(L) {
  const Stack = makeStackClass(L);
  return L.Layer.extend({
    options: { tooltip: [], popup: [], title: "", label: "", legend: true, type: "polygon", opacity: 1 },

    initialize(decoding, options) {
      L.setOptions(this, options);
      this.pointed = -1;
      this.ready = decoding.then((document) => this._take(document));
      this.ready.catch((error) => console.error(error));
      const end = () => (this.over = true);
      this.settled = this.ready.then(end, end);
    },

    _take(document) {
      this.data = letGo(prepareLayer(document.layer, document.streams, this.options.style));
      this.data.names = this.options.names || {};
      if (this._map) tellLegend(L, this._map, this, true);
      this.fire("decoded");
      return this;
    },

    getEvents() {
      return { mousemove: this._hover, mouseout: this._leave, click: this._click };
    },

    onAdd(map) {
      this._stack = stackOf(map, Stack);
      this._stack.add(map, this);
      tellLegend(L, map, this, true);
    },

    onRemove(map) {
      this._leave();
      if (this._card) map.closePopup(this._card);
      this._stack.drop(map, this);
      tellLegend(L, map, this, false);
    },

    /** Whether the layer is still to be painted. */
    isLoading() {
      return !this.over || !this._stack || !this._stack._map || this._stack.isLoading();
    },

    /** 0 is not seen, 1 covers what lies under it. */
    setOpacity(opacity) {
      this.options.opacity = opacity;
      return this._repaint();
    },

    bringToFront() {
      this._stack.move(this, true);
      return this;
    },

    bringToBack() {
      this._stack.move(this, false);
      return this;
    },

    _repaint() {
      if (this._map) this._stack.ask();
      return this;
    },

    /**
     * Shows only features for which `keep(value of a column, …)` is true; all where `keep` is left out. It may be asked for
     * before the layer has come. Throws for a column that there is not.
     */
    filter(columns, keep) {
      if (!this.data) {
        this.ready.then(() => this.filter(columns, keep)).catch((error) => console.error(error));
        return this;
      }
      const names = [].concat(columns || []);
      const missing = names.filter((name) => !(name in this.data.attrs));
      if (missing.length) throw new Error(`图层里没有这一列：${missing.join("、")}；有：${Object.keys(this.data.attrs).join("、")}`);
      this.data.mask = keep ? makeMask(this.data, names, keep) : null;
      return this._repaint();
    },

    /** How many features are shown; none before the layer has come (`await layer.ready`). */
    count() {
      if (!this.data) return 0;
      return this.data.mask ? this.data.mask.reduce((sum, one) => sum + one, 0) : this.data.size;
    },

    /** The number of the feature under a place of the map; -1 for none. */
    pick(latlng) {
      const zoom = this._map.getZoom();
      if (!this.data || zoom < (this.options.style.minZoom || 0)) return -1;
      const scale = 2 ** (zoom - UNIT_ZOOM);
      const radius = ((this.options.style.radius || 3) * growthOf(zoom)) / scale;
      return pickFeature(this.data, worldX(latlng.lng), worldY(latlng.lat), NEAR_PX / scale, radius);
    },

    /** The feature to tell of under a place: of layers that lie over one another the uppermost has the word. */
    _pickFor(what, latlng) {
      if (!this.options[what].length) return -1;
      const { layers } = this._stack;
      const above = layers.slice(layers.indexOf(this) + 1);
      return above.some((layer) => layer.options[what].length && layer.pick(latlng) >= 0) ? -1 : this.pick(latlng);
    },

    _hover({ latlng }) {
      const index = this._pickFor("tooltip", latlng);
      const tip = index < 0 ? null : makeTip(this.data, index, this.options.tooltip);
      if (!tip) this._leave();
      this._stack.cover(this, () => Boolean(tip) || this._pickFor("popup", latlng) >= 0);
      if (!tip) return;
      this._point(index);
      if (!this._tip) this._tip = L.tooltip({ sticky: true, direction: "top" });
      this._tip.setLatLng(latlng).setContent(tip);
      if (!this._map.hasLayer(this._tip)) this._map.openTooltip(this._tip);
    },

    /** Keeps the feature that is pointed at, so that it is seen which one it is. */
    _point(index) {
      if (this.pointed === index) return;
      this.pointed = index;
      if (this._stack.over) this._stack.over.ask();
    },

    _leave() {
      this._point(-1);
      this._stack.cover(this, () => false);
      if (this._tip && this._map) this._map.closeTooltip(this._tip);
    },

    _click({ latlng }) {
      const index = this._pickFor("popup", latlng);
      const card = index < 0 ? null : makeCard(this.data, index, this.options.popup, this.options.title);
      if (!card) return;
      this._card = L.popup({ maxWidth: 340 }).setLatLng(latlng).setContent(card);
      this._map.openPopup(this._card);
    },
  });
}
