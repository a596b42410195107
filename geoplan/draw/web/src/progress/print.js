// For paper every row is written out, as a table whose heading comes back on each sheet; before it the legend and the rule.

import { $, h, svg } from "../core/dom.js";
import { t } from "../core/text.js";
import { formatMonth, list, money } from "../core/format.js";
import { lightSymbol } from "../core/symbols.js";
import { drawMonths, nameGroup, tellNotes, tellPlaces, tellSum } from "./row.js";
import { drawTrack } from "./track.js";
import { placeCutoff } from "./bars.js";
import { stateOf } from "./rows.js";

const COLUMNS = ["number", "light", "project", "place", "unit", "money"];

/** Keep `el` empty on the screen; fill it before printing with all rows of `getView()`. `also(paper)` is told of both. */
export function printAll(el, getView, also) {
  const fill = () => {
    if (!el.firstChild) el.replaceChildren(...copyKeys(), drawTable(getView()));
    also(true);
  };
  const clear = () => {
    el.replaceChildren();
    also(false);
  };
  addEventListener("beforeprint", fill);
  addEventListener("afterprint", clear);
  matchMedia("print").addEventListener("change", (event) => (event.matches ? fill() : clear()));
}

/** The legend and the rule of the lights, for the first sheet. */
function copyKeys() {
  return [".progress-legend", ".progress-note"].map((name) => $(name)).filter((part) => part && !part.hidden).map((part) => {
    const copy = part.cloneNode(true);
    copy.classList.add("on-paper");
    return copy;
  });
}

function drawTable(view) {
  const table = h("table", { class: "gantt-print" }, drawColumns(), drawHeading(view), h("tbody", {}, ...listRows(view)));
  const cut = view.axis ? placeCutoff(view.month, view.axis) : null;
  table.style.setProperty("--cut", String(cut ?? -1));
  table.style.setProperty("--months", String(view.axis ? view.axis.count : 12));
  return table;
}

function drawColumns() {
  return h("colgroup", {}, ...[...COLUMNS, "track"].map((name) => h("col", { class: `print-${name}` })));
}

function drawHeading(view) {
  const names = COLUMNS.map((name) => h("th", {}, t(`progress.column-${name}`)));
  return h("thead", {}, drawTitle(view), h("tr", {}, ...names, h("th", { class: "print-months" }, drawMonths(view))));
}

/** The line that stands over every sheet, so that none goes about without its title, month and office. */
function drawTitle({ site, monthText }) {
  const { meta } = site;
  const facts = [
    meta.publisher ? `${t("common.publisher")}：${meta.publisher}` : "",
    `${t("common.as-of")}：${formatMonth(meta.month)}`,
    monthText && monthText !== meta.month ? t("progress.shown-month", { month: formatMonth(monthText) }) : "",
    meta.approval ? `${t("common.approval")}：${meta.approval}` : t("common.no-approval"),
  ];
  return h("tr", { class: "print-title" }, h("th", { colspan: "7" }, h("div", {},
    h("b", {}, $("h1").textContent),
    ...facts.filter(Boolean).map((fact) => h("span", {}, fact)),
    meta.synthetic ? h("span", { class: "stamp" }, t("common.synthetic")) : null)));
}

function listRows(view) {
  const numbers = new Map();
  const rows = [];
  for (const group of view.groups) {
    if (group.kind !== "none") rows.push(drawHeader(group));
    for (const project of group.projects) rows.push(drawLine(numberProject(numbers, project), project, group, view));
  }
  return rows;
}

/** Numbers count projects: one that stands in a second group refers to its number. */
export function numberProject(numbers, project) {
  if (numbers.has(project.k)) return t("progress.same-number", { number: numbers.get(project.k) });
  numbers.set(project.k, numbers.size + 1);
  return String(numbers.size);
}

function drawHeader(group) {
  return h("tr", { class: "print-group" }, h("th", { colspan: "7" }, `${nameGroup(group)}　${tellSum(group)}${tellNotes(group)}`));
}

function drawLine(number, project, group, view) {
  const state = stateOf(project, view.monthText);
  return h("tr", {},
    h("td", { class: "number" }, number),
    h("td", {}, lightSymbol(state.light || "unreported", view.site, 12)),
    h("td", {}, project.name || t("progress.no-name")),
    h("td", {}, tellPlaces(project, view.site, 2, group)),
    h("td", {}, list(project.lead)),
    h("td", { class: "number" }, typeof project.amount === "number" ? money(project.amount) : "–"),
    h("td", { class: "print-track" }, drawGrid(view), drawTrack(project, view)));
}

/** The months' lines as two paths: a repeated gradient would make a PDF of many megabytes. */
function drawGrid({ axis }) {
  if (!axis) return null;
  const lines = (step) => Array.from({ length: axis.count / step - 1 }, (_, i) => `M${(i + 1) * step} 0V1`).join("");
  return svg("svg", { class: "print-grid", viewBox: `0 0 ${axis.count} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { d: lines(1), class: "print-month-line" }),
    svg("path", { d: lines(12), class: "print-year-line" }));
}
