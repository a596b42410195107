/** In which order the projects of the list stand (no DOM). */

import { getLocale } from "../../core/format.js";
import { atMonth, stageAt } from "../../core/store.js";
import { GRAVITY } from "../../core/symbols.js";

const LAST = "\uffff";

/** The official order: the area, then towns and villages by their codes; what has no place comes last. */
function officialKey(project) {
  return project.codes.length ? [...project.codes].sort()[0] : LAST;
}

function village(project) {
  return project.codes.filter((code) => code.length === 12).sort()[0];
}

function rank(order, value) {
  const at = order.indexOf(value);
  return value ? (at < 0 ? order.length : at) : null;
}

function pad(row) {
  return String(row).padStart(8, "0");
}

/** What each column is sorted by; nothing (null, "") always comes last. */
const KEYS = {
  id: (project) => project.id,
  name: (project) => project.name,
  category: (project, { categories }) => rank(categories, project.type),
  town: (project) => [...project.towns].sort()[0],
  village,
  stage: (project, { stages, month }) => rank(stages, stageAt(project, month)),
  light: (project, { month }) => -GRAVITY[atMonth(project, month).light], // the worst first: they are what one looks for
  plan: ({ plan: [start, end] }) => (start || end ? `${start || end}${end || LAST}` : null),
  share: (project, { month }) => atMonth(project, month).actual,
  amount: (project) => project.amount,
  lead: (project) => project.lead.join("|"),
  origin: (project) => `${project.file}|${project.sheet}|${pad(project.row)}`,
};
const SPOKEN = ["id", "name", "lead", "origin"];

/** The columns by which the list can be sorted. */
export const SORTABLE = Object.keys(KEYS);

let collator = null;

/** Compares texts as the language does, "项目2" before "项目10". */
function compareSpoken(a, b) {
  collator ||= new Intl.Collator(getLocale(), { numeric: true });
  return collator.compare(a, b);
}

function comparePlain(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNothing(value) {
  return value == null || value === "";
}

/** "-amount" → {column: "amount", down: true}; no column where there is none of that name. */
export function readSort(text) {
  const column = text.replace(/^-/, "");
  return SORTABLE.includes(column) ? { column, down: text.startsWith("-") } : { column: "", down: false };
}

/** What a click on a heading asks for: up, down, then the official order again. */
export function nextSort(text, column) {
  const now = readSort(text);
  if (now.column !== column) return column;
  return now.down ? "" : `-${column}`;
}

/** All projects of the site in the asked order; equal ones stay in the official order, and in that of the ledgers. */
export function sortProjects(site, sort, month) {
  const facts = { month, categories: site.style.categories.map((one) => one.name), stages: Object.keys(site.style.stages) };
  const official = order(site.projects, officialKey, comparePlain, false);
  const { column, down } = readSort(sort);
  if (!column) return official;
  return order(official, (project) => KEYS[column](project, facts), SPOKEN.includes(column) ? compareSpoken : comparePlain, down);
}

function order(projects, keyOf, compare, down) {
  const keyed = projects.map((project, index) => ({ project, index, key: keyOf(project) }));
  const turn = down ? -1 : 1;
  keyed.sort((a, b) => isNothing(a.key) - isNothing(b.key) || (isNothing(a.key) ? 0 : turn * compare(a.key, b.key)) || a.index - b.index);
  return keyed.map((entry) => entry.project);
}
