// tasks.html: 重点任务工作清单, one level at a time; the filters of the other pages choose among the lists.

import { $, h, replace } from "../core/dom.js";
import { loadParts } from "../core/data.js";
import { renderFilters } from "../core/filters.js";
import { getLocale } from "../core/format.js";
import { keepLinks, startNav } from "../core/nav.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";
import { foldFilters } from "../progress/fold.js";
import { countElsewhere, drawChoices, keepOrder, orderUnits } from "./pickers.js";
import { LEVEL_WORDS } from "./ranks.js";
import { breakDown, listLists, listUnits, matchTask, sortTasks } from "./tasks_model.js";
import { drawSums } from "./tasks_sums.js";
import { drawTables, nameEntry } from "./tasks_table.js";

const FILTERS = ["search", "town", "village", "unit"];
const CHOSEN_BY = { towns: "town", villages: "village", units: "unit" };
const MOST_ROWS = 400;

class TasksPage {
  constructor(site, part) {
    this.site = site;
    this.part = part;
    site.byKey = new Map(site.projects.map((project) => [project.k, project]));
    this.store = createStore(site);
    this.parts = breakDown(part.tasks);
    this.units = listLists("units", part.tasks, site).map((entry) => entry.id);
    this.levels = Object.keys(part.files);
    this.persons = this.levels.includes("persons"); // not where everybody may see the page
    this.level = this.firstLevel();
    this.person = "";
    this.sort = { column: "", down: false };
    this.limit = MOST_ROWS;
    this.paper = false;
    this.build();
    this.draw();
    this.store.subscribe(() => this.draw());
  }

  /** The level that the address asks for by its filters, else the highest that has tasks. */
  firstLevel() {
    const asked = ["units", "villages", "towns"].find((level) => this.store.get(CHOSEN_BY[level]).length);
    const usable = (level) => listLists(level, this.part.tasks, this.site).length > 0;
    return asked && usable(asked) ? asked : this.levels.find(usable) || "county";
  }

  build() {
    renderFilters($("#filters"), this.store, borrowUnits(this.site, this.part.tasks), listFilters(this.part.tasks));
    foldFilters();
    startNav(this.store);
    rename("unit", t("tasks.filter-unit"));
    keepOrder($("#filters select[data-filter=unit]"), () => this.orderUnits());
    $("#filters input[data-filter=search]").placeholder = t(this.persons ? "tasks.search-hint" : "tasks.search-hint-public");
    const tabs = this.levels.map((level) =>
      h("button", { type: "button", role: "tab", class: "tab", data: { level }, onclick: () => this.show(level) }, t(`tasks.level-${level}`)));
    replace($(".tasks-levels"), tabs);
    this.which = h("select", { data: { tool: "which" } });
    this.which.addEventListener("change", () => this.choose(this.which.value));
    replace($(".tasks-which"), h("label", {}, h("span", {}, t("tasks.which")), " ", this.which));
    $(".tasks-print").addEventListener("click", () => print());
    $(".tasks-sums").hidden = !this.part.tasks.length;
    drawSums($(".sums"), this.part, this.parts, this.persons);
    addEventListener("beforeprint", () => this.turnPaper(true));
    addEventListener("afterprint", () => this.turnPaper(false));
  }

  show(level) {
    this.level = level;
    this.sort = { column: "", down: false };
    this.limit = MOST_ROWS;
    this.draw();
  }

  choose(id) {
    this.limit = MOST_ROWS;
    if (CHOSEN_BY[this.level]) return this.store.set(CHOSEN_BY[this.level], id ? [id] : []);
    this.person = id;
    return this.draw();
  }

  sortBy(column) {
    const again = this.sort.column === column;
    this.sort = again && this.sort.down ? { column: "", down: false } : { column, down: again };
    this.draw();
  }

  /** The lists that are asked for, each with the tasks that are asked for. */
  chooseLists() {
    const { state } = this.store;
    const wanted = CHOSEN_BY[this.level] ? state[CHOSEN_BY[this.level]] : this.person ? [this.person] : [];
    const tasks = this.part.tasks.filter((task) => matchTask(task, state));
    const lists = listLists(this.level, tasks, this.site).filter((entry) => !wanted.length || wanted.includes(entry.id));
    return lists.map((entry) => ({ ...entry, tasks: sortTasks(entry.tasks, this.sort.column, this.sort.down, getLocale()) }));
  }

