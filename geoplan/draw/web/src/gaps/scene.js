/** The map of the gaps: villages by state, settlements, facilities, who reaches what, planned lines and sites, road faults. */

import { contains, isPoint, listPoints, metresPerUnit, openLayer, spotOf, worldX, worldY } from "../map/geometry.js";
import { layGround, paintNetwork } from "../map/ground.js";
import { paintForeign } from "../map/outline.js";
import { CanvasPane } from "../map/pane.js";
import { Scene } from "../map/scene.js";
import { traceDot, traceDots, traceFeature, traceLayer } from "../map/trace.js";
import { OPEN } from "./model.js";
import { Roads } from "./roads.js";

const SERVING = ["working", "old"];
export const HOME_COLORS = ["#2b6cb0", "#b8423a", "#8a959c"];
/** A settlement where no rule that looks at where people live is shown. */
export const HOME_COLOR = "#57636b";
export const FACILITY_LOOKS = {
  working: { color: "#12344a", fill: "#12344a" },
  old: { color: "#8a6500", fill: "#f3dc8c" },
  building: { color: "#12344a", fill: "#8fb8d4" },
  planned: { color: "#3c2a78", fill: "#ffffff" },
  closed: { color: "#8a959c", fill: "#ffffff" },
};
export const LINK_COLOR = "#8a3ab0";
export const FAULT_COLOR = "#d2691e";
export const END_COLOR = "#5b4636";
export const WAY_COLOR = "#111827";
const DOT_PX = 2.6;
/** More facilities of a kind are drawn smaller. */
const CROWD = 120;
/** Villages step back where a reach is drawn over them. */
const PALE = 0.4;

export class GapScene extends Scene {
  constructor(map, site, layers, store, gaps, options) {
    super(map, site, layers, store, { ...options, plain: true });
    Object.assign(this, { gaps, rule: null, chosen: null, view: null, own: [], bands: new Map(), ways: {} });
    this.layersOn = new Set(["homes", "facilities"]);
    this.shown = new Set(this.ground.filter((layer) => ["towns", "villages"].includes(layer.kind)).map((layer) => layer.id));
    this.homes = this.openPoints(gaps.homes);
    this.facilities = this.openPoints(gaps.facilities);
    for (const list of [gaps.links, gaps.sites, gaps.faults]) list.forEach((one, at) => (one.at = at));
    for (const name of Object.keys(gaps.drawn)) openLayer(gaps.drawn[name], gaps.streams);
    this.ends = gaps.drawn.ends;
  }

  /** Points with their world coordinates; [NaN, NaN] for one without. */
  openPoints(table) {
    return listPoints(openLayer(table.shapes, this.gaps.streams));
  }

  get roads() {
    if (!this.graph) this.graph = new Roads(this.gaps.edges, this.gaps.streams, this.gaps.walk);
    return this.graph;
  }

  show() {
    const add = (name, paint, options = {}) => (this.panes[name] = new CanvasPane(paint, { padding: 0.1, ...options }).addTo(this.map));
    add("ground", (context, view) => this.paintStates(context, view));
    add("network", (context, view) => paintNetwork(this, context, view));
    add("focus", (context, view) => this.paintFocus(context, view), { needed: () => this.hasFocus() });
    add("gaps", (context, view) => this.paintGaps(context, view));
    add("marks", (context, view) => this.paintMarks(context, view));
  }

  hasFocus() {
    return super.hasFocus() || Boolean(this.chosen);
  }

  paintFocus(context, view) {
    super.paintFocus(context, view);
    if (this.chosen) this.outline(context, view, [this.chosen.code], "#22303a", 2.6);
  }

  paintMarks(context, view) {
    if (!view.paper) return super.paintMarks(context, view);
    this.paintStates(context, view);
    paintNetwork(this, context, view);
    this.paintFocus(context, view);
    this.paintGaps(context, view);
    super.paintMarks(context, { ...view, paper: false });
    this.paintOver?.(context, view);
  }

