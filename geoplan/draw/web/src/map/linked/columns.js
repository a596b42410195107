/** The columns of the project list: what a cell shows, and what stands in the saved list. */

import { originText } from "../../core/card.js";
import { h } from "../../core/dom.js";
import { stageName } from "../../core/filters.js";
import { list, moneyExact, number } from "../../core/format.js";
import { atMonth, stageAt } from "../../core/store.js";
import { lightName, lightSymbol } from "../../core/symbols.js";
import { t } from "../../core/text.js";

/** The columns in the order of the list. */
export const COLUMNS = ["id", "name", "category", "town", "village", "stage", "light", "plan", "share", "amount", "lead", "origin"];
/** Those that are figures and stand at the right. */
export const FIGURES = ["share", "amount"];

/** 分 as 万元 in digits alone, with at least two decimals and every one that was given: 35670000 → "35.67". */
export function writeMoney(fen) {
  if (fen == null) return "";
  const digits = String(Math.abs(fen)).padStart(7, "0");
  const part = digits.slice(-4).replace(/0+$/, "");
  return `${fen < 0 ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6, -4)}${part}`;
}

/** The names of a project's places: {towns, villages}. */
function namePlaces(project, { areas, site }) {
  const name = (code) => (areas.has(code) ? areas.get(code).name : code);
  const whole = project.codes.some((code) => code.length < 9) ? site.meta.name : "";
  const none = project.codes.length ? "" : t("method.unplaced");
  return { towns: list(project.towns.map(name)) || whole || none, villages: list(project.codes.filter((code) => code.length === 12).map(name)) };
}

function tellPlan([start, end] = []) {
  return start || end ? `${start || "?"} – ${end || "?"}` : "";
}

/** The texts of a project's row, by column; `scene` tells the month and the names of places. */
export function tellRow(project, scene) {
  const { towns, villages } = namePlaces(project, scene);
  const at = atMonth(project, scene.month);
  const stage = stageAt(project, scene.month);
  return {
    id: project.id,
    name: project.name || t("common.unnamed"),
    category: project.type,
    town: towns,
    village: villages,
    stage: stage ? stageName(stage) : "",
    light: lightName(at.light),
    plan: tellPlan(project.plan),
    share: at.actual == null ? "–" : number(at.actual, 1),
    amount: project.amount == null ? "–" : moneyExact(project.amount),
    lead: list(project.lead),
    origin: originText({ ...project, file: project.file.split("/").pop() }),
  };
}

/** A cell of the list; the whole text is in its tooltip where it may be cut. */
export function drawCell(column, text, project, scene) {
  const attrs = { class: FIGURES.includes(column) ? `col-${column} number` : `col-${column}`, title: text.length > 5 ? text : null };
  if (column === "amount" && project.amount == null) attrs.title = t("common.no-amount");
  if (column === "origin") attrs.title = originText(project);
  return h("td", attrs, column === "light" ? lightSymbol(atMonth(project, scene.month).light, scene.site, 13) : null, text);
}

/** The headings of the saved list. */
export function headSaved() {
  const name = (key) => t(`linked.column-${key}`);
  return ["id", "name", "category", "town", "village", "stage", "light", "plan-start", "plan-end", "share", "amount", "lead", "file", "sheet", "row"].map(name);
}

/** A project as a row of the saved list: texts, and numbers as they are. */
export function saveRow(project, scene) {
  const told = tellRow(project, scene);
  const [start, end] = project.plan || [];
  const { actual } = atMonth(project, scene.month);
  const texts = [project.id, project.name, told.category, told.town, told.village, told.stage, told.light, start || "", end || ""];
  return [...texts, actual ?? null, { digits: writeMoney(project.amount) }, told.lead, project.file, project.sheet, project.row];
}
