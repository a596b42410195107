/** What the map shows: the shaded ground, the layers, the outlines of what is chosen, the symbols and the names. */

import { prepareLayer } from "../compact/prepare.js";
import { stageAt, atMonth } from "../core/store.js";
import { categoryOf, stageColor, stageGlyph } from "../core/symbols.js";
import { badgeRadius, buildAnchors, indexPoints, isWide, layClusters } from "./clusters.js";
import { contains, joinBoxes, latOf, lonOf, openLayer, spotOf, valuesOf, worldX, worldY } from "./geometry.js";
import { paintGround, paintNetwork } from "./ground.js";
import { Boxes } from "./labels.js";
import { listForeign } from "./outline.js";
import { toLatLngBounds } from "./leaflet.js";
import { paintBadge, paintSymbols, paintTownRings } from "./marks.js";
import { paintNames, placeTowns } from "./names.js";
import { CanvasPane } from "./pane.js";
import { paintBox, paintRings } from "./rings.js";
import { groupByVillage, makeScale } from "./shade.js";
import { growthAt, traceFeature } from "./trace.js";
import { SHADES } from "./view.js";

/** The order in which layers lie, lowest first. */
const ORDER = ["landuse", "farmland", "other", "settlements", "greenhouses", "sheds", "rivers", "sewers", "roads", "facilities", "villages", "towns"];
const HIT_PX = 3;
/** The ratio of a canvas that is not used on paper. */
const HIDDEN = 0.01;
/** How much more than the map's frame the canvases cover, so that a short drag shows no edge. */
const PADDING = 0.1;

export class Scene {
  constructor(map, site, layers, store, options = {}) {
    Object.assign(this, { map, site, store, style: site.style, options });
    this.streams = layers.streams;
    this.layers = [...layers.layers].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    this.own = this.layers.filter((layer) => layer.kind === "projects");
    this.ground = this.layers.filter((layer) => layer.kind !== "projects");
    this.shown = new Set(this.ground.filter((layer) => layer.style.on !== false).map((layer) => layer.id));
    this.areas = new Map([...site.towns, ...site.villages].map((area) => [area.code, area]));
    this.villages = this.ground.find((layer) => layer.kind === "villages" && layer.type === "polygon");
    this.towns = this.ground.find((layer) => layer.kind === "towns" && layer.type === "polygon");
    this.border = layers.outline ? openLayer(layers.outline, layers.streams) : null;
    this.foreign = listForeign(this);
    this.under = options.under || null;
    this.shapes = this.indexShapes();
    this.own.forEach((layer) => this.open(layer));
    this.allByVillage = groupByVillage(site.projects);
    this.pointIndex = indexPoints(site);
    this.scales = Object.fromEntries(SHADES.map((mode) => [mode, makeScale(site, mode)]));
    this.shadeMode = options.shade || "count";
    this.colorMode = "light";
    this.hovered = "";
    this.marked = new Set();
    this.panes = {};
    this.refreshData();
  }

  /** A layer with its vertices at hand: they are worked out when it is first shown. */
  open(layer) {
    return prepareLayer(layer, this.streams, layer.style);
  }

  /** A column of a layer as a list. */
  values(layer, name) {
    return valuesOf(layer, name, this.streams);
  }

  indexShapes() {
    const shapes = new Map();
    for (const layer of [this.towns, this.villages]) {
      if (!layer) continue;
      this.open(layer);
      this.values(layer, "code").forEach((code, index) => shapes.set(String(code), { layer, index }));
    }
    for (const { layer, index } of this.foreign) shapes.delete(String(this.values(layer, "code")[index]));
    return shapes;
  }

  /** Puts the canvases on the map and paints them, once the map shows what it shall show. */
  show() {
    const add = (name, paint, options = {}) => (this.panes[name] = new CanvasPane(paint, { padding: PADDING, ...options }).addTo(this.map));
    add("ground", (context, view) => paintGround(this, context, view));
    add("network", (context, view) => paintNetwork(this, context, view));
    add("focus", (context, view) => this.paintFocus(context, view), { needed: () => this.hasFocus() });
    add("marks", (context, view) => this.paintMarks(context, view));
  }

