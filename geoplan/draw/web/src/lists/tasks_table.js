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

/** The lists in one table; on paper each in its own, whose heading says on every sheet whose list it is.
 *  `view`: {lists, level, sort, onSort, store, site, parts, limit, paper, persons}. */
export function drawTables(view) {
  const columns = chooseColumns(view);
  if (view.paper) return view.lists.map((entry) => drawSheet(entry, columns, view));
  const bodies = [];
  let room = view.limit;
  for (const entry of view.lists) {
    if (room <= 0) break;
    bodies.push(drawList(entry, entry.tasks.slice(0, room), columns, view));
    room -= entry.tasks.length;
  }
  return makeTable(view, [drawColumns(columns, view)], bodies);
}

/** A list as a table of its own; its columns are measured by their own row, since the imprint spans them all. */
function drawSheet(entry, columns, view) {
  const widths = h("colgroup", {}, columns.map((name) => h("col", { class: `col-${name}` })));
  const heading = [drawImprint(entry, columns, view), drawColumns(columns, view)];
  return makeTable(view, heading, [drawList(entry, entry.tasks, columns, view)], widths);
}

function makeTable({ level }, heading, bodies, widths = null) {
  return h("table", { class: `tasks-table level-${level}` }, widths, h("thead", {}, heading), bodies);
}

/** A unit's list says its part; the projects have a column where there are any, who answers and who signs where `persons` may be named. */
function chooseColumns({ level, lists, persons }) {
  const linked = lists.some((entry) => entry.tasks.some((task) => (task.projects || []).length));
  const wanted = { role: level === "units", projects: linked, person: persons, sign: persons };
  return COLUMNS.filter((name) => wanted[name] ?? true);
}

function drawColumns(columns, view) {
  return h("tr", {}, columns.map((name) => h("th", headAttributes(name, view), headContent(name, view))));
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
  const sheet = findSheet(entry.tasks);
  const heading = h("tr", { class: "tasks-group" }, h("th", { colspan: String(columns.length - 1), scope: "rowgroup" },
    h("div", { class: "tasks-group-line" },
      h("strong", {}, nameEntry(entry)),
      h("span", { class: "tasks-group-count" }, t("tasks.count", { tasks: entry.tasks.length, projects: entry.projects.length })),
      sheet ? h("span", { class: "tasks-group-source" }, t("common.origin", { where: sheet })) : null)),
    h("th", { class: "col-source" }));
  const listed = { ...entry, sheet };
  return h("tbody", { data: { list: entry.id } }, heading, tasks.map((task, index) => drawTask(task, index, listed, columns, view)));
}

/** The file and sheet of all tasks of a list, if they are of one. */
function findSheet(tasks) {
  const sheets = new Set(tasks.map((task) => [task.file, task.sheet].filter(Boolean).join(" › ")));
  return sheets.size === 1 ? [...sheets][0] : "";
}

/** What each list carries on paper: title, whose it is, office, month, and whether it is made up. The source is not printed. */
function drawImprint(entry, columns, { site: { meta } }) {
  const facts = [
    meta.publisher ? `${t("common.publisher")}：${meta.publisher}` : "",
    `${t("common.as-of")}：${formatMonth(meta.month)}`,
    meta.approval ? `${t("common.approval")}：${meta.approval}` : t("common.no-approval"),
  ];
  return h("tr", { class: "list-imprint" }, h("th", { colspan: String(columns.length - 1) }, h("div", {},
    h("b", {}, document.querySelector("h1").textContent),
    h("b", { class: "list-imprint-name" }, nameEntry(entry)),
    facts.filter(Boolean).map((fact) => h("span", {}, fact)),
    meta.synthetic ? h("span", { class: "stamp" }, t("common.synthetic")) : null)));
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
  target: (task) => (isBlank(task.quantity) ? "" : [task.quantity, task.unit].filter((part) => !isBlank(part)).join(" ")),
  due: (task) => (task.due ? formatMonth(task.due) : ""),
  lead: (task) => list(task.lead),
  coop: (task) => list(task.coop),
  responsible: (task) => list(task.responsible),
  person: (task) => task.person,
  role: (task, index, entry) => list(listRoles(task, entry.id).map((role) => t(`tasks.role-${role}`))),
  projects: (task, index, entry, view) => drawProjects(task, view),
  source: (task, index, entry) => (entry.sheet && task.row ? h("span", { title: originText(task) }, t("common.row", { n: task.row })) : originText(task)),
  sign: () => "",
};

function isBlank(value) {
  return value === null || value === undefined || String(value).trim() === "";
}

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
