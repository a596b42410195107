/** Longitude and latitude under the pointer, of a place that was held, else of the middle of the map; a click copies them. */

import { tellCoordinates } from "../../core/coordinates.js";
import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { Control, DomEvent } from "../leaflet.js";

/** About 1 m for the office; for the public about 100 m, coarser than the 10 m that a public map may show and the 50 m that
 * it might before (公开地图内容表示规范, to be confirmed by the office that reviews the map). */
const DIGITS = { internal: 5, public: 3 };
const SHOWN_MS = 1600;

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused, or not there: the reader copies what is selected
  }
}

const Readout = Control.extend({
  options: { position: "bottomleft" },
  onAdd() {
    return this.options.element;
  },
});

export class Coordinates {
  constructor(map, audience, { ask }) {
    Object.assign(this, { map, ask, digits: DIGITS[audience] || DIGITS.public, pointer: null, held: null, timer: 0 });
    this.text = h("b", {});
    this.what = h("span", {});
    this.element = h("div", { class: "coordinates", role: "button", tabindex: 0, title: t("map.copy"), onclick: () => this.copy(), onkeydown: (event) => this.press(event) }, this.what, this.text);
    DomEvent.disableClickPropagation(this.element);
    new Readout({ element: this.element }).addTo(map);
    map.on("mousemove", (event) => this.follow(this.isOnMap(event.originalEvent.target) ? event.latlng : null));
    map.on("mouseout", () => this.follow(null));
    map.on("move", () => this.pointer || this.tell());
    map.on("contextmenu", (event) => this.hold(this.held ? null : event.latlng));
    this.tell();
  }

  /** A finger that taps is no pointer that stays. */
  isOnMap(target) {
    return !this.element.contains(target) && !matchMedia("(hover: none)").matches;
  }

  follow(pointer) {
    this.pointer = pointer;
    this.tell();
  }

  /** Keeps a place in the readout, marked on the map; null lets go. */
  hold(place) {
    this.held = place;
    this.tell();
    this.ask();
  }

  /** The place that is told. */
  get place() {
    return this.held || this.pointer || this.map.getCenter();
  }

  tell() {
    if (this.timer) return;
    this.what.textContent = this.held ? t("map.held") : this.pointer ? "" : t("map.centre");
    const told = tellCoordinates(this.place, this.digits);
    if (this.text.textContent !== told) this.text.textContent = told; // else what the reader has selected stays selected
  }

  press(event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.copy();
  }

  /** Copies what is told as a ledger takes it: "106.33212,35.49034". */
  async copy() {
    const { lat, lng } = this.place;
    const done = await writeClipboard(`${lng.toFixed(this.digits)},${lat.toFixed(this.digits)}`);
    if (!done) getSelection().selectAllChildren(this.text);
    this.say(t(done ? "map.copied" : "map.copy-refused"));
  }

  say(words) {
    clearTimeout(this.timer);
    this.what.textContent = words;
    this.timer = setTimeout(() => ((this.timer = 0), this.tell()), SHOWN_MS);
  }
}
