/** Measuring on the map, a length of several legs or an area: points are set with clicks, or with the space bar in the middle. */

import { h } from "../../core/dom.js";
import { number } from "../../core/format.js";
import { t } from "../../core/text.js";
import { MU_M2 } from "../ellipsoid.js";
import { crossesItself, measureArea, measureLegs } from "./geodesy.js";

/** A second click so near is that of a double click. */
const SAME_PX = 5;
const [M2_HA, M2_KM2] = [1e4, 1e6];

/** "812 米", "12.35 公里". */
export function tellLength(metres) {
  return metres < 1000 ? t("map.metres", { n: number(metres) }) : t("map.kilometres", { n: number(metres / 1000, 2) });
}

/** ["1,234 亩", "82.3 公顷"]; above a square kilometre the second is "1.25 平方公里". */
export function tellArea(m2) {
  const mu = m2 / MU_M2;
  const large = m2 >= M2_KM2;
  return [t("map.mu", { n: number(mu, mu < 100 ? 1 : 0) }), t(large ? "map.km2" : "map.ha", { n: number(m2 / (large ? M2_KM2 : M2_HA), 2) })];
}

function addUp(legs) {
  return legs.reduce((sum, leg) => sum + leg, 0);
}

export class Measure {
  /** `ask()` asks for a repaint; `told()` is called when measuring begins, changes its kind, or ends. */
  constructor(map, panel, { ask, told }) {
    Object.assign(this, { map, panel, ask, told, kind: "", points: [], ended: false, pointer: null, centred: false });
    map.on("click", (event) => this.kind && this.add(event.latlng));
    map.on("dblclick", () => this.kind && this.end());
    map.on("mousemove", (event) => this.follow(event.latlng));
    map.on("mouseout", () => this.follow(null));
    map.on("move", () => this.centred && ask());
  }

  /** Begins to measure "distance" or "area"; the same again leaves it. */
  toggle(kind) {
    if (this.kind === kind) return this.leave();
    Object.assign(this, { kind, points: [], ended: false, pointer: null, centred: false });
    this.map.doubleClickZoom.disable();
    this.map.getContainer().style.cursor = "";
    this.map.getContainer().focus({ preventScroll: true });
    this.change();
  }

  leave() {
    if (!this.kind) return;
    Object.assign(this, { kind: "", points: [], ended: false, pointer: null, centred: false });
    this.map.doubleClickZoom.enable();
    this.change();
  }

  /** A point more; after the end the first of a new line. */
  add(point) {
    const spot = this.map.latLngToContainerPoint(point);
    const last = this.points[this.points.length - 1];
    if (last && this.map.latLngToContainerPoint(last).distanceTo(spot) < SAME_PX) return;
    if (this.ended) Object.assign(this, { points: [], ended: false });
    this.points.push(point);
    this.change();
  }

  addCentre() {
    this.centred = true;
    this.add(this.map.getCenter());
  }

  undo() {
    this.points.pop();
    this.ended = false;
    this.change();
  }

  end() {
    this.ended = this.points.length > 1;
    this.change();
  }

  clear() {
    Object.assign(this, { points: [], ended: false, centred: false });
    this.change();
  }

  /** Takes the points away, and with none left leaves measuring. */
  escape() {
    if (this.points.length) this.clear();
    else this.leave();
  }

  /** Whether a key was meant for measuring. */
  press(key) {
    const acts = { Enter: () => this.end(), Backspace: () => this.undo(), Escape: () => this.escape(), " ": () => this.addCentre() };
    if (!this.kind || !acts[key]) return false;
    acts[key]();
    return true;
  }

  follow(pointer) {
    if (!this.kind || this.ended) return;
    this.pointer = pointer;
    if (this.points.length) this.ask();
  }

  get legs() {
    return measureLegs(this.kind === "area" && this.points.length > 2 ? [...this.points, this.points[0]] : this.points);
  }

  /** Metres of the line, or square metres of the area, as the points stand; 0 for too few. */
  get value() {
    if (this.kind !== "area") return addUp(this.legs);
    return this.points.length > 2 ? measureArea(this.points) : 0;
  }

  change() {
    if (this.kind) this.draw();
    else this.panel.hide();
    this.told();
    this.ask();
  }

  draw() {
    const button = (name, act, disabled) => h("button", { type: "button", class: "button", disabled, onclick: act }, t(`map.measure-${name}`));
    const none = !this.points.length;
    this.panel.show(
      t(`map.measure-${this.kind}`),
      () => this.leave(),
      h("p", { class: "measured", "aria-live": "polite" }, this.tellResult()),
      this.kind === "distance" && this.legs.length > 1 ? this.listLegs() : null,
      h("p", { class: "tool-hint" }, t(this.ended ? "map.measure-again" : "map.measure-hint")),
      h("div", { class: "tool-acts" }, button("centre", () => this.addCentre()), button("undo", () => this.undo(), none), button("end", () => this.end(), this.ended || this.points.length < 2), button("clear", () => this.clear(), none)),
    );
  }

  tellResult() {
    if (this.kind === "distance") return h("b", {}, tellLength(this.value));
    const [mu, more] = tellArea(this.value);
    const note = crossesItself(this.points) ? h("span", { class: "measure-wrong" }, t("map.measure-crossing")) : null;
    return [h("b", {}, mu), h("span", {}, more), this.points.length > 2 ? h("span", {}, t("map.measure-round", { length: tellLength(addUp(this.legs)) })) : null, note];
  }

  listLegs() {
    let sum = 0;
    const row = (leg, i) => h("tr", {}, h("td", {}, i + 1), h("td", {}, tellLength(leg)), h("td", {}, tellLength((sum += leg))));
    const head = ["number", "leg", "sum"].map((name) => h("th", { scope: "col" }, t(`map.measure-${name}`)));
    return h("div", { class: "legs" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, this.legs.map(row))));
  }
}
