// What is said beside the pointer: the figures of one project in the month.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { list, money, percent, span } from "../core/format.js";
import { lightName, lightSymbol } from "../core/symbols.js";
import { happenedAt, stateOf } from "./rows.js";
import { tellPlaces } from "./row.js";

const GAP_PX = 14;

export function createTip() {
  const tip = h("div", { class: "gantt-tip", role: "tooltip" });
  tip.hidden = true;
  document.body.append(tip);
  let shown = null;
  return {
    show(project, view, x, y) {
      if (shown !== project) tip.replaceChildren(...tellProject(project, view));
      shown = project;
      tip.hidden = false;
      placeTip(tip, x, y);
    },
    hide() {
      shown = null;
      tip.hidden = true;
    },
  };
}

/** The lines of the tip: nothing that is not known is shown. */
export function tellProject(project, view) {
  const state = stateOf(project, view.monthText);
  const light = state.light || "unreported";
  return [
    h("strong", {}, project.name || t("progress.no-name")),
    h("div", { class: "tip-light" }, lightSymbol(light, view.site, 13), " ", lightName(light), tellBehind(state)),
    h("dl", {}, ...listFacts(project, state, view).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  ];
}

function tellBehind(state) {
  if (!isNumber(state.behind) || state.behind <= 0) return "";
  return t("progress.behind", { points: trim(state.behind) });
}

function listFacts(project, state, view) {
  const unknown = t("progress.unknown");
  const share = (value) => (isNumber(value) ? percent(value) : unknown);
  return [
    [t("progress.tip-plan"), span(project.plan) || t("progress.no-plan")],
    [t("progress.tip-actual"), span(happenedAt(project, state)) || t("progress.not-begun")],
    [t("progress.tip-share"), t("progress.tip-share-value", { planned: share(state.planned), actual: share(state.actual) })],
    [t("progress.tip-amount"), isNumber(project.amount) ? t("progress.wan", { money: money(project.amount) }) : t("progress.no-amount")],
    [t("progress.tip-paid"), isNumber(state.paid) ? t("progress.wan", { money: money(state.paid) }) : unknown],
    [t("progress.column-place"), tellPlaces(project, view.site, 6)],
    [t("progress.column-unit"), list(project.lead) || unknown],
  ];
}

function placeTip(tip, x, y) {
  const { width, height } = tip.getBoundingClientRect();
  const left = x + GAP_PX + width > innerWidth ? x - GAP_PX - width : x + GAP_PX;
  const top = y + GAP_PX + height > innerHeight ? y - GAP_PX - height : y + GAP_PX;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${Math.max(4, top)}px`;
}

function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

function trim(value) {
  return String(Math.round(value * 10) / 10);
}