  /** Takes what the filters let through: the gaps of each place, and the classes that they fall into. */
  takeView(view) {
    this.view = view;
    const count = (place) => view.columns.filter((rule) => OPEN.includes(this.gaps.stateAt(place, rule))).length;
    this.counts = new Map(this.gaps.placeRows.map((place) => [place, count(place)]));
    const most = Math.max(0, ...view.places.map((place) => this.counts.get(place)));
    this.classStep = Math.max(1, Math.ceil(most / (this.style.ramp.length - 1)));
  }

  /** The colour of a place: its state with the rule that is shown, or how many gaps it has. */
  colorOf(place) {
    if (this.rule) return this.gaps.states[this.gaps.stateAt(place, this.rule)].color;
    const { ramp } = this.style;
    return ramp[Math.min(ramp.length - 1, Math.ceil(this.counts.get(place) / this.classStep))];
  }

  paintStates(context, view) {
    paintForeign(this, context, view);
    layGround(this, context, view, () => this.fillStates(context, view));
  }

  fillStates(context, view) {
    const shown = this.view ? new Set(this.view.places) : null;
    if (this.chosen && this.rule) context.globalAlpha *= PALE;
    for (const place of this.gaps.placeRows) {
      const shape = this.shapes.get(place.code);
      const dim = shown && !shown.has(place);
      context.beginPath();
      if (shape) traceFeature(context, shape.layer, shape.index, view);
      else context.arc(...spotOf(place.x, place.y, view), 7, 0, Math.PI * 2);
      context.fillStyle = dim ? "#f4f5f3" : this.colorOf(place);
      context.fill();
    }
  }

  paintGaps(context, view) {
    context.lineJoin = context.lineCap = "round";
    if (this.layersOn.has("roads")) this.paintRoads(context, view);
    if (this.rule && this.rule.measure === "distance" && this.chosen) this.paintBands(context, view);
    if (this.rule && this.rule.layer !== "facilities") this.paintLines(context, view);
    if (this.layersOn.has("homes")) this.paintHomes(context, view);
    if (this.layersOn.has("links")) this.paintShapes(context, view, "links", this.linksShown(), LINK_COLOR, 3);
    if (this.layersOn.has("ends")) this.paintEnds(context, view);
    if (this.layersOn.has("faults")) this.paintShapes(context, view, "faults", this.gaps.faults, FAULT_COLOR, 3.5);
    if (this.layersOn.has("facilities")) this.paintFacilities(context, view);
    if (this.layersOn.has("sites")) this.paintSites(context, view);
    if (this.chosen) this.paintWays(context, view);
  }

  linksShown() {
    return this.gaps.links.filter((link) => !this.rule || link.rule === this.rule.index);
  }

  sitesShown() {
    return this.gaps.sites.filter((site) => !this.rule || site.rule === this.rule.index);
  }

  paintRoads(context, view) {
    context.beginPath();
    traceLayer(context, this.roads.layer, view);
    context.strokeStyle = "rgba(60,70,78,.6)";
    context.lineWidth = 0.8 * this.growth(view);
    context.stroke();
  }

  /** The lines that the rule is measured by: roads, sewers. */
  paintLines(context, view) {
    for (const layer of this.ground.filter((one) => one.kind === this.rule.layer && one.type === "line")) {
      const opened = this.open(layer);
      const types = this.rule.lines;
      const names = ["type", "surface"].map((name) => this.values(layer, name)).filter((column) => column.length);
      context.beginPath();
      for (let i = 0; i < opened.size; i++) if (!types.length || names.some((column) => types.some((type) => String(column[i]).includes(type)))) traceFeature(context, opened, i, view);
      context.strokeStyle = layer.style.color;
      context.lineWidth = 1.6 * this.growth(view);
      context.stroke();
    }
  }

  /** Where the facilities of a rule are that serve, in the order of the table. */
  serving(rule) {
    const { rules, condition } = this.gaps.facilities;
    return this.facilities.filter((_, i) => rules[i].includes(rule.index) && SERVING.includes(condition[i]));
  }

