/** Where the reader has moved the map, in the address: at=longitude,latitude,zoom. Where a filter or a pick has led is not: they stand there themselves. */

import { readSpot, writeSpot } from "../core/ranges.js";
import { DomEvent } from "./leaflet.js";

/** What moves a map by hand, beside dragging it. */
const BY_HAND = ["wheel", "dblclick", "keydown", "touchmove"];

export class Spot {
  constructor(map, store) {
    Object.assign(this, { map, store, byHand: false, first: store.get("at") });
    const touch = () => (this.byHand = true);
    for (const name of BY_HAND) DomEvent.on(map.getContainer(), name, touch);
    DomEvent.on(map.zoomControl.getContainer(), "click", touch);
    map.on("dragstart boxzoomend", touch);
    map.on("moveend", () => this.byHand && this.keep());
  }

  /** Writes where the map is. */
  keep() {
    this.byHand = false;
    const { lng, lat } = this.map.getCenter();
    this.store.note("at", writeSpot([lng, lat, this.map.getZoom()]));
  }

  /** The map is led elsewhere. What is done for paper is undone afterwards, and no matter. */
  leave() {
    if (document.documentElement.classList.contains("printing")) return;
    this.byHand = false;
    this.store.note("at", "");
  }

  /** Goes where the address said when the page opened, wherever a chosen place has led since. */
  begin() {
    this.store.note("at", this.first);
    this.go();
  }

  /** Goes where the address says. */
  go() {
    const spot = readSpot(this.store.get("at"));
    if (spot) this.map.setView([spot[1], spot[0]], spot[2], { animate: false });
  }
}