  /** Asks for a repaint of some panes (all by default) in the next frame. */
  ask(...names) {
    for (const name of names.length ? names : Object.keys(this.panes)) this.panes[name]?.ask(); // not there yet: it paints all when it comes
  }

  /** Paints everything at once: on the screen's canvases, or for paper on one, at so many pixels for each CSS pixel. */
  paintNow(paperRatio = null) {
    for (const [name, pane] of Object.entries(this.panes)) {
      pane.setPaper(paperRatio && (name === "marks" ? paperRatio : HIDDEN));
      pane.paint();
    }
  }

  /** Takes the filter's state: which projects are visible. */
  refreshData() {
    this.month = this.store.month();
    this.narrowed = this.store.narrowed();
    this.projects = this.store.projects();
    this.byVillage = groupByVillage(this.projects);
    this.anchors = buildAnchors(this.projects, this.pointIndex);
    this.visibleKeys = new Set(this.projects.map((project) => project.k));
    this.laid = null;
    this.refreshLayers();
  }

  /** Takes which features of the layers are shown, and how, where this map lets readers choose. */
  refreshLayers() {
    if (this.layering?.refresh()) this.ask("network", "marks");
  }

  /** Whether a village has projects, but none that the filters let through. */
  isOutside(code) {
    return this.narrowed && !this.byVillage.has(code) && this.allByVillage.has(code);
  }

  /** The look of a project's symbol. */
  lookOf(project) {
    const mode = `${this.colorMode}|${this.month}`;
    if (this.looksOf !== mode) [this.looksOf, this.looks] = [mode, new Map()];
    let look = this.looks.get(project);
    if (!look) this.looks.set(project, (look = this.makeLook(project)));
    return look;
  }

  makeLook(project) {
    const category = categoryOf(this.style, project.type);
    const light = this.style.lights[atMonth(project, this.month).light] || this.style.lights.unreported;
    const glyph = project.type ? category.glyph : "";
    const stage = stageAt(project, this.month);
    if (this.colorMode === "stage") return { shape: "circle", color: stageColor(this.style, stage), glyph: stageGlyph(stage) };
    if (this.colorMode === "category") return { shape: "circle", color: category.color, glyph };
    return { shape: light.shape, color: light.color, glyph };
  }

  /** How much wider or thinner lines are than at the zoom of the whole county. */
  growth(view) {
    return growthAt(view.zoom, this.fitZoom());
  }

  fitZoom() {
    return this.options.fitZoom || 10.5;
  }

  hasFocus() {
    return Boolean(this.hovered || this.layering?.pointing.any || this.marked.size || this.store.get("box") || this.store.get("village").length || this.store.get("town").length || this.store.get("project"));
  }

  /** Rings the symbols of some projects for as long as something else on the page points at them. */
  mark(projects) {
    this.marked = new Set(projects);
    this.ask("focus");
  }

  paintFocus(context, view) {
    paintBox(this, context, view);
    this.outline(context, view, this.hovered ? [this.hovered] : [], "rgba(31,107,105,.9)", 2);
    this.outline(context, view, [].concat(this.store.get("village")), "#1f6b69", 2.6);
    this.outline(context, view, this.store.get("town"), "#1f6b69", 2.6);
    const project = this.store.selected();
    if (project) {
      this.outline(context, view, project.codes, "#22303a", 2.8, "rgba(34,48,58,.10)");
      this.linkPlaces(context, view, project);
    }
    this.layering?.pointing.paint(context, view);
    if (this.marked.size && !view.paper) paintRings(this, context, view);
  }

