/** What the map shows: the shaded ground, the layers, the outlines of what is chosen, the symbols and the names. */

import L from "leaflet";
import { stageAt, atMonth } from "../core/store.js";
import { categoryOf, stageColor } from "../core/symbols.js";
import { badgeRadius, buildAnchors, indexPoints, isWide, layClusters } from "./clusters.js";
import { contains, decodeLayer, joinBoxes, latOf, lonOf, worldX, worldY } from "./geometry.js";
import { Boxes } from "./labels.js";
import { paintNames } from "./names.js";
import { CanvasPane } from "./pane.js";
import { groupByVillage, makeScale, shadeOf } from "./shade.js";
import { drawBadge, stamp } from "./sprites.js";
import { traceDots, traceFeature, traceLayer } from "./trace.js";

/** The order in which layers lie, lowest first. */
const ORDER = ["landuse", "farmland", "other", "settlements", "greenhouses", "sheds", "rivers", "sewers", "roads", "facilities", "villages", "towns"];
const HIT_PX = 3;
/** The ratio of a canvas that is not used on paper. */
const HIDDEN = 0.01;

export class Scene {
  constructor(map, site, layers, store, options = {}) {
    Object.assign(this, { map, site, store, style: site.style, options });
    this.layers = layers.layers.map((layer) => decodeLayer(layer, layers.scale)).sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    this.own = this.layers.filter((layer) => layer.kind === "projects");
    this.ground = this.layers.filter((layer) => layer.kind !== "projects");
    this.shown = new Set(this.ground.filter((layer) => layer.style.on !== false).map((layer) => layer.id));
    this.areas = new Map([...site.towns, ...site.villages].map((area) => [area.code, area]));
    this.villages = this.ground.find((layer) => layer.kind === "villages" && layer.type === "polygon");
    this.towns = this.ground.find((layer) => layer.kind === "towns" && layer.type === "polygon");
    this.shapes = this.indexShapes();
    this.pointIndex = indexPoints(site);
    this.scales = { count: makeScale(site, "count"), money: makeScale(site, "money"), light: makeScale(site, "light"), none: makeScale(site, "none") };
    this.shadeMode = options.shade || "count";
    this.colorMode = "light";
    this.hovered = "";
    this.refreshData();
    this.addPanes();
  }

  indexShapes() {
    const shapes = new Map();
    for (const layer of [this.towns, this.villages]) {
      if (!layer || !layer.attrs.code) continue;
      layer.attrs.code.forEach((code, index) => shapes.set(String(code), { layer, index }));
    }
    return shapes;
  }

  addPanes() {
    const paint = (method) => (context, view) => this[method](context, view);
    this.panes = {
      ground: new CanvasPane(paint("paintGround"), { padding: 0.15 }),
      network: new CanvasPane(paint("paintNetwork"), { padding: 0.15 }),
      focus: new CanvasPane(paint("paintFocus"), { padding: 0.15 }),
      marks: new CanvasPane(paint("paintMarks"), { padding: 0.15 }),
    };
    Object.values(this.panes).forEach((pane) => pane.addTo(this.map));
  }

  /** Asks for a repaint of some panes (all by default) in the next frame. */
  ask(...names) {
    for (const name of names.length ? names : Object.keys(this.panes)) this.panes[name].ask();
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
    this.projects = this.store.projects();
    this.byVillage = groupByVillage(this.projects);
    this.anchors = buildAnchors(this.projects, this.pointIndex);
    this.visibleKeys = new Set(this.projects.map((project) => project.k));
    this.laid = null;
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
    if (this.colorMode === "stage") return { shape: "circle", color: stageColor(this.style, stageAt(project, this.month)), glyph };
    if (this.colorMode === "category") return { shape: "circle", color: category.color, glyph };
    return { shape: light.shape, color: light.color, glyph };
  }

  paintGround(context, view) {
    const scale = this.scales[this.shadeMode];
    this.fillLand(context, view);
    if (!this.villages) return;
    const byColor = new Map();
    (this.villages.attrs.code || []).forEach((code, index) => {
      const color = shadeOf(scale, this.byVillage.get(String(code)), this.month, this.style);
      if (!color) return;
      if (!byColor.has(color)) byColor.set(color, []);
      byColor.get(color).push(index);
    });
    for (const [color, indexes] of byColor) {
      context.beginPath();
      indexes.forEach((index) => traceFeature(context, this.villages, index, view));
      context.fillStyle = color;
      context.fill("evenodd");
    }
  }

  fillLand(context, view) {
    context.beginPath();
    const land = [this.towns, this.villages].filter(Boolean)[0];
    if (!land) return;
    for (let index = 0; index < land.size; index++) traceFeature(context, land, index, view);
    context.fillStyle = this.style.ground.land;
    context.fill();
  }

