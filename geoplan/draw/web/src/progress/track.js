// The bars of one project as elements, and what is said beside them; used on the screen and in print.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { percent } from "../core/format.js";
import { placeBars } from "./bars.js";
import { stateOf } from "./rows.js";

const INK_SHARE = 0.66;

/** The bars of a project on the axis. */
export function drawTrack(project, view) {
  if (!view.axis) return h("div", { class: "gantt-track" }, drawNote(t("progress.no-plan")));
  const state = stateOf(project, view.monthText);
  const bars = placeBars(project, state, view.month, view.axis);
  const track = h("div", { class: "gantt-track" },
    bars.plan ? drawPlan(bars.plan) : drawNote(t("progress.no-plan")),
    bars.actual ? place(h("i", { class: "gantt-actual" }), bars.actual) : "",
    ...bars.marks.map(drawMark),
    drawWords(tellStanding(bars, state), bars.tellAt));
  const color = view.site.style.lights[state.light || "unreported"]?.color || "";
  track.style.setProperty("--light", color);
  track.style.setProperty("--light-ink", darken(color));
  return track;
}

/** What stands beside the bars, as [kind, text]: the reported share, 未开工, or that nothing was reported. */
export function tellStanding(bars, state) {
  const { actual } = state;
  if (bars.actual && typeof actual === "number") return ["share", percent(actual)];
  if (typeof actual === "number" && actual > 0) return ["share", t("progress.share-no-start", { share: percent(actual) })];
  if ((state.light || "unreported") === "unreported") return bars.actual || bars.due ? ["unreported", t("progress.unreported")] : null;
  return bars.due && state.light !== "done" ? ["unstarted", t("progress.unstarted")] : null;
}

function drawPlan(span) {
  const fill = h("i", { class: "gantt-done" });
  fill.style.width = percentOf(span.fill ?? 0);
  return place(h("i", { class: "gantt-plan" }, fill), span);
}

function drawMark(mark) {
  const diamond = h("i", { class: `gantt-mark ${mark.kind}` });
  diamond.style.left = percentOf(mark.at);
  return diamond;
}

function drawWords(words, at) {
  if (!words || at === null) return "";
  const [kind, text] = words;
  const label = h("span", { class: `gantt-share ${kind}${at > 0.93 ? " inside" : ""}` }, text);
  label.style.left = percentOf(at);
  return label;
}

function drawNote(text) {
  return h("span", { class: "gantt-note" }, text);
}

/** A light's colour as ink: dark enough to be read as small text on white. */
export function darken(color) {
  const parts = /^#(..)(..)(..)$/.exec(color || "");
  return parts ? `rgb(${parts.slice(1).map((part) => Math.round(parseInt(part, 16) * INK_SHARE)).join(", ")})` : "inherit";
}

function place(element, span) {
  element.style.left = percentOf(span.left);
  element.style.width = percentOf(span.width);
  return element;
}

export function percentOf(share) {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