  outline(context, view, codes, color, width, fill = "") {
    const shapes = codes.map((code) => this.shapes.get(code)).filter(Boolean);
    if (!shapes.length) return;
    context.beginPath();
    shapes.forEach(({ layer, index }) => traceFeature(context, layer, index, view));
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    context.lineJoin = "round";
    context.strokeStyle = "rgba(255,255,255,.9)";
    context.lineWidth = width + 2.4;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }

  linkPlaces(context, view, project) {
    if (project.points.length < 2) return;
    context.beginPath();
    project.points.forEach(([lon, lat], i) => {
      const [x, y] = spotOf(lon, lat, view);
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    });
    context.setLineDash([3, 4]);
    context.strokeStyle = "rgba(34,48,58,.75)";
    context.lineWidth = 1.4;
    context.stroke();
    context.setLineDash([]);
  }

  symbolRadius(zoom) {
    return Math.round(Math.min(11, Math.max(6.5, 7.6 + (zoom - this.fitZoom()) * 1.1)) * 2) / 2;
  }

  /** The clusters of this zoom, laid once for each state and zoom. */
  lay(view) {
    if (!this.laid || this.laid.scale !== view.scale) {
      const r = this.options.plain ? 0 : this.symbolRadius(view.zoom);
      this.laid = { scale: view.scale, r, clusters: this.options.plain ? [] : layClusters(this.anchors, view.scale, r) };
    }
    return this.laid;
  }

  paintMarks(context, view) {
    if (view.paper) {
      paintGround(this, context, view);
      paintNetwork(this, context, view);
      this.paintFocus(context, view);
    }
    this.paintOwn(context, view);
    const { clusters, r } = this.lay(view);
    const boxes = new Boxes();
    const taken = new Map();
    const seen = [];
    for (const cluster of clusters) {
      if (cluster.town) continue;
      const [x, y] = [cluster.x - view.ox, cluster.y - view.oy];
      if (cluster.code) taken.set(cluster.code, { extent: cluster.extent, x, y });
      if (x < -60 || y < -60 || x > view.width + 60 || y > view.height + 60) continue;
      const e = cluster.badge || cluster.projects.length > 1 ? cluster.extent * 0.95 : cluster.extent;
      boxes.add([x - e, y - e, x + e, y + e]);
      seen.push({ cluster, x, y });
    }
    const towns = clusters.filter((cluster) => cluster.town);
    const names = placeTowns(this, context, view, boxes, new Map(towns.map((cluster) => [cluster.code, cluster])));
    towns.forEach((cluster) => seen.push({ cluster, x: cluster.x - view.ox, y: cluster.y - view.oy }));
    this.paintClusters(context, seen, r);
    this.paintSelected(context, view, r);
    paintNames(this, context, view, boxes, taken, names);
    if (view.paper) this.paintOver?.(context, view); // what the tools of the map show
  }

  paintClusters(context, seen, r) {
    const symbols = [];
    const rings = [];
    for (const { cluster, x, y } of seen) {
      const spots = cluster.spots.map(([dx, dy]) => [x + dx, y + dy]);
      if (cluster.town) rings.push(...(cluster.badge ? [[x, y, badgeRadius(cluster.projects.length)]] : spots.map(([sx, sy]) => [sx, sy, r])));
      spots.forEach(([sx, sy], i) => symbols.push({ look: this.lookOf(cluster.projects[i]), x: sx, y: sy }));
    }
    if (rings.length) paintTownRings(context, rings);
    paintSymbols(context, symbols, r);
    for (const { cluster, x, y } of seen) if (cluster.badge) paintBadge(context, x, y, badgeRadius(cluster.projects.length), cluster.projects.length, this.shareColors(cluster));
  }

