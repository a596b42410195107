/** index.html: the map in small, the lights with their shapes, the stages. */

import { $, h, replace } from "../core/dom.js";
import { filterWords, stageName } from "../core/filters.js";
import { formatMonth, money, number, percent } from "../core/format.js";
import { startNav } from "../core/nav.js";
import { layerWords } from "../core/layerfilters.js";
import { markReady } from "../core/ready.js";
import { createStillStore, createStore } from "../core/store.js";
import { lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";
import { sumProjects } from "../core/totals.js";
import { createMap } from "./base.js";
import { shadeEntries } from "./key.js";
import { bindPrint } from "./print.js";
import { Scene } from "./scene.js";
import { sumMoney } from "./shade.js";

function drawFigures(site) {
  document.querySelectorAll(".figure[data-light]").forEach((tile) => {
    tile.querySelector(".figure-label").prepend(lightSymbol(tile.dataset.light, site, 15));
  });
  document.querySelectorAll(".sign[data-light]").forEach((sign) => replace(sign, lightSymbol(sign.dataset.light, site, 14)));
}

function stagePart(site, stage, projects) {
  const share = site.projects.length ? (100 * projects.length) / site.projects.length : 0;
  const sum = sumMoney(projects);
  return h(
    "a",
    { class: "stage-part", href: `progress.html#stage=${encodeURIComponent(stage)}` },
    h("span", { class: "stage-name" }, stageName(stage)),
    h("b", {}, number(projects.length)),
    h("span", { class: "stage-bar" }, h("i", { style: { width: `${share}%`, background: site.style.stages[stage].color } })),
    h("small", {}, sum == null ? t("common.no-amount") : t("common.wan", { n: money(sum, 0) }), ` · ${t("index.of-total", { share: percent(share, 0) })}`),
  );
}

function drawStages(el, site, store) {
  const month = store.month();
  const stageOf = (project) => (project.m[month] && project.m[month].stage) || project.stage;
  const stages = Object.keys(site.style.stages);
  replace(el, stages.map((stage) => stagePart(site, stage, site.projects.filter((project) => stageOf(project) === stage))));
}

export class OverviewPage {
  constructor(site, layers) {
    this.site = site;
    this.store = createStore(site, { past: true }); // for the links; the overview itself is of all projects at the cut-off, like its figures
    const still = createStillStore(site);
    const base = createMap($("#map"), site);
    this.map = base.map;
    this.scene = new Scene(base.map, site, layers, still, { plain: true, fitZoom: base.fitZoom, fit: base.fit });
    this.scene.shown = new Set(this.scene.ground.filter((layer) => ["towns", "villages"].includes(layer.kind)).map((layer) => layer.id));
    this.scene.show();
    startNav(this.store);
    drawFigures(site);
    drawStages($(".stage-strip"), site, still);
    this.drawKept();
    replace($(".legend"), shadeEntries(this.scene), h("span", { class: "unit" }, t("map.shade-unit-count")));
    this.listen(base);
    markReady();
  }

  listen(base) {
    this.map.on("click", (event) => this.open(event.containerPoint));
    this.map.on("mousemove", (event) => this.hover(event.containerPoint));
    this.map.on("mouseout", () => this.mark(""));
    this.map.on("resize", () => base.fit(false));
    new ResizeObserver(() => this.map.invalidateSize({ animate: false, pan: false })).observe($("#map"));
    bindPrint(this.map, this.scene, h("span", {}));
    this.store.subscribe(() => this.drawKept());
  }

  /** Says that a filter which came with the address is kept for the other pages and does not change this one. */
  drawKept() {
    const kept = $(".kept-filter");
    const month = this.store.month();
    const words = [filterWords(this.store, this.site), layerWords(this.store), month !== this.site.meta.month ? formatMonth(month) : ""].filter(Boolean).join(" · ");
    kept.hidden = !words;
    kept.textContent = words ? t("index.kept-filter", { filter: words }) : "";
  }

  open(point) {
    const found = this.scene.pick(point);
    location.href = found && found.village ? `distribution.html#village=${found.village}` : "distribution.html";
  }

  hover(point) {
    const found = this.scene.pick(point);
    this.mark(found ? found.village : "");
  }

  mark(code) {
    if (this.scene.hovered === code) return;
    this.scene.hovered = code;
    this.scene.ask("focus");
    const area = this.scene.areas.get(code);
    const sums = sumProjects(this.scene.byVillage.get(code) || [], this.scene.month);
    const key = !sums.count ? "map.village-zero" : sums.count === sums.withoutAmount ? "map.village-sum-none" : "map.village-sum";
    $("#map").title = area ? t(key, { village: area.name, n: sums.count, wan: money(sums.amount) }) : "";
    $("#map").style.cursor = area ? "pointer" : "";
  }

  projectsInView() {
    return this.scene.projects;
  }
}
