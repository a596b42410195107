/** Where the reader has moved the map, in the address: at=longitude,latitude,zoom. Where a filter or a pick has led is not: they stand there themselves. */

import { isOnPaper } from "../core/dom.js";
import { readSpot, writeSpot } from "../core/ranges.js";
import { DomEvent } from "./leaflet.js";

/** So long after what a reader does with the map it may still move: the wheel, a flick, the way back into the area. */
const LASTING_MS = 1500;
const KEYS = /^(Arrow(Up|Down|Left|Right)|[-+=_])$/;

export class Spot {
  constructor(map, store) {
    Object.assign(this, { map, store, until: 0, size: map.getSize(), first: store.get("at") });
    const touch = () => this.touch();
    for (const name of ["wheel", "dblclick", "touchmove"]) DomEvent.on(map.getContainer(), name, touch);
    for (const button of map.zoomControl.getContainer().children) DomEvent.on(button, "click", touch);
    DomEvent.on(map.getContainer(), "keydown", ({ key, ctrlKey, metaKey, altKey }) => KEYS.test(key) && !(ctrlKey || metaKey || altKey) && touch());
    map.on("dragstart", () => (this.until = Infinity));
    map.on("boxzoomend", () => (touch(), this.keep())); // a long way is gone before this is told
    map.on("moveend", () => this.settle());
  }

  /** From now on the reader is moving the map. */
  touch() {
    this.until = performance.now() + LASTING_MS;
  }

  /** The map has come to rest: by the reader, or because the page was printed, grew, or went somewhere by itself. */
  settle() {
    const { size } = this;
    this.size = this.map.getSize();
    if (isOnPaper() || !size.equals(this.size) || performance.now() > this.until) return;
    this.touch();
    this.keep();
  }

  /** Writes where the map is. */
  keep() {
    const { lng, lat } = this.map.getCenter();
    this.store.note("at", writeSpot([lng, lat, this.map.getZoom()]));
  }

  /** A filter or a pick leads the map elsewhere. A sheet of paper does not: the map comes back from it. */
  leave() {
    if (isOnPaper()) return;
    this.until = 0;
    this.store.note("at", "");
  }

  /** Goes where the address said when the page opened, whatever a chosen place has led to since. */
  begin() {
    this.go(this.first);
  }

  /** Goes to a spot as the address has it, as near as the map may come; nowhere for what is none. */
  go(text) {
    const spot = readSpot(text);
    if (!spot) return;
    this.map.setView([spot[1], spot[0]], spot[2], { animate: false });
    this.keep();
  }
}
