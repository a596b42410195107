/** gaps.html: the matrix of villages and facilities, and the same on the map. */

import { PAPER_RATIO } from "./compact/pane.js";
import { loadParts } from "./core/data.js";
import { $, h, isOnPaper, replace } from "./core/dom.js";
import { filterWords, renderFilters } from "./core/filters.js";
import { number } from "./core/format.js";
import { startNav } from "./core/nav.js";
import { markReady, start } from "./core/ready.js";
import { createStore } from "./core/store.js";
import { t } from "./core/text.js";
import { createMap } from "./map/base.js";
import { CardPanel } from "./map/cards.js";
import { latOf, lonOf } from "./map/geometry.js";
import { bindGround } from "./map/groundkey.js";
import { savePng } from "./map/png.js";
import { bindPrint, printMap } from "./map/print.js";
import { bindSearch } from "./map/search.js";
import { loadUnder } from "./map/under.js";
import { cellCard, placeCard } from "./gaps/card.js";
import { drawLegend, listKeys, tellShown } from "./gaps/legend.js";
import { Matrix } from "./gaps/matrix.js";
import { Gaps } from "./gaps/model.js";
import { drawPaper } from "./gaps/paper.js";
import { GapScene } from "./gaps/scene.js";
import { roomBeside } from "./gaps/room.js";
import { drawUnanswered } from "./gaps/unanswered.js";

const FILTERS = ["search", "town", "village", "group", "facility", "state"];
const CLOSEST = 14;
const ROAM = 4;

class GapsPage {
  constructor(site, layers, data, under) {
    this.gaps = new Gaps(data);
    this.gaps.nameProjects(site.projects);
    this.site = Object.assign(site, { gaps: this.gaps });
    this.store = createStore(site);
    const base = createMap($("#map"), site, { store: this.store, room: () => this.findRoom() });
    Object.assign(this, { map: base.map, fit: base.fit, bounds: base.bounds, tools: base.tools, spot: base.spot });
    this.map.setMaxBounds(base.bounds.pad(ROAM)); // on paper the frame is far wider than the area
    this.scene = new GapScene(base.map, site, layers, this.store, this.gaps, { fitZoom: base.fitZoom, fit: base.fit, under });
    this.panel = new CardPanel($("#card"));
    this.matrix = new Matrix($(".gap-matrix"), this.gaps, {
      cell: (code, rule) => this.choose(code, rule),
      rule: (rule) => this.choose("", this.chosen().rule === rule && !this.chosen().code ? "" : rule),
      place: (code) => this.choose(code, ""),
    });
    renderFilters($("#filters"), this.store, site, FILTERS, { places: true });
    this.draw();
    this.scene.rule = this.ruleShown();
    this.drawLegend();
    this.fit(false); // beside the legend, now that it is there
    this.scene.show();
    this.tools.joinScene(this.scene);
    this.showChosen(true);
    if (!this.chosen().code && (this.store.get("town").length || this.store.get("village").length)) this.goToAreas();
    this.spot.begin();
    startNav(this.store);
    this.listen();
    bindGround(under, () => this.drawLegend());
    markReady();
  }

  /** The chosen place and rule, as they stand in the address: `cell=<code>:<rule>`. */
  chosen() {
    const [code, rule] = this.store.get("cell").split(":");
    return { code: this.gaps.placesByCode.has(code) ? code : "", rule: this.gaps.rulesById.has(rule) ? rule : "" };
  }

  choose(code, rule) {
    this.store.set("cell", code || rule ? `${code}:${rule}` : "");
  }

  chooseOnMap(code) {
    this.choose(code, this.chosen().rule);
    if (code) this.matrix.reveal(this.gaps.placesByCode.get(code));
  }

  /** A cell chosen in a table below: the matrix and the map come into sight. */
  chooseAbove(code, rule) {
    this.choose(code, rule);
    this.matrix.reveal(this.gaps.placesByCode.get(code));
    $(".gaps-sheet").scrollIntoView({ block: "center" });
  }

  /** What the legend covers of the map's left or lower edge. */
  findRoom() {
    return this.map ? roomBeside(this.map, this.bounds, $(".gap-legend")) : [0, 0];
  }

  listen() {
    this.store.subscribe((_, changed) => this.follow(changed));
    bindSearch($("input[data-filter=search]"), $(".results"), this.scene, { place: (place) => this.goToPlace(place) });
    this.map.on("click", (event) => this.tools.busy || this.chooseOnMap(this.scene.placeAt(event.containerPoint)));
    this.map.on("mousemove", (event) => this.tools.busy || this.hover(event.containerPoint));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    new ResizeObserver(() => isOnPaper() || this.map.invalidateSize({ animate: false, pan: false })).observe($("#map"));
    this.printing = bindPrint(this.map, this.scene, $(".scale-print"));
    window.addEventListener("beforeprint", () => this.prepareForPaper());
    window.addEventListener("afterprint", () => replace($(".gaps-paper")));
  }

