// The lists as one table: a heading row for each list, then its tasks with a column to sign.

import { originText } from "../core/card.js";
import { h } from "../core/dom.js";
import { formatMonth, list } from "../core/format.js";
import { atMonth } from "../core/store.js";
import { lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";
import { listRoles } from "./tasks_model.js";

const COLUMNS = ["number", "id", "content", "target", "due", "lead", "coop", "responsible", "person", "role", "projects", "source", "sign"];
const SORTABLE = new Set(["id", "content", "target", "due", "lead", "coop", "responsible", "person", "source"]);
const MOST_PROJECTS = 4;

/** The table of some lists. `view`: {lists, level, sort, onSort, store, site, parts, limit}. */
export function drawTable(view) {
  const columns = chooseColumns(view);
  const bodies = [];
  let room = view.limit;
  for (const entry of view.lists) {
    if (room <= 0) break;
    bodies.push(drawList(entry, entry.tasks.slice(0, room), columns, view));
    room -= entry.tasks.length;
  }
  return h("table", { class: `tasks-table level-${view.level}` }, drawHeading(columns, view), bodies);
}

/** A unit's list says its part; the projects have a column where there are any. */
function chooseColumns({ level, lists }) {
  const linked = lists.some((entry) => entry.tasks.some((task) => (task.projects || []).length));
  return COLUMNS.filter((name) => (name !== "role" || level === "units") && (name !== "projects" || linked));
}

function drawHeading(columns, view) {
  return h("thead", {}, h("tr", {}, columns.map((name) => h("th", headAttributes(name, view), headContent(name, view)))));
}

function headAttributes(name, { sort }) {
  const sorted = sort.column === name ? (sort.down ? "descending" : "ascending") : null;
  return { class: `col-${name}`, scope: "col", "aria-sort": sorted };
}

function headContent(name, { sort, onSort }) {
  const label = t(`tasks.column-${name}`);
  if (!SORTABLE.has(name)) return label;
  const arrow = sort.column === name ? (sort.down ? " ▼" : " ▲") : "";
  const button = h("button", { type: "button", class: "sort", title: t("tasks.sort-hint"), data: { sort: name }, onclick: () => onSort(name) }, label, h("span", { class: "sort-arrow", "aria-hidden": "true" }, arrow));
  return [button, h("span", { class: "sort-print", "aria-hidden": "true" }, label)];
}

function drawList(entry, tasks, columns, view) {
  const heading = h("tr", { class: "tasks-group" }, h("th", { colspan: String(columns.length - 1), scope: "rowgroup" },
    h("div", { class: "tasks-group-line" },
      h("strong", {}, nameEntry(entry)),
      h("span", { class: "tasks-group-count" }, t("tasks.count", { tasks: entry.tasks.length, projects: entry.projects.length })))),
    h("th", { class: "col-source" }));
  return h("tbody", { data: { list: entry.id } }, heading, tasks.map((task, index) => drawTask(task, index, entry, columns, view)));
}

/** What a list is called; the one of tasks without a unit, person or place says so. */
export function nameEntry(entry) {
  if (entry.id) return entry.label;
  return t({ units: "tasks.none-unit", persons: "tasks.none-person" }[entry.level] || "tasks.none-place");
}

function drawTask(task, index, entry, columns, view) {
  return h("tr", { data: { key: task.k } }, columns.map((name) => h("td", { class: `col-${name}`, data: { label: t(`tasks.column-${name}`) } }, CELLS[name](task, index, entry, view))));
}

const CELLS = {
  number: (task, index) => String(index + 1),
  id: (task) => task.id,
  content: (task, index, entry, view) => tellContent(task, view),
  target: (task) => [task.quantity, task.unit].filter((part) => part !== null && part !== undefined && part !== "").join(" "),
  due: (task) => (task.due ? formatMonth(task.due) : ""),
  lead: (task) => list(task.lead),
  coop: (task) => list(task.coop),
  responsible: (task) => list(task.responsible),
  person: (task) => task.person,
  role: (task, index, entry) => list(listRoles(task, entry.id).map((role) => t(`tasks.role-${role}`))),
  projects: (task, index, entry, view) => drawProjects(task, view),
  source: (task) => originText(task),
  sign: () => "",
};

function tellContent(task, { parts }) {
  const name = task.name || task.content;
  const told = parts.get(task.id);
  return [
    h("span", { class: "task-name" }, name),
    task.synthetic ? h("span", { class: "task-made" }, t("tasks.synthetic")) : null,
    task.content && task.content !== name ? h("span", { class: "task-content" }, task.content) : null,
    told ? h("span", { class: told.equal === false ? "task-parts off" : "task-parts" }, tellParts(task, told)) : null,
  ];
}

function tellParts(task, { count, sum, equal }) {
  const facts = { count, sum, unit: task.unit || "", target: task.quantity };
  return t(typeof equal !== "boolean" ? "tasks.broken-down" : equal ? "tasks.broken-equal" : "tasks.broken-off", facts);
}

function drawProjects(task, view) {
  const projects = (task.projects || []).map((key) => view.site.byKey.get(key)).filter(Boolean);
  if (!projects.length) return "";
  const shown = projects.slice(0, MOST_PROJECTS).map((project) => drawProject(project, view));
  const more = projects.length > MOST_PROJECTS ? h("li", {}, t("tasks.projects-more", { count: projects.length })) : null;
  return h("ul", { class: "task-projects" }, shown, more);
}

function drawProject(project, { site, store }) {
  const { light } = atMonth(project, store.month());
  const href = `progress.html#${store.hash({ project: project.k })}`;
  return h("li", {}, lightSymbol(light, site, 12), h("a", { href, data: { keep: "", project: project.k } }, project.name || t("common.unnamed")));
}