  /** [colour, share] of a cluster, in the order of the legend. */
  shareColors(cluster) {
    if (cluster.sharedBy === this.colorMode) return cluster.shares;
    const counts = new Map();
    for (const project of cluster.projects) {
      const { color } = this.lookOf(project);
      counts.set(color, (counts.get(color) || 0) + 1);
    }
    const order = this.legendColors();
    cluster.sharedBy = this.colorMode;
    cluster.shares = [...counts].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([color, count]) => [color, count / cluster.projects.length]);
    return cluster.shares;
  }

  legendColors() {
    const { lights, stages, categories } = this.style;
    const looks = { light: Object.values(lights), stage: Object.values(stages), category: categories };
    return looks[this.colorMode].map((look) => look.color);
  }

  paintOwn(context, view) {
    for (const layer of this.own) {
      context.beginPath();
      this.values(layer, "key").forEach((key, index) => this.visibleKeys.has(key) && traceFeature(context, layer, index, view));
      if (layer.type === "polygon") {
        context.globalAlpha = layer.style.fillOpacity || 0.15;
        context.fillStyle = layer.style.fill || layer.style.color;
        context.fill();
        context.globalAlpha = 1;
      }
      context.strokeStyle = layer.style.color;
      context.lineWidth = layer.style.weight || 2;
      context.stroke();
    }
  }

  paintSelected(context, view, r) {
    const project = this.store.selected();
    if (!project || this.options.plain || isWide(project)) return;
    const spots = this.spotsOf(project, view);
    for (const [x, y] of spots) {
      context.beginPath();
      context.arc(x, y, r * 1.9, 0, Math.PI * 2);
      context.fillStyle = "rgba(255,255,255,.85)";
      context.fill();
      context.strokeStyle = "#22303a";
      context.lineWidth = 2;
      context.stroke();
      paintSymbols(context, [{ look: this.lookOf(project), x, y }], r + 2);
    }
  }

  spotsOf(project, view) {
    const found = [];
    for (const cluster of this.laid.clusters) {
      const at = cluster.projects.indexOf(project);
      if (at < 0) continue;
      const [dx, dy] = cluster.badge ? [0, -cluster.extent - 4] : cluster.spots[at];
      found.push([cluster.x - view.ox + dx, cluster.y - view.oy + dy]);
    }
    return found.length ? found : project.points.map(([lon, lat]) => spotOf(lon, lat, view));
  }

  /** What is under a point of the map's container: {cluster, project} or {feature: {layer, index}} or {village: code} or null. */
  pick(point) {
    const mark = this.pickMark(point);
    if (mark) return mark;
    const at = this.map.containerPointToLatLng(point);
    const feature = this.layering?.pointing.pick(at);
    if (feature) return { feature };
    const [x, y] = [worldX(at.lng), worldY(at.lat)];
    for (const [code, { layer, index }] of this.shapes) if (layer === this.villages && contains(layer, index, x, y)) return { village: code };
    return null;
  }

  pickMark(point) {
    if (!this.laid) return null;
    const origin = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint(point));
    let best = null;
    let nearest = Infinity;
    for (const cluster of this.laid.clusters) {
      const [dx, dy] = [origin.x - cluster.x, origin.y - cluster.y];
      if (Math.abs(dx) > cluster.extent + HIT_PX + 4 || Math.abs(dy) > cluster.extent + HIT_PX + 4) continue;
      if (cluster.badge && Math.hypot(dx, dy) <= cluster.extent + HIT_PX) return { cluster };
      cluster.spots.forEach(([sx, sy], i) => {
        const distance = Math.hypot(dx - sx, dy - sy);
        if (distance < nearest && distance <= this.laid.r + HIT_PX) {
          nearest = distance;
          best = { cluster, project: cluster.projects[i] };
        }
      });
    }
    return best;
  }

  /** The bounds of areas and points, as Leaflet has them; null for nothing. */
  boundsOf(codes, points = []) {
    const boxes = codes.map((code) => this.shapes.get(code)).filter(Boolean).map(({ layer, index }) => joinBoxes(layer, [index]));
    const corners = boxes.flatMap(([w, n, e, s]) => [[latOf(n), lonOf(w)], [latOf(s), lonOf(e)]]);
    const bounds = toLatLngBounds([...corners, ...points.map(([lon, lat]) => [lat, lon])]);
    return bounds.isValid() ? bounds : null;
  }
}

