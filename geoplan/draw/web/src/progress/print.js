// For paper every row is written out, as a table whose heading comes back on each sheet.

import { h, svg } from "../core/dom.js";
import { t } from "../core/text.js";
import { money } from "../core/format.js";
import { lightSymbol } from "../core/symbols.js";
import { drawMonths, drawTrack, nameGroup, tellPlaces, tellSum } from "./row.js";
import { placeCutoff } from "./bars.js";
import { stateOf } from "./rows.js";

/** Keep `el` empty on the screen; fill it before printing with all rows of `getView()`. */
export function printAll(el, getView, also) {
  const fill = () => {
    if (!el.firstChild) el.replaceChildren(drawTable(getView()));
    also();
  };
  const clear = () => {
    el.replaceChildren();
    also();
  };
  addEventListener("beforeprint", fill);
  addEventListener("afterprint", clear);
  matchMedia("print").addEventListener("change", (event) => (event.matches ? fill() : clear()));
}

function drawTable(view) {
  const table = h("table", { class: "gantt-print" }, drawColumns(), drawHeading(view), h("tbody", {}, ...listRows(view)));
  const cut = view.axis ? placeCutoff(view.month, view.axis) : null;
  table.style.setProperty("--cut", String(cut ?? -1));
  table.style.setProperty("--months", String(view.axis ? view.axis.count : 12));
  return table;
}

function drawColumns() {
  return h("colgroup", {}, ...["number", "light", "name", "place", "unit", "money", "track"].map((name) => h("col", { class: `print-${name}` })));
}

function drawHeading(view) {
  const names = ["number", "light", "project", "place", "unit", "money"].map((name) => h("th", {}, t(`progress.column-${name}`)));
  return h("thead", {}, h("tr", {}, ...names, h("th", { class: "print-months" }, drawMonths(view))));
}

function listRows(view) {
  let number = 0;
  const rows = [];
  for (const group of view.groups) {
    if (group.kind !== "none") rows.push(drawHeader(group));
    for (const project of group.projects) {
      number += 1;
      rows.push(drawLine(number, project, view));
    }
  }
  return rows;
}

function drawHeader(group) {
  return h("tr", { class: "print-group" }, h("th", { colspan: "7" }, `${nameGroup(group)}　${tellSum(group)}`));
}

function drawLine(number, project, view) {
  const state = stateOf(project, view.monthText);
  return h("tr", {},
    h("td", { class: "number" }, String(number)),
    h("td", {}, lightSymbol(state.light || "unreported", view.site, 12)),
    h("td", {}, project.name || t("progress.no-name")),
    h("td", {}, tellPlaces(project, view.site, 2)),
    h("td", {}, project.lead.join("、")),
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
