/** Under the map: charts and the list of projects. What is pointed at or chosen in one is seen in the others and on the map. */

import { $, glideTo, h, replace } from "../../core/dom.js";
import { number } from "../../core/format.js";
import { standsIn } from "../../core/ranges.js";
import { afterDraw } from "../../core/ready.js";
import { t } from "../../core/text.js";
import { BarChart } from "./bars.js";
import { BoxTool } from "./box.js";
import { headSaved, saveRow } from "./columns.js";
import { saveText, writeCsv } from "./csv.js";
import { BRUSHED, KEYS, MONTH_MODES, countProjects, listMonths, listValues, standsInMonth } from "./model.js";
import { MonthChart } from "./months.js";
import { nextSort, sortProjects } from "./order.js";
import { ProjectTable } from "./table.js";

const NARROW = "(max-width: 820px)";
const CHOICES = { measure: ["count", "money"], third: ["light", "stage"], months: MONTH_MODES };

export class LinkedPanel {
  constructor(el, map, scene) {
    Object.assign(this, { el, map, scene, store: scene.store, site: scene.site, follows: false });
    this.chosen = { measure: "count", third: "light", months: "work" };
    this.kept = {};
    this.box = new BoxTool(map, $(".map-frame"), $(".linked-tools"), (text) => this.store.set("box", text));
    this.box.drawTools(this.store.get("box"));
    afterDraw(() => this.build()); // the map first: this stands below it
  }

  build() {
    this.months = listMonths(this.site.meta);
    this.drawHead();
    this.makeCharts();
    const on = { choose: (project) => this.choose(project), point: (projects) => this.scene.mark(projects), sort: (column) => this.store.set("sort", nextSort(this.store.get("sort"), column)) };
    this.table = new ProjectTable($(".linked-box", this.el), this.scene, on);
    this.map.on("moveend", () => this.follows && this.draw());
    const narrow = matchMedia(NARROW);
    const fold = () => ($(".linked-charts", this.el).open = !narrow.matches);
    fold();
    narrow.addEventListener("change", fold);
    this.draw();
    this.reveal();
  }

  /** What stands over the list: how many it shows, and what can be done with it. */
  drawHead() {
    this.told = h("p", { class: "linked-told", "aria-live": "polite" });
    const follow = h("input", { type: "checkbox", data: { tool: "follow" }, onchange: () => ((this.follows = follow.checked), this.draw()) });
    const save = h("button", { type: "button", class: "button", data: { tool: "csv" }, onclick: () => this.save() }, t("linked.csv"));
    this.together = h("button", { type: "button", class: "button", "aria-pressed": "false", title: t("linked.together-hint"), data: { tool: "together" }, onclick: () => this.joinMap() }, t("linked.together"));
    replace($(".linked-head", this.el), this.told, h("label", { class: "linked-follow", title: t("linked.follow-hint") }, follow, t("linked.follow")), this.together, save);
  }

  /** Map and list share the screen, or each has its own again; the map goes on to show what it showed. */
  joinMap() {
    const bounds = this.map.getBounds();
    const home = this.map.getZoom() <= this.scene.fitZoom();
    const on = document.body.classList.toggle("together");
    this.together.setAttribute("aria-pressed", String(on));
    this.map.invalidateSize({ animate: false, pan: false });
    if (home) this.scene.options.fit(false);
    else this.map.fitBounds(bounds, { animate: false });
    scrollTo({ top: 0 });
    this.table.measure();
    this.table.reveal(this.store.selected());
  }