  /** The way from a settlement along the roads to the nearest facility of a rule; null for none. */
  findWay(rule, home) {
    return this.roads.findWay(this.frontOf(rule), ...this.homes[home]);
  }

  frontOf(rule) {
    return this.roads.spread(rule.id, () => this.serving(rule));
  }

  paintBands(context, view) {
    const { bands, walk } = this.gaps;
    const growth = this.growth(view);
    for (const [turn, band] of [...bands].reverse().entries()) {
      context.strokeStyle = band.color;
      context.globalAlpha = 0.75;
      context.beginPath();
      if (this.rule.straight || !this.roads.size) this.traceCircles(context, view, band.minutes * walk.minute);
      else for (const path of this.bandOf(band.minutes * walk.minute)) this.tracePath(context, view, path);
      context.lineWidth = (8 - 1.5 * turn) * growth;
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  /** The pieces of roads from which a facility of the rule is so near; worked out once. */
  bandOf(metres) {
    const key = `${this.rule.id} ${metres}`;
    if (!this.bands.has(key)) this.bands.set(key, this.roads.listWithin(this.frontOf(this.rule), metres));
    return this.bands.get(key);
  }

  traceCircles(context, view, metres) {
    const factor = this.rule.straight ? 1 : this.gaps.walk.detour;
    for (const [x, y] of this.serving(this.rule)) {
      const radius = (metres / factor / metresPerUnit(y)) * view.scale;
      context.moveTo(x * view.scale - view.ox + radius, y * view.scale - view.oy);
      context.arc(x * view.scale - view.ox, y * view.scale - view.oy, radius, 0, Math.PI * 2);
    }
  }

  tracePath(context, view, path) {
    path.forEach(([x, y], i) => (i ? context.lineTo(x * view.scale - view.ox, y * view.scale - view.oy) : context.moveTo(x * view.scale - view.ox, y * view.scale - view.oy)));
  }

  /** 0 reached, 1 not reached, 2 unknown; null without a rule. */
  homeState(home) {
    if (!this.rule) return null;
    const reach = this.gaps.reachesOf(this.rule).get(home);
    return reach == null ? null : this.gaps.reach.state[reach];
  }

  paintHomes(context, view) {
    const radius = DOT_PX * this.growth(view);
    const byColor = new Map();
    this.homes.forEach((spot, i) => {
      const state = this.homeState(i);
      const color = state == null ? HOME_COLOR : HOME_COLORS[state];
      if (!byColor.has(color)) byColor.set(color, []);
      byColor.get(color).push(...spot);
    });
    for (const [color, xy] of byColor) {
      context.beginPath();
      traceDots(context, { xy }, view, radius);
      context.fillStyle = color;
      context.fill();
      context.strokeStyle = "#fff";
      context.lineWidth = this.rule ? 1 : 0.5;
      context.stroke();
    }
    if (this.chosen) this.ringLeftOut(context, view, radius + 3);
  }

  ringLeftOut(context, view, radius) {
    const xy = this.gaps.homesOf(this.chosen.code).filter((home) => this.homeState(home) === 1).flatMap((home) => this.homes[home]);
    context.beginPath();
    traceDots(context, { xy }, view, radius);
    context.strokeStyle = HOME_COLORS[1];
    context.lineWidth = 2;
    context.stroke();
  }

  paintFacilities(context, view) {
    if (!this.rule) return;
    const { rules, condition } = this.gaps.facilities;
    const own = rules.filter((one) => one.includes(this.rule.index)).length;
    const r = (own > CROWD ? 2.6 : 4) * this.growth(view);
    this.facilities.forEach(([x, y], i) => {
      if (!rules[i].includes(this.rule.index)) return;
      const look = FACILITY_LOOKS[condition[i]] || FACILITY_LOOKS.working;
      context.beginPath();
      context.rect(x * view.scale - view.ox - r, y * view.scale - view.oy - r, 2 * r, 2 * r);
      context.fillStyle = look.fill;
      context.strokeStyle = "#fff";
      context.lineWidth = 3;
      context.stroke();
      context.fill();
      context.strokeStyle = look.color;
      context.lineWidth = 1.4;
      context.stroke();
    });
  }

  paintShapes(context, view, name, shown, color, width) {
    const layer = this.gaps.drawn[name];
    context.beginPath();
    for (const { at } of shown) {
      const run = layer.features[at];
      if (run < layer.features[at + 1] && isPoint(layer, run)) traceDot(context, layer.xy, layer.runs[run], view, 5);
      else traceFeature(context, layer, at, view);
    }
    context.strokeStyle = "#fff";
    context.lineWidth = width + 2;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }

  paintEnds(context, view) {
    context.beginPath();
    traceDots(context, this.ends, view, 2.2 * this.growth(view));
    context.strokeStyle = "#fff";
    context.lineWidth = 1.6;
    context.stroke();
    context.fillStyle = END_COLOR;
    context.fill();
  }

  paintSites(context, view) {
    const most = this.gaps.sites.reduce((found, { count }) => Math.max(found, count), 0);
    const spots = listPoints(this.gaps.drawn.sites);
    for (const { at, count, rank } of this.sitesShown()) {
      if (count !== most) continue;
      const [x, y] = [spots[at][0] * view.scale - view.ox, spots[at][1] * view.scale - view.oy];
      context.beginPath();
      context.arc(x, y, 8, 0, Math.PI * 2);
      context.fillStyle = LINK_COLOR;
      context.fill();
      context.strokeStyle = "#fff";
      context.lineWidth = 1.5;
      context.stroke();
      context.fillStyle = "#fff";
      context.font = "bold 11px sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(rank), x, y);
    }
  }

  /** The way from each settlement of the chosen place to the nearest facility. */
  listWays() {
    if (!this.rule || this.rule.measure !== "distance") return [];
    const key = `${this.chosen.code} ${this.rule.id}`;
    if (this.ways.key !== key) this.ways = { key, list: this.findWays() };
    return this.ways.list;
  }

  findWays() {
    const reaches = this.gaps.reachesOf(this.rule);
    return this.gaps.homesOf(this.chosen.code).flatMap((home) => {
      const reach = reaches.get(home);
      const facility = reach == null ? -1 : this.gaps.reach.facility[reach];
      if (facility < 0 || this.gaps.reach.m[reach] == null) return [];
      if (this.rule.straight || !this.roads.size) return [{ home, facility, path: [this.homes[home], this.facilities[facility]] }];
      const way = this.findWay(this.rule, home);
      return way ? [{ home, facility, metres: way.metres, path: way.path }] : [];
    });
  }

  paintWays(context, view) {
    context.beginPath();
    for (const { path } of this.listWays()) this.tracePath(context, view, path);
    context.strokeStyle = "#fff";
    context.lineWidth = 4.2;
    context.stroke();
    context.strokeStyle = WAY_COLOR;
    context.lineWidth = 1.8;
    context.setLineDash(this.rule && (this.rule.straight || !this.roads.size) ? [5, 4] : []);
    context.stroke();
    context.setLineDash([]);
  }

  /** The code of the place under a point of the map; "" for none. */
  placeAt(point) {
    const at = this.map.containerPointToLatLng(point);
    const [x, y] = [worldX(at.lng), worldY(at.lat)];
    let town = "";
    for (const [code, { layer, index }] of this.shapes) {
      if (!this.gaps.placesByCode.has(code) || !contains(layer, index, x, y)) continue;
      if (layer === this.villages) return code;
      town = code;
    }
    return this.nearPoint(point) || town;
  }

  /** A place that has no shape but a dot. */
  nearPoint(point) {
    for (const place of this.gaps.placeRows) {
      if (this.shapes.has(place.code) || place.x == null) continue;
      const spot = this.map.latLngToContainerPoint([place.y, place.x]);
      if (Math.hypot(spot.x - point.x, spot.y - point.y) < 9) return place.code;
    }
    return "";
  }
}
