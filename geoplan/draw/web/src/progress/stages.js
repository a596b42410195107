// The four stages as columns: how many projects, how much money, and at which lights.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { money } from "../core/format.js";
import { stageName } from "../core/filters.js";
import { drawLights } from "./row.js";
import { stateOf } from "./rows.js";

export const STAGES = ["谋划", "储备", "建设", "达效"];

/** Columns 谋划 储备 建设 达效 (and one for projects without a stage), each a button that filters by it. */
export function drawStages(el, projects, view, chosen, onChoose) {
  const counted = countStages(projects, view.monthText);
  const most = Math.max(1, ...counted.map((entry) => entry.projects.length));
  el.replaceChildren(...counted.map((entry) => drawColumn(entry, most, view, chosen, onChoose)));
}

/** Projects by their stage in a month; an unknown stage comes last, and only if there is one. */
export function countStages(projects, month) {
  const entries = new Map(STAGES.map((stage) => [stage, startEntry(stage)]));
  for (const project of projects) {
    const stage = stateOf(project, month).stage || project.stage || "";
    const known = entries.has(stage) ? stage : "";
    if (!entries.has(known)) entries.set(known, startEntry(known));
    addProject(entries.get(known), project);
  }
  return [...entries.values()];
}

function startEntry(stage) {
  return { stage, projects: [], amount: 0, priced: 0 };
}

function addProject(entry, project) {
  entry.projects.push(project);
  if (typeof project.amount !== "number") return;
  entry.amount += project.amount;
  entry.priced += 1;
}

function drawColumn(entry, most, view, chosen, onChoose) {
  const bar = h("i", { class: "stage-bar" });
  bar.style.height = `${Math.round((entry.projects.length / most) * 100)}%`;
  bar.style.background = view.site.style.stages[entry.stage]?.color || "";
  const column = h("button", { class: "stage", type: "button", "data-stage": entry.stage },
    h("span", { class: "stage-count" }, String(entry.projects.length)),
    h("span", { class: "stage-box" }, bar),
    h("span", { class: "stage-name" }, entry.stage ? stageName(entry.stage) : t("progress.stage-unknown")),
    h("span", { class: "stage-money" }, entry.priced ? money(entry.amount) : "–"),
    h("span", { class: "stage-lights" }, ...drawLights(entry.projects, view)));
  column.disabled = !entry.stage;
  column.title = entry.stage ? t("progress.stage-hint") : "";
  column.setAttribute("aria-pressed", String(chosen.includes(entry.stage)));
  column.addEventListener("click", () => onChoose(entry.stage));
  return column;
}