  /** The whole matrix as a table; the map in the middle of its sheet, where it shows the whole area. */
  prepareForPaper() {
    $(".map-filter").textContent = this.tellFilter();
    drawPaper($(".gaps-paper"), this.gaps, this.view);
    for (const legend of document.querySelectorAll(".gap-legend details")) legend.open = true;
    if (this.map.getBounds().contains(this.bounds)) this.fit(false);
    this.scene.paintNow(PAPER_RATIO);
  }

  follow(changed) {
    const { at } = this.store.state; // going to the areas takes it out
    if (changed.some((key) => !["cell", "project", "at"].includes(key))) this.draw();
    else this.matrix.choose(this.chosen());
    this.showChosen(changed.includes("cell"));
    if (changed.includes("town") || changed.includes("village")) this.goToAreas();
    if (changed.includes("at")) this.spot.go(at);
    this.scene.ask();
  }

  draw() {
    const view = { ...this.gaps.select(this.store), byTown: this.store.get("order") !== "urgency" };
    this.view = view;
    this.scene.takeView(view);
    this.matrix.update(view, this.chosen());
    const facts = { n: view.places.length, total: this.gaps.placeRows.length, m: view.columns.length, all: this.gaps.rules.length, gaps: view.gaps, unknown: view.unknown };
    $(".gaps-shown").textContent = t("gaps.shown", Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, number(value)]))) + this.tellHouseholds();
    this.drawTools();
    drawUnanswered(this.gaps, view, (code, rule) => this.chooseAbove(code, rule));
    this.filterTables();
  }

  /** How many households are without the one facility that is shown. */
  tellHouseholds() {
    const { places, columns } = this.view;
    if (columns.length !== 1) return "";
    const sum = places.reduce((all, place) => all + this.gaps.countWithout(place, columns[0]), 0);
    return t("gaps.shown-households", { n: number(sum) });
  }

  drawTools() {
    const now = this.store.get("order") || "town";
    const one = (order) => h("button", { type: "button", "aria-pressed": String(now === order), onclick: () => this.store.set("order", order === "town" ? "" : order) }, t(`gaps.sort-${order}`));
    replace($(".gaps-tools"), h("span", { class: "choice", role: "group", "aria-label": t("gaps.sort") }, ["town", "urgency"].map(one)), h("button", { type: "button", class: "button", onclick: () => savePng(this.map, this.makeSheet()) }, t("map.png")), h("button", { type: "button", class: "button", onclick: () => printMap(this.scene, this.printing, () => this.prepareForPaper()) }, t("gaps.print")));
  }

  /** What the map shows, in words, for the picture and for paper. */
  tellFilter() {
    return [tellShown(this.scene), filterWords(this.store, this.site), $(".gaps-shown").textContent].filter(Boolean).join("　");
  }

  /** What the picture says beside the map. */
  makeSheet() {
    const { scene, site } = this;
    return { scene, sentence: $(".sentence").textContent.trim(), filter: this.tellFilter(), month: site.meta.month, room: this.findRoom(), keys: () => listKeys(scene, this.gaps) };
  }

  /** The rule on the map: of the chosen cell, or the only one that the filter leaves. */
  ruleShown() {
    const { rule } = this.chosen();
    const only = this.store.get("facility");
    return this.gaps.rulesById.get(rule || (only.length === 1 ? only[0] : "")) || null;
  }

  showChosen(go) {
    const chosen = this.chosen();
    this.scene.rule = this.ruleShown();
    this.scene.chosen = chosen.code ? chosen : null;
    const place = this.gaps.placesByCode.get(chosen.code);
    if (place) this.showCard(place, this.gaps.rulesById.get(chosen.rule));
    else this.panel.hide();
    document.documentElement.classList.toggle("card-open", Boolean(place));
    if (place && go) this.goTo(place);
    if (place && go) this.keepInSight();
    this.drawLegend();
    this.scene.ask();
  }

  showCard(place, rule) {
    const cell = rule ? this.gaps.cellAt(place, rule) : -1;
    const close = () => this.close();
    const card = cell >= 0 ? cellCard(this.gaps, this.gaps.readCell(cell), this.site, close) : placeCard(this.gaps, place, this.view.columns, (code, id) => this.choose(code, id), close);
    this.panel.show({ kind: "cell", id: this.store.get("cell") }, card, this.store);
  }

  goToPlace(place) {
    this.close();
    this.tools.goTo(place);
  }

  close() {
    if (this.chosen().code) this.choose("", this.chosen().rule);
  }

  toggleLayer(layer) {
    const { layersOn } = this.scene;
    if (!layersOn.delete(layer)) layersOn.add(layer);
    this.drawLegend();
    this.scene.ask("gaps");
  }

  drawLegend() {
    drawLegend($(".gap-legend"), this.scene, this.gaps, (layer) => this.toggleLayer(layer), (mode) => this.scene.under.choose(mode, this.scene));
  }

  /** Shows a place beside the card, with the facilities that it reaches. */
  goTo(place) {
    const ways = this.scene.rule ? this.scene.listWays().map(({ facility }) => this.scene.facilities[facility]) : [];
    const spots = ways.map(([x, y]) => [lonOf(x), latOf(y)]);
    const own = place.x == null ? [] : [[place.x, place.y]];
    this.show(this.scene.boundsOf([place.code], [...own, ...spots]), this.map.getSize().x > 500 ? 310 : 20);
  }

  /** On a phone the card lies over the foot of the page: what was chosen is moved above it. */
  keepInSight() {
    const card = $("#card").getBoundingClientRect();
    const cell = $(".gm-cell.on")?.getBoundingClientRect();
    if (card.width < window.innerWidth || !cell) return;
    const sheet = $(".gap-matrix").getBoundingClientRect();
    const chosen = cell.bottom < sheet.bottom && sheet.top < card.top ? cell : $("#map").getBoundingClientRect();
    const hidden = Math.min(chosen.bottom, window.innerHeight) - card.top;
    if (hidden > 0) window.scrollBy(0, hidden + 8);
  }

  goToAreas() {
    const villages = this.store.get("village");
    const codes = villages.length ? villages : this.store.get("town");
    const bounds = codes.length ? this.scene.boundsOf(codes) : null;
    if (bounds) this.show(bounds, 20);
    else this.fit(false);
  }

  show(bounds, right) {
    if (!bounds) return;
    this.spot.leave();
    const shown = bounds.pad(0.05);
    const [left, foot] = roomBeside(this.map, shown, $(".gap-legend"));
    this.map.fitBounds(shown, { animate: false, maxZoom: CLOSEST, paddingTopLeft: [10 + left, 20], paddingBottomRight: [right, 40 + foot] });
  }

  hover(point) {
    const place = this.gaps.placesByCode.get(this.scene.placeAt(point));
    const state = place && this.scene.rule ? ` · ${this.scene.rule.name}：${this.gaps.states[this.gaps.stateAt(place, this.scene.rule)].name}` : "";
    $("#map").title = place ? `${place.townName}${place.name}${state}` : "";
    $("#map").style.cursor = place ? "pointer" : "";
  }

  /** The tables hold what the chosen towns and villages are in. */
  filterTables() {
    const [towns, villages] = [this.store.get("town"), this.store.get("village")];
    const fits = (code) => (!towns.length || towns.includes(code.slice(0, 9))) && (!villages.length || villages.includes(code));
    for (const table of document.querySelectorAll(".gap-table")) {
      const rows = [...table.querySelectorAll("tr[data-codes]")];
      rows.forEach((row) => (row.hidden = Boolean(row.dataset.codes) && !row.dataset.codes.split(" ").some(fits)));
      const shown = rows.filter((row) => !row.hidden).length;
      const count = table.querySelector("small[data-total]");
      if (count) count.textContent = shown === rows.length ? t("gaps.table-count", { n: count.dataset.total }) : t("gaps.table-part", { n: shown, total: count.dataset.total });
      const empty = table.querySelector(".gap-table-empty");
      if (empty) empty.hidden = rows.some((row) => !row.hidden);
    }
  }

  /** The metres from a settlement to the nearest facility of a rule along the page's own roads; null for no way. */
  measureHome(home, id) {
    const way = this.scene.findWay(this.gaps.rulesById.get(id), home);
    return way && way.metres;
  }
}

start(async () => {
  const [{ site, layers, gaps }, under] = await Promise.all([loadParts("site", "layers", "gaps"), loadUnder()]);
  if (gaps.none) {
    startNav(createStore(site));
    return markReady();
  }
  const page = new GapsPage(site, layers, gaps, under);
  window.geoplan = { page, site, map: page.map, store: page.store, scene: page.scene, gaps: page.gaps };
});