  draw() {
    const lists = this.chooseLists();
    for (const tab of document.querySelectorAll(".tab")) tab.setAttribute("aria-selected", String(tab.dataset.level === this.level));
    this.fillWhich();
    this.orderUnits();
    this.tellShown(lists);
    this.link();
    const view = { lists, level: this.level, sort: this.sort, onSort: (column) => this.sortBy(column), store: this.store, site: this.site, parts: this.parts, limit: this.limit, paper: this.paper, persons: this.persons };
    replace($(".tasks-pane"), lists.length ? drawTables(view) : this.drawNothing(), this.drawMore(lists));
    keepLinks(this.store, document.body);
  }

  turnPaper(paper) {
    this.paper = paper;
    this.draw();
  }

  drawAll() {
    this.limit = Infinity;
    this.draw();
  }

  drawMore(lists) {
    const rows = countRows(lists);
    if (this.paper || rows <= this.limit) return null;
    return h("button", { type: "button", class: "button tasks-more", onclick: () => this.drawAll() }, t("tasks.more-rows", { count: rows - this.limit }));
  }

  fillWhich() {
    const all = listLists(this.level, this.part.tasks, this.site);
    const chosen = CHOSEN_BY[this.level] ? this.store.get(CHOSEN_BY[this.level]) : this.person ? [this.person] : [];
    replace(this.which, h("option", { value: "" }, t("tasks.which-all", { count: all.length })), drawChoices(this.level, all, nameEntry));
    this.which.value = chosen.length === 1 ? chosen[0] : "";
    $(".tasks-which").hidden = this.level === "county";
  }

  /** The filter of units: those of the county, then towns; each with its tasks at this level. */
  orderUnits() {
    const word = LEVEL_WORDS[this.level];
    orderUnits($("#filters select[data-filter=unit]"), this.units, word ? this.part.tasks.filter((task) => task.level === word) : this.part.tasks);
  }

  tellShown(lists) {
    const rows = countRows(lists);
    const tasks = new Set(lists.flatMap((entry) => entry.tasks)).size;
    const facts = { level: t(`tasks.level-${this.level}`), lists: lists.length, tasks, rows };
    $(".tasks-shown").textContent = lists.length ? t(rows === tasks ? "tasks.shown" : "tasks.shown-many", facts) : "";
  }

  /** Nothing here: say at which levels there is something, and lead there. */
  drawNothing() {
    const { tasks } = this.part;
    if (!tasks.length) return h("p", { class: "empty" }, t("tasks.none-read"));
    const found = countElsewhere(tasks.filter((task) => matchTask(task, this.store.state))).filter(([level]) => level !== this.level);
    if (!LEVEL_WORDS[this.level] || !found.length) return h("p", { class: "empty" }, this.tellNothing());
    const links = found.map(([level, count]) => h("button", { type: "button", class: "link", data: { level }, onclick: () => this.show(level) },
      t("tasks.elsewhere-count", { level: t(`tasks.level-${level}`), count })));
    return h("p", { class: "empty tasks-elsewhere" }, t("tasks.elsewhere"), links.map((link, index) => [index ? t("common.comma") : "", link]));
  }

  tellNothing() {
    const any = listLists(this.level, this.part.tasks, this.site).length;
    return any ? t("tasks.none-match") : t("tasks.none-level", { level: t(`tasks.level-${this.level}`) });
  }

  link() {
    const link = $(".tasks-download");
    const file = (this.part.files || {})[this.level];
    link.hidden = !file;
    if (file) link.setAttribute("href", file);
  }
}

function countRows(lists) {
  return lists.reduce((count, entry) => count + entry.tasks.length, 0);
}

/** The month changes nothing here but the lights of linked projects. */
function listFilters(tasks) {
  return tasks.some((task) => (task.projects || []).length) ? [...FILTERS, "month"] : FILTERS;
}

/** The filter of units offers the units of the tasks here, not those of the projects. */
function borrowUnits(site, tasks) {
  return { ...site, projects: tasks.map((task) => ({ lead: listUnits(task), sources: {}, m: {} })) };
}

function rename(filter, text) {
  $(`#filters select[data-filter=${filter}]`).closest(".filter").querySelector(".filter-name").textContent = text;
}

/** Begin the page. */
export async function openTasks() {
  const { site, tasks } = await loadParts("site", "tasks");
  return new TasksPage(site, tasks);
}