  makeCharts() {
    const values = listValues(this.site);
    const on = (name) => ({ toggle: (value) => this.store.toggle(name, value), point: (value) => this.pointAt(value == null ? [] : this.rows.filter((project) => KEYS[name](project, this.scene.month).includes(value))) });
    this.bars = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new BarChart($(`[data-chart=${name}]`, this.el), this.site, name, values[name], on(name))]));
    const box = $("[data-chart=month]", this.el);
    if (this.months.length) this.monthChart = new MonthChart(box, this.months, { span: (text) => this.store.set("span", text), point: (month) => this.pointMonth(month) });
    else replace(box, h("p", { class: "empty" }, t("linked.no-months")));
    this.drawChoices();
  }

  drawChoices() {
    for (const [name, values] of Object.entries(CHOICES)) {
      const button = (value) => h("button", { type: "button", "aria-pressed": String(this.chosen[name] === value), data: { [name]: value }, onclick: () => this.switch(name, value) }, t(`linked.${name}-${value}`));
      replace($(`[data-choice=${name}]`, this.el), values.map(button));
    }
    for (const name of CHOICES.third) $(`[data-chart=${name}]`, this.el).hidden = this.chosen.third !== name;
  }

  switch(name, value) {
    this.chosen[name] = value;
    this.drawChoices();
    $(`[data-${name}="${value}"]`, this.el).focus();
    this.drawCharts();
  }

  /** The store has changed. */
  update(changed) {
    if (changed.includes("box")) this.box.drawTools(this.store.get("box"));
    if (!this.table) return;
    if (changed.some((key) => key !== "project")) this.draw();
    if (changed.includes("project")) this.reveal();
  }

  draw() {
    this.scene.mark([]);
    this.pointed = "";
    this.rows = this.listRows();
    this.table.mark([]);
    this.table.update(this.rows, this.store.get("sort"));
    this.told.textContent = this.tellRows();
    this.drawCharts();
  }

  /** What the filters let through (and, if so switched, what the map's view shows), in the order of the list. */
  listRows() {
    const { store, scene } = this;
    const [sort, month] = [store.get("sort"), scene.month];
    const sorted = this.keep("sorted", `${sort}|${month}`, () => sortProjects(this.site, sort, month));
    const view = this.follows ? this.viewBox() : null;
    return sorted.filter((project) => scene.visibleKeys.has(project.k) && (!view || standsIn(project, view)));
  }

  /** What the map shows, as a box. */
  viewBox() {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  /** A value that is worked out again only when what it hangs on has changed. */
  keep(name, key, make) {
    if (!this.kept[name] || this.kept[name].key !== key) this.kept[name] = { key, value: make() };
    return this.kept[name].value;
  }

  drawCharts() {
    const { months, scene, store } = this;
    const { measure, months: mode } = this.chosen;
    const count = (projects) => countProjects(projects, months, scene.month, mode);
    const all = this.keep("all", `${scene.month}|${mode}`, () => count(store.standing()));
    const shown = count(this.rows);
    for (const [name, chart] of Object.entries(this.bars)) chart.update(shown[name], all[name], measure, store.get(name));
    if (this.monthChart) this.monthChart.update(shown.month, all.month, measure, store.get("span"), mode === BRUSHED);
  }

  /** How many are shown of how many, and why the others are not. */
  tellRows() {
    const total = this.site.projects.length;
    const [filtered, seen] = [this.scene.projects.length, this.rows.length];
    const why = [
      filtered < total ? t("linked.why-filter", { n: number(total - filtered) }) : "",
      seen < filtered ? t("linked.why-view", { n: number(filtered - seen) }) : "",
    ].filter(Boolean);
    const shown = t("linked.shown", { n: number(seen), total: number(total) });
    return why.length ? `${shown}${t("linked.why", { why: why.join(t("common.comma")) })}` : shown;
  }

  pointAt(projects) {
    this.scene.mark(projects);
    this.table.mark(projects);
  }

  pointMonth(month) {
    this.monthChart.point(month);
    this.pointAt(month ? this.rows.filter((project) => standsInMonth(project, month, this.scene.month, this.chosen.months)) : []);
  }

  /** What the pointer is over on the map, as the scene picks it; null for nothing. */
  point(found) {
    if (!this.table) return;
    const projects = !found ? [] : found.project ? [found.project] : found.village ? this.scene.byVillage.get(found.village) || [] : found.cluster.projects;
    const key = projects.map((project) => project.k).join("|");
    if (key !== this.pointed) this.table.mark(projects);
    this.pointed = key;
  }

  /** Opens a project on the map; the page goes back to the map where its card would not be seen. */
  choose(project) {
    this.store.set("project", project.k);
    const { top, bottom } = $("#card").getBoundingClientRect();
    if (bottom < 80 || top > innerHeight) glideTo($(".sheet"));
  }

  reveal() {
    this.table.reveal(this.store.selected());
  }

  save() {
    const rows = this.rows.map((project) => saveRow(project, this.scene));
    saveText(writeCsv([headSaved(), ...rows]), `${t("linked.file", { area: this.site.meta.name })}_${this.scene.month}.csv`);
  }
}
