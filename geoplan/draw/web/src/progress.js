// progress.html: the 横道图 to the month, the stages, and the S-curves, all of the same filtered projects.

import { openCard } from "./core/card.js";
import { loadParts } from "./core/data.js";
import { $ } from "./core/dom.js";
import { renderFilters, renderSummary } from "./core/filters.js";
import { startNav } from "./core/nav.js";
import { markReady, start } from "./core/ready.js";
import { createStore } from "./core/store.js";
import { t } from "./core/text.js";
import { createCurves } from "./progress/curves.js";
import { foldFilters } from "./progress/fold.js";
import { createGantt } from "./progress/gantt.js";
import { drawLegend } from "./progress/legend.js";
import { indexMonth, spanAxis } from "./progress/months.js";
import { printAll } from "./progress/print.js";
import { groupProjects, sortProjects } from "./progress/rows.js";
import { drawStages } from "./progress/stages.js";
import { renderTools } from "./progress/tools.js";

const FILTERS = ["search", "town", "village", "category", "stage", "light", "unit", "source", "month"];
const ONLY = { town: "town", village: "village", unit: "unit" };

class ProgressPage {
  constructor(site) {
    this.site = indexSite(site);
    this.store = createStore(site);
    this.chosen = { group: "town", sort: "plan" };
    this.collapsed = new Set();
    this.axis = spanAxis(site.meta.axis, site.meta.month);
    this.build();
    this.draw();
    this.showChosen();
    this.store.subscribe((_, changed) => this.follow(changed));
  }

  build() {
    renderFilters($("#filters"), this.store, this.site, FILTERS);
    renderSummary($("#summary"), this.store, this.site, FILTERS);
    foldFilters();
    startNav(this.store);
    renderTools($(".progress-tools"), this.chosen, {
      group: (value) => this.set("group", value),
      sort: (value) => this.set("sort", value),
      zoom: (how) => this.gantt.zoom(how),
      fold: (all) => this.foldAll(all),
    });
    this.gantt = createGantt($(".gantt"), {
      onChoose: (key) => this.store.set("project", key),
      onToggle: (group) => this.toggle(group),
    });
    this.curves = createCurves($(".curves"));
    drawLegend($(".progress-legend"), this.site);
    printAll($(".gantt-paper"), () => this.view, (paper) => this.curves.print(paper));
  }

  follow(changed) {
    if (changed.some((key) => key !== "project")) this.draw();
    this.showChosen();
  }

  draw() {
    const { site, axis, collapsed } = this;
    const projects = this.store.projects();
    const monthText = this.store.month();
    const sorted = sortProjects(projects, this.chosen.sort, monthText);
    const groups = groupProjects(sorted, this.chosen.group, site, monthText, this.limitGroups());
    this.view = { site, axis, collapsed, groups, monthText, month: indexMonth(monthText) };
    this.gantt.update(this.view);
    drawStages($(".stages"), projects, this.view, this.store.get("stage"), (stage) => this.store.toggle("stage", stage));
    this.curves.update(projects, this.view);
    tellNothing(projects, site);
  }

  /** A project of several towns stands only under those that were asked for. */
  limitGroups() {
    const name = ONLY[this.chosen.group];
    return name ? new Set(this.store.get(name)) : null;
  }

  set(name, value) {
    this.chosen[name] = value;
    this.collapsed.clear();
    this.draw();
  }

  toggle(group) {
    if (!this.collapsed.delete(group)) this.collapsed.add(group);
    this.gantt.update(this.view);
  }

  foldAll(all) {
    this.collapsed.clear();
    if (all) for (const group of this.view.groups) this.collapsed.add(group.id);
    this.gantt.update(this.view);
  }

  showChosen() {
    const project = this.store.selected();
    const panel = $("#card");
    this.gantt.choose(project ? project.k : "");
    if (!project) return void (panel && (panel.hidden = true));
    this.gantt.reveal(project.k);
    openCard(project, this.store, this.site);
  }
}

/** The site with what is looked up often: projects by key, place names by code. */
function indexSite(site) {
  site.byKey = new Map(site.projects.map((project) => [project.k, project]));
  const areas = [...site.towns, ...site.villages].map((area) => [area.code, area.name]);
  site.names = new Map([[site.meta.code, site.meta.name], ...areas]);
  return site;
}

function tellNothing(projects, site) {
  const box = $(".progress-nothing");
  for (const part of [".gantt", ".progress-legend"]) $(part).hidden = !projects.length;
  box.hidden = projects.length > 0;
  box.textContent = t(site.projects.length ? "progress.none-match" : "progress.none-read");
}

start(async () => {
  const { site } = await loadParts("site");
  new ProgressPage(site);
  markReady();
});