  /** How much wider or thinner lines are than at the zoom of the whole county. */
  growth(view) {
    return Math.min(2.2, Math.max(0.65, 2 ** ((view.zoom - this.fitZoom()) * 0.28)));
  }

  fitZoom() {
    return this.options.fitZoom || 10.5;
  }

  paintNetwork(context, view) {
    for (const layer of this.ground) if (this.shown.has(layer.id) && view.zoom >= (layer.style.minZoom || 0)) this.paintLayer(context, layer, view);
  }

  paintLayer(context, layer, view) {
    const { style } = layer;
    const boundary = layer.kind === "villages" || layer.kind === "towns";
    const growth = this.growth(view);
    context.beginPath();
    if (layer.type === "point") traceDots(context, layer, view, (style.radius || 3) * growth);
    else traceLayer(context, layer, view);
    if (style.fill && layer.type !== "line" && !boundary) {
      context.globalAlpha = style.fillOpacity || 0.5;
      context.fillStyle = style.fill;
      context.fill("evenodd");
      context.globalAlpha = 1;
    }
    context.strokeStyle = style.color;
    context.lineWidth = (style.weight || 1) * (boundary ? Math.min(growth, 1.3) : growth);
    context.lineJoin = context.lineCap = "round";
    context.setLineDash(style.dash ? style.dash.split(/[ ,]+/).map(Number) : []);
    context.stroke();
    context.setLineDash([]);
  }

  paintFocus(context, view) {
    this.outline(context, view, this.hovered ? [this.hovered] : [], "rgba(31,107,105,.9)", 2);
    this.outline(context, view, [].concat(this.store.get("village")), "#1f6b69", 2.6);
    this.outline(context, view, this.store.get("town"), "#1f6b69", 2.6);
    const project = this.store.selected();
    if (!project) return;
    this.outline(context, view, project.codes, "#22303a", 2.8, "rgba(34,48,58,.10)");
    this.linkPlaces(context, view, project);
  }

  outline(context, view, codes, color, width, fill = "") {
    const shapes = codes.map((code) => this.shapes.get(code)).filter(Boolean);
    if (!shapes.length) return;
    context.beginPath();
    shapes.forEach(({ layer, index }) => traceFeature(context, layer, index, view));
    if (fill) {
      context.fillStyle = fill;
      context.fill("evenodd");
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
      const [x, y] = [worldX(lon) * view.scale - view.ox, worldY(lat) * view.scale - view.oy];
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
      this.paintGround(context, view);
      this.paintNetwork(context, view);
      this.paintFocus(context, view);
    }
    this.paintOwn(context, view);
    const { clusters, r } = this.lay(view);
    const boxes = new Boxes();
    const taken = new Map();
    for (const cluster of clusters) {
      const [x, y] = [cluster.x - view.ox, cluster.y - view.oy];
      if (cluster.code) taken.set(cluster.code, { extent: cluster.extent, x, y });
      if (x < -60 || y < -60 || x > view.width + 60 || y > view.height + 60) continue;
      const e = cluster.badge || cluster.projects.length > 1 ? cluster.extent * 0.95 : cluster.extent;
      boxes.add([x - e, y - e, x + e, y + e]);
      this.paintCluster(context, cluster, x, y, r, view);
    }
    this.paintSelected(context, view, r);
    paintNames(this, context, view, boxes, taken);
  }

  paintCluster(context, cluster, x, y, r, view) {
    if (cluster.badge) drawBadge(context, x, y, badgeRadius(cluster.projects.length), cluster.projects.length, this.shareColors(cluster));
    else cluster.projects.forEach((project, i) => stamp(context, this.lookOf(project), x + cluster.spots[i][0], y + cluster.spots[i][1], r, view));
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
      layer.attrs.key.forEach((key, index) => this.visibleKeys.has(key) && traceFeature(context, layer, index, view));
      if (layer.type === "polygon") {
        context.globalAlpha = layer.style.fillOpacity || 0.15;
        context.fillStyle = layer.style.fill || layer.style.color;
        context.fill("evenodd");
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
      stamp(context, this.lookOf(project), x, y, r + 2, view);
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
    return found.length ? found : project.points.map(([lon, lat]) => [worldX(lon) * view.scale - view.ox, worldY(lat) * view.scale - view.oy]);
  }

  /** What is under a point of the map's container: {cluster, project} or {village: code} or null. */
  pick(point) {
    const mark = this.pickMark(point);
    if (mark) return mark;
    const at = this.map.containerPointToLatLng(point);
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
    const bounds = L.latLngBounds([...corners, ...points.map(([lon, lat]) => [lat, lon])]);
    return bounds.isValid() ? bounds : null;
  }
}

