/** The tools of a map: measuring, coordinates, full screen and the keys; one column of buttons under zoom and home. */

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { Control, DomEvent } from "../leaflet.js";
import { CanvasPane } from "../pane.js";
import { Coordinates } from "./coordinates.js";
import { bindFullscreen } from "./fullscreen.js";
import { toolIcon } from "./icons.js";
import { Measure } from "./measure.js";
import { paintMeasure, spotAt } from "./paint_measure.js";
import { ToolPanel } from "./panel.js";

const ABOVE = 450;
const CLOSE_ZOOM = 14;
const KEYS = ["move", "zoom", "home", "search", "measure", "hold", "escape"];
const FIELDS = /^(INPUT|SELECT|TEXTAREA)$/;

const Bar = Control.extend({
  options: { position: "topleft" },
  onAdd() {
    DomEvent.disableClickPropagation(this.options.element);
    return this.options.element;
  },
});

function makeButton(name, act) {
  return h("button", { type: "button", title: t(`map.tool-${name}`), "aria-label": t(`map.tool-${name}`), data: { tool: name }, onclick: act }, toolIcon(name));
}

export class MapTools {
  /** `bounds` and `fit` are those of the whole area; `spot` keeps where the map is. */
  constructor(map, site, { bounds, fit, spot }) {
    Object.assign(this, { map, bounds, fit, spot, helping: false });
    map.createPane("tools").style.zIndex = ABOVE;
    this.pane = new CanvasPane((context, view) => this.paint(context, view), { pane: "tools", padding: 0.1, needed: () => this.shown });
    this.panel = new ToolPanel(map.getContainer().parentElement);
    const ask = () => this.pane.ask();
    this.measure = new Measure(map, this.panel, { ask, told: () => this.mark() });
    this.coordinates = new Coordinates(map, site.meta.audience, { ask });
    this.addButtons();
    this.pane.addTo(map);
    document.addEventListener("keydown", (event) => this.press(event), true);
  }

  addButtons() {
    const kinds = ["distance", "area"].map((kind) => makeButton(kind, () => ((this.helping = false), this.measure.toggle(kind))));
    const full = makeButton("full", null);
    this.buttons = [...kinds, full, makeButton("help", () => this.help())];
    new Bar({ element: h("div", { class: "leaflet-bar tool-bar", role: "group", "aria-label": t("map.tools") }, this.buttons) }).addTo(this.map);
    bindFullscreen(full, this.map, { bounds: this.bounds, fit: this.fit, told: (on) => full.replaceChildren(toolIcon(on ? "leave" : "full")) });
    this.mark();
  }

  /** Whether clicks on the map belong to a tool. */
  get busy() {
    return Boolean(this.measure.kind);
  }

  get shown() {
    return this.busy || Boolean(this.coordinates.held);
  }

  mark() {
    const on = this.measure.kind || (this.helping ? "help" : "");
    for (const button of this.buttons || []) if (button.dataset.tool !== "full") button.setAttribute("aria-pressed", String(button.dataset.tool === on));
    this.map.getContainer().classList.toggle("measuring", this.busy);
  }

  help() {
    const close = () => ((this.helping = false), this.panel.hide(), this.mark());
    if (this.helping) return close();
    this.measure.leave();
    this.helping = true;
    this.panel.showWide(t("map.tool-help"), close, h("dl", { class: "keys-help" }, KEYS.map((name) => [h("dt", {}, t(`map.key-${name}`)), h("dd", {}, t(`map.does-${name}`))])));
    this.mark();
  }

  /** Takes a key before the page does, where it is meant for a tool. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || FIELDS.test(event.target.tagName)) return;
    const own = event.target.tagName === "BUTTON" && (event.key === "Enter" || event.key === " ");
    if (own || !this.act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  act({ key, target }) {
    if (this.measure.press(key)) return true;
    if (key === "Escape") return this.drop();
    if (/^h$/i.test(key) || (key === "Home" && this.map.getContainer().contains(target))) return this.fit(true), true;
    if (key === "?") return this.help(), true;
    if (/^c$/i.test(key)) return this.coordinates.copy(), true;
    return false;
  }

  /** Lets go of the place that is held, else closes the keys; false where there was neither. */
  drop() {
    if (this.coordinates.held) this.coordinates.hold(null);
    else if (this.helping) this.help();
    else return false;
    return true;
  }

  /** Shows a place {lat, lng} and holds it. */
  goTo(place) {
    this.map.setView([place.lat, place.lng], Math.max(CLOSE_ZOOM, this.map.getZoom()), { animate: false });
    this.spot.keep();
    this.coordinates.hold(place);
  }

  /** Has a scene paint on paper what the tools show, over all else: their own canvas is hidden there. */
  joinScene(scene) {
    scene.paintOver = (context, view) => this.shown && this.paint(context, view);
  }

  paint(context, view) {
    if (this.busy) paintMeasure(context, view, this.measure);
    if (this.coordinates.held) paintHeld(context, spotAt(this.coordinates.held, view));
  }
}

/** A ring with a cross around a place that is held. */
function paintHeld(context, [x, y]) {
  for (const [color, width] of [["rgba(255, 255, 255, .95)", 4.5], ["#7a1f6b", 1.8]]) {
    context.beginPath();
    context.arc(x, y, 7, 0, Math.PI * 2);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + dx * 4, y + dy * 4);
      context.lineTo(x + dx * 13, y + dy * 13);
    }
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
}
