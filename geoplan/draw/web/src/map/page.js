/** distribution.html: the map, its filters, legend, cards, and the projects that have no place. */

import { $, glideTo, h, isOnPaper, replace } from "../core/dom.js";
import { filterWords, noneBegun, renderFilters, renderSummary, tellNothing } from "../core/filters.js";
import { money, number } from "../core/format.js";
import { tellSentence } from "../core/headline.js";
import { layerWords, listLayerFilters } from "../core/layerfilters.js";
import { startNav } from "../core/nav.js";
import { markReady } from "../core/ready.js";
import { atMonth, createStore } from "../core/store.js";
import { lightName, lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";
import { isPast } from "../core/timeline.js";
import { createMap } from "./base.js";
import { isWide } from "./clusters.js";
import { CardPanel, pointCard, projectCard, villageCard } from "./cards.js";
import { bindGround } from "./groundkey.js";
import { renderKey } from "./key.js";
import { LinkedPanel } from "./linked/panel.js";
import { Layering } from "./layers/layering.js";
import { savePng } from "./png.js";
import { bindPrint, printMap } from "./print.js";
import { Scene } from "./scene.js";
import { bindSearch } from "./search.js";
import { sumMoney } from "./shade.js";
import { listKeys } from "./sheet_keys.js";
import { MapView } from "./view.js";
import { MonthSlider, reserveSlider, tellPast } from "./slider.js";

const FILTERS = ["search", "month", "town", "village", "category", "stage", "light", "unit", "source", "year"];
/** Keys of the address that leave no project out. */
const NO_FILTERS = ["project", "sort", "at"];
const NARROW = "screen and (max-width: 820px)";
const CLOSEST = 13;
const CARD_PX = 370;

function jumpToUnplaced(event) {
  event.preventDefault();
  glideTo($("#unplaced"));
}

export class DistributionPage {
  constructor(site, layers, under) {
    this.site = site;
    this.store = createStore(site, { past: true });
    this.foldForPhone();
    const timed = reserveSlider($(".time-bar"), site.meta);
    // The map first: it asks the browser for its size, which is known as long as nothing on the page has changed.
    const base = createMap($("#map"), site, { store: this.store });
    this.map = base.map;
    this.fit = base.fit;
    this.tools = base.tools;
    this.spot = base.spot;
    this.scene = new Scene(base.map, site, layers, this.store, { fitZoom: base.fitZoom, fit: base.fit, spot: base.spot, under });
    this.panel = new CardPanel($("#card"));
    this.scene.layering = new Layering(this.scene);
    this.scene.layering.pointing.panel = this.panel;
    this.tip = h("div", { class: "map-tip", role: "tooltip", hidden: true });
    $(".map-frame").append(this.tip);
    this.view = new MapView(this.scene, this.store);
    this.view.apply();
    this.goToState();
    this.scene.show();
    this.tools.joinScene(this.scene);
    renderFilters($(".filters"), this.store, site, FILTERS, { places: true });
    renderSummary($(".summary"), this.store, site, [...FILTERS, ...listLayerFilters(site.meta).keys()]);
    startNav(this.store);
    this.drawAside();
    this.drawTools();
    this.linked = new LinkedPanel($(".linked"), this.map, this.scene);
    if (timed) this.slider = new MonthSlider($(".time-bar"), this.store);
    this.listen();
    bindGround(under, () => this.drawKey());
    this.printing = bindPrint(this.map, this.scene, $(".scale-print"));
    markReady();
  }

  /** What is done with the map as it stands: a picture, a print. */
  drawTools() {
    const button = (name, act) => h("button", { type: "button", class: "button", onclick: act }, t(`map.${name}`));
    replace($(".map-tools"), button("png", () => savePng(this.map, this.makeSheet())), button("print", () => printMap(this.scene, this.printing)));
  }

  /** What the picture says beside the map. */
  makeSheet() {
    const { scene, store } = this;
    return { scene, sentence: tellSentence(store, "picture"), filter: this.tellFilter(), month: scene.month, keys: (zoom) => listKeys(scene, zoom) };
  }

  foldForPhone() {
    const narrow = matchMedia(NARROW);
    const fold = () => document.querySelectorAll(".map-side, .map-key").forEach((box) => (box.open = !narrow.matches));
    if (narrow.matches) fold();
    narrow.addEventListener("change", fold);
  }

  listen() {
    this.store.subscribe((_, changed) => this.update(changed));
    this.map.on("click", (event) => this.tools.busy || this.click(event.containerPoint));
    this.map.on("mousemove", (event) => (this.tools.busy ? this.unhover() : this.hover(event.containerPoint)));
    this.map.on("mouseout movestart", () => this.unhover());
    this.map.on("zoomend", () => this.drawKey());
    new ResizeObserver(() => this.resize()).observe($("#map"));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.closeCard());
    bindSearch($("input[data-filter=search]"), $(".results"), this.scene, {
      town: (code) => this.store.assign({ search: "", project: "", town: [code], village: [] }),
      village: (code) => this.store.assign({ search: "", project: "" }) || this.showVillage(code, true),
      project: (project) => this.store.assign({ search: "", project: project.k }) || this.showProject(project, true),
      place: (place) => this.closeCard() || this.tools.goTo(place),
    });
  }

  resize() {
    if (isOnPaper()) return;
    this.map.invalidateSize({ animate: false, pan: false });
  }

  /** The filter or the chosen project has changed. */
  update(changed) {
    const { at } = this.store.state; // going to the areas takes it out
    const ofLayers = (key) => this.scene.layering.concerns([key]);
    const ofView = (key) => this.view.concerns([key]);
    if (changed.some(ofView)) this.showView();
    const filtered = changed.some((key) => !NO_FILTERS.includes(key) && !ofLayers(key) && !ofView(key));
    if (filtered) {
      this.scene.refreshData();
      this.drawAside();
    } else if (changed.some(ofLayers)) this.updateLayers();
    if (changed.includes("project")) this.showSelected();
    else if (this.panel.showing) this.redrawCard();
    if (changed.includes("town") || changed.includes("village")) this.goToAreas();
    if (changed.includes("at")) this.spot.go(at);
    this.scene.ask(...(filtered ? ["ground"] : []), "focus", "marks");
    if (!changed.every((key) => ofLayers(key) || ofView(key))) this.linked.update(changed);
  }

  /** Which features of the layers are shown has changed, or how, and nothing else. */
  updateLayers() {
    this.scene.refreshLayers();
    this.drawKey();
    $(".map-filter").textContent = this.tellFilter();
  }

  drawAside() {
    this.drawKey();
    this.drawUnplaced();
    const empty = $(".map-empty");
    empty.hidden = this.scene.projects.length > 0 || noneBegun(this.store); // what was built by then is to be seen
    empty.textContent = this.site.projects.length ? tellNothing(this.store) : t("index.no-projects");
    this.drawWide();
    $(".map-filter").textContent = this.tellFilter();
  }

  /** The filter in words for the caption on paper, and that a month has no returns; empty for neither. */
  tellFilter() {
    const [filter, layers] = [filterWords(this.store, this.site), layerWords(this.store)];
    const counts = { n: number(this.scene.projects.length), total: number(this.site.projects.length) };
    const past = isPast(this.site.meta, this.scene.month) ? tellPast(this.store) : "";
    return [filter && t("map.caption-filter", { filter, ...counts }), layers && t("layers.caption", { filter: layers }), past].filter(Boolean).join("　");
  }

  /** Projects of the whole area, which have no point of their own, and those without a place: told beside the map. */
  drawWide() {
    const wide = this.scene.projects.filter(isWide);
    const unplaced = this.scene.projects.filter((project) => project.method === "unplaced").length;
    replace(
      $(".wide"),
      wide.length ? h("button", { type: "button", class: "button", onclick: () => this.showWide(wide) }, t("map.wide", { n: wide.length })) : null,
      unplaced ? h("a", { href: "#unplaced", onclick: jumpToUnplaced }, t("map.unplaced-link", { n: unplaced })) : null,
    );
  }

  showWide(projects) {
    if (this.store.get("project")) this.store.set("project", "");
    const options = { onClose: () => this.closeCard(), onChoose: (project) => this.store.set("project", project.k) };
    this.panel.show({ kind: "point", id: "wide" }, pointCard(this.scene, projects, t("map.county-wide"), options), this.store);
  }

  drawKey() {
    renderKey($(".legend"), this.scene, (name, value) => this.switchView(name, value));
  }

  switchView(name, value) {
    if (name === "layer") this.drawKey();
    else this.view.choose(name, value);
  }

  /** Shows villages, symbols and ground as the address says. */
  showView() {
    this.view.apply();
    this.drawKey();
    this.scene.ask("ground", "marks");
  }

  drawUnplaced() {
    const rows = [...document.querySelectorAll(".unplaced tr[data-key]")];
    const keys = this.scene.visibleKeys;
    rows.forEach((row) => (row.hidden = !keys.has(row.dataset.key)));
    const shown = rows.filter((row) => !row.hidden).length;
    document.body.classList.toggle("one-sheet", !shown);
    const count = $(".unplaced-count");
    if (!count) return;
    count.textContent = shown === rows.length ? "" : shown ? t("map.unplaced-filtered", { n: shown, total: rows.length }) : t("map.unplaced-no-match");
    $(".unplaced .table-box").hidden = !shown;
  }

  /** Shows what the address asks for when the page opens. */
  goToState() {
    const project = this.store.selected();
    const villages = this.store.get("village");
    if (project) this.showProject(project, true, false);
    else if (villages.length === 1) this.showVillage(villages[0], false);
    const bounds = project ? null : this.chosenBounds();
    if (bounds) this.goTo(bounds, false);
    this.spot.begin();
  }

  /** The bounds of the chosen villages, else towns; null for none. */
  chosenBounds() {
    const villages = this.store.get("village");
    const codes = villages.length ? villages : this.store.get("town");
    return codes.length ? this.scene.boundsOf(codes) : null;
  }

  goToAreas() {
    const bounds = this.chosenBounds();
    if (bounds) this.goTo(bounds, false);
    else this.fit(false);
  }

  goTo(bounds, animate = true) {
    this.spot.leave();
    const narrow = matchMedia(NARROW).matches;
    const card = this.panel.element.hidden ? 0 : narrow ? 0 : CARD_PX - 20;
    const foot = narrow && !this.panel.element.hidden ? this.map.getSize().y * 0.45 : 40;
    this.map.fitBounds(bounds.pad(0.15), { animate, maxZoom: CLOSEST, paddingTopLeft: [20, 20], paddingBottomRight: [20 + card, foot] });
  }

  showSelected() {
    const project = this.store.selected();
    if (project) this.showProject(project, !this.inView(project));
    else if (this.panel.showing && this.panel.showing.kind === "project") this.panel.hide();
  }

  /** Whether all places of a project are seen beside the card. */
  inView(project) {
    const size = this.map.getSize();
    const narrow = matchMedia(NARROW).matches;
    const seen = { x: narrow ? size.x : size.x - CARD_PX, y: narrow ? size.y * 0.4 : size.y };
    const points = project.points.map(([lon, lat]) => this.map.latLngToContainerPoint([lat, lon]));
    return !isWide(project) && points.every(({ x, y }) => x > 0 && y > 0 && x < seen.x && y < seen.y);
  }

  showProject(project, go, animate = true) {
    const card = projectCard(project, this.store, this.site, { onClose: () => this.closeCard(), links: ["progress"] });
    this.panel.show({ kind: "project", id: project.k }, card, this.store);
    const bounds = go ? this.scene.boundsOf(project.codes.filter((code) => code.length > 6), project.points) : null;
    if (bounds && !isWide(project)) this.goTo(bounds, animate);
    this.scene.ask("focus", "marks");
  }

  showVillage(code, go) {
    if (this.store.get("project")) this.store.set("project", "");
    const choose = (project) => this.store.set("project", project.k);
    const only = () => this.store.set("village", [code]);
    this.panel.show({ kind: "village", id: code }, villageCard(this.scene, code, { onClose: () => this.closeCard(), onChoose: choose, onOnly: only }), this.store);
    this.scene.hovered = code;
    const area = this.scene.areas.get(code);
    const bounds = go ? this.scene.boundsOf([code], area && area.x != null ? [[area.x, area.y]] : []) : null;
    if (bounds) this.goTo(bounds);
    this.scene.ask("focus", "marks");
  }

  showPoint(cluster) {
    if (this.store.get("project")) this.store.set("project", "");
    const area = this.scene.areas.get(cluster.code);
    const choose = (project) => this.store.set("project", project.k);
    const title = area ? area.name : this.site.meta.name;
    this.panel.show({ kind: "point", id: cluster.key }, pointCard(this.scene, cluster.projects, title, { onClose: () => this.closeCard(), onChoose: choose }), this.store);
  }

  showFeature(feature) {
    if (this.store.get("project")) this.store.set("project", "");
    const { pointing } = this.scene.layering;
    this.panel.show({ kind: "feature", id: `${feature.layer.id}.${feature.index}`, feature }, pointing.cardOf(feature, () => this.closeCard()), this.store);
    this.scene.hovered = "";
    this.scene.ask("focus", "marks");
  }

  redrawCard() {
    const { kind, id, feature } = this.panel.showing;
    if (kind === "feature" && this.scene.layering.pointing.isShown(feature)) this.showFeature(feature);
    else if (kind === "village") this.showVillage(id, false);
    else if (kind === "project" && this.store.selected()) this.showProject(this.store.selected(), false);
    else this.closeCard();
  }

  closeCard() {
    if (!this.panel.showing) return;
    this.panel.hide();
    this.scene.hovered = "";
    if (this.store.get("project")) this.store.set("project", "");
    this.scene.ask("focus", "marks");
  }

  click(point) {
    const found = this.scene.pick(point);
    if (!found) this.closeCard();
    else if (found.project) this.store.set("project", found.project.k);
    else if (found.feature) this.showFeature(found.feature);
    else if (found.village) this.showVillage(found.village, false);
    else if (found.cluster.code.length === 12) this.showVillage(found.cluster.code, false);
    else this.showPoint(found.cluster);
  }

  hover(point) {
    const found = this.scene.pick(point);
    $("#map").style.cursor = found ? "pointer" : "";
    const code = found ? found.village || (found.cluster && found.cluster.code) || "" : "";
    const shown = this.panel.showing;
    const kept = shown && shown.kind === "village" ? shown.id : "";
    if (this.scene.hovered !== (code || kept)) {
      this.scene.hovered = code || kept;
      this.scene.ask("focus");
    }
    this.scene.layering.pointing.hover(found?.feature || null);
    this.linked.point(found?.feature ? null : found);
    this.tell(found, point);
  }

  unhover() {
    this.scene.layering.pointing.hover(null);
    this.linked.point(null);
    this.tip.hidden = true;
  }

  tell(found, point) {
    this.tip.hidden = !found;
    if (!found) return;
    this.tip.textContent = "";
    this.tip.append(...this.tipOf(found));
    const size = this.map.getSize();
    const right = point.x > size.x - 260;
    this.tip.style.left = right ? "" : `${point.x + 14}px`;
    this.tip.style.right = right ? `${size.x - point.x + 14}px` : "";
    this.tip.style.top = `${Math.min(point.y + 14, size.y - 60)}px`;
  }

  tipOf(found) {
    if (found.project) return this.tipOfProject(found.project);
    return [found.feature ? this.scene.layering.pointing.tipOf(found.feature) : this.tipOfPlace(found)];
  }

  tipOfProject(project) {
    const { light } = atMonth(project, this.scene.month);
    const amount = project.amount == null ? t("common.no-amount") : t("common.wan", { n: money(project.amount) });
    const name = project.name || t("common.unnamed");
    const title = project.codes.length > 1 ? t("map.project-places", { name, n: project.codes.length }) : name;
    const vague = project.method === "town" ? h("span", {}, t("method.town")) : null;
    return [h("strong", {}, title), h("span", {}, lightSymbol(light, this.site, 13), lightName(light), " · ", amount), vague].filter(Boolean);
  }

  tipOfPlace(found) {
    const code = found.village || found.cluster.code;
    const area = this.scene.areas.get(code);
    const name = area ? area.name : this.site.meta.name;
    const projects = found.village || code.length === 12 ? this.scene.byVillage.get(code) || [] : found.cluster.projects;
    if (this.scene.isOutside(code)) return h("span", {}, t("map.village-outside", { village: name, n: number(this.scene.allByVillage.get(code).length) }));
    const sum = sumMoney(projects);
    const facts = { village: name, n: number(projects.length), wan: money(sum) };
    return h("span", {}, t(!projects.length ? "map.village-zero" : sum == null ? "map.village-sum-none" : "map.village-sum", facts));
  }

  /** The visible projects of which a symbol stands in the map's view; for tests and tinkering. */
  projectsInView() {
    const bounds = this.map.getBounds();
    return this.scene.projects.filter((project) => project.points.some(([lon, lat]) => bounds.contains([lat, lon])));
  }
}
