/** Drawing a box on the map, by a button or with Shift held down: a filter by place. */

import { $, h, replace } from "../../core/dom.js";
import { writeBox } from "../../core/ranges.js";
import { t } from "../../core/text.js";

/** A shorter drag is a click. */
const LEAST_PX = 5;

export class BoxTool {
  /** `on(text)` is told the box as it stands in the address. */
  constructor(map, frame, tools, on) {
    Object.assign(this, { map, frame, tools, on, armed: false, drag: null });
    this.shape = h("div", { class: "box-shape", hidden: true });
    const button = (key, act) => h("button", { type: "button", class: "link-button", onclick: act }, t(`linked.${key}`));
    this.hint = h("p", { class: "box-hint", onpointerdown: (event) => event.stopPropagation() }, t("linked.box-hint"), button("box-view", () => this.takeView()), button("box-cancel", () => this.close()));
    this.sheet = h("div", { class: "box-sheet", hidden: true }, this.shape, this.hint);
    frame.append(this.sheet);
    map.boxZoom.disable();
    this.listen();
  }

  listen() {
    const { sheet } = this;
    const container = this.map.getContainer();
    container.addEventListener("pointerdown", (event) => event.shiftKey && !event.button && this.isGround(event) && (this.open(), this.begin(event)), true);
    sheet.addEventListener("pointerdown", (event) => !event.button && this.begin(event));
    sheet.addEventListener("pointermove", (event) => this.move(event));
    sheet.addEventListener("pointerup", () => this.end());
    sheet.addEventListener("pointercancel", () => this.close());
    window.addEventListener("keydown", (event) => !sheet.hidden && this.key(event), true);
  }

  /** Whether an event is of the map itself and not of a button on it. */
  isGround(event) {
    return !event.target.closest("button, a");
  }

  /** The buttons; the second one only while there is a box. */
  drawTools(box) {
    const button = (key, attrs) => h("button", { type: "button", class: "button", ...attrs }, t(`linked.${key}`));
    replace(
      this.tools,
      button("box", { data: { filter: "box" }, title: t("linked.box-title"), "aria-pressed": String(this.armed), onclick: () => (this.armed ? this.close() : this.arm()) }),
      box ? button("clear-box", { onclick: () => this.on("") }) : null,
    );
    this.box = box;
  }

  arm() {
    this.armed = true;
    this.open();
    this.drawTools(this.box);
    const side = $(".map-side");
    if (side.querySelector("summary").offsetHeight) side.open = false; // on a phone the filters make room for the map
    this.frame.scrollIntoView({ block: "nearest" });
  }

  open() {
    this.sheet.hidden = false;
    this.hint.hidden = !this.armed;
  }

  close() {
    Object.assign(this, { armed: false, drag: null });
    this.shape.hidden = true;
    setTimeout(() => (this.sheet.hidden = !this.armed)); // the click that ends a drag is not the map's
    this.drawTools(this.box);
  }

  point(event) {
    const { left, top, width, height } = this.sheet.getBoundingClientRect();
    return [Math.min(width, Math.max(0, event.clientX - left)), Math.min(height, Math.max(0, event.clientY - top))];
  }

  begin(event) {
    event.preventDefault();
    event.stopPropagation();
    this.sheet.setPointerCapture(event.pointerId);
    this.drag = { from: this.point(event), to: this.point(event) };
  }

  move(event) {
    if (!this.drag) return;
    this.drag.to = this.point(event);
    const { west, north, width, height } = this.extent();
    this.shape.hidden = !this.isDrawn();
    Object.assign(this.shape.style, { left: `${west}px`, top: `${north}px`, width: `${width}px`, height: `${height}px` });
  }

  extent() {
    const [[x, y], [right, foot]] = [this.drag.from, this.drag.to];
    return { west: Math.min(x, right), north: Math.min(y, foot), width: Math.abs(right - x), height: Math.abs(foot - y) };
  }

  isDrawn() {
    const { width, height } = this.extent();
    return width >= LEAST_PX && height >= LEAST_PX;
  }

  /** A drag ends the tool; a mere click leaves it as it was. */
  end() {
    if (!this.drag) return;
    if (this.isDrawn()) {
      const { west, north, width, height } = this.extent();
      this.tell(this.map.containerPointToLatLng([west, north + height]), this.map.containerPointToLatLng([west + width, north]));
      this.close();
    } else if (this.armed) this.drag = null;
    else this.close();
  }

  /** Escape gives up; Enter takes what the map shows, but on a button of the hint, which knows what it does. */
  key(event) {
    if (event.key !== "Escape" && (event.key !== "Enter" || this.hint.contains(event.target))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.takeView();
    else this.close();
  }

  takeView() {
    const bounds = this.map.getBounds();
    this.tell(bounds.getSouthWest(), bounds.getNorthEast());
    this.close();
  }

  tell(low, high) {
    this.on(writeBox([low.lng, low.lat, high.lng, high.lat]));
  }
}
