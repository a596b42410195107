// One row, one group heading and the months above them, as elements; used on the screen and in print.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { formatMonth, list, money, writeMonth } from "../core/format.js";
import { lightName, lightSymbol } from "../core/symbols.js";
import { placeBars, placeCutoff } from "./bars.js";
import { countLights, stateOf } from "./rows.js";
import { drawTrack, percentOf } from "./track.js";

/** The heading: a corner over the labels, and years over months. */
export function drawHead(view) {
  const corner = h("div", { class: "gantt-corner" },
    h("span", { class: "gantt-light" }),
    h("span", { class: "gantt-name" }, t("progress.column-project")),
    h("span", { class: "gantt-place" }, t("progress.column-place")),
    h("span", { class: "gantt-unit" }, t("progress.column-unit")));
  return [corner, drawMonths(view)];
}

/** Years over months, with the flag of the cut-off. */
export function drawMonths(view) {
  const { axis, month } = view;
  if (!axis) return h("div", { class: "gantt-months" });
  const years = axis.years.map((year) => h("span", { class: "gantt-year" }, t("progress.year", { year })));
  const months = Array.from({ length: axis.count }, (_, i) =>
    h("span", { class: axis.first + i === month ? "gantt-month now" : "gantt-month" }, String((i % 12) + 1)));
  return h("div", { class: "gantt-months" },
    h("div", { class: "gantt-years" }, ...years),
    h("div", { class: "gantt-numbers" }, ...months),
    drawFlag(view));
}

function drawFlag({ axis, month }) {
  if (month === null) return "";
  const share = placeCutoff(month, axis);
  const side = share > 0.5 ? "gantt-flag left" : "gantt-flag";
  const flag = h("span", { class: side }, t("progress.cutoff", { month: formatMonth(writeMonth(month)) }));
  flag.style.left = percentOf(share);
  return flag;
}

/** A project's row under its group. */
export function drawRow(project, group, view) {
  const row = h("div", { class: "gantt-row", "data-key": project.k }, drawLabel(project, group, view), drawTrack(project, view));
  row.span = view.axis ? spanBars(project, view) : null;
  return row;
}

/** All that a row's bars cover, as shares of the axis, with its first and last month. */
function spanBars(project, view) {
  const { plan, actual } = placeBars(project, stateOf(project, view.monthText), view.month, view.axis);
  const spans = [plan, actual].filter(Boolean);
  if (!spans.length) return null;
  const left = Math.min(...spans.map((span) => span.left));
  const right = Math.max(...spans.map((span) => span.left + span.width));
  const month = (share) => view.axis.first + Math.round(share * view.axis.count);
  return { left, right, first: writeMonth(month(left)), last: writeMonth(month(right) - 1) };
}

/** Say in a row that its bars lie before or after what is seen of the axis. */
export function pointRow(row, span, from, to) {
  const side = span.right <= from ? "before" : span.left >= to ? "after" : "";
  const old = row.querySelector(".gantt-beyond");
  if (old && old.classList.contains(side || "none")) return;
  if (old) old.remove();
  if (!side) return;
  const month = formatMonth(side === "before" ? span.last : span.first);
  row.lastElementChild.append(h("span", { class: `gantt-beyond ${side}` }, t(`progress.beyond-${side}`, { month })));
}

function drawLabel(project, group, view) {
  const state = stateOf(project, view.monthText);
  return h("div", { class: "gantt-label" },
    h("span", { class: "gantt-light" }, lightSymbol(state.light || "unreported", view.site, 14)),
    h("button", { class: "gantt-name", type: "button", title: project.name }, drawName(project, view.site)),
    h("span", { class: "gantt-place", title: tellPlaces(project, view.site, 99, group) }, tellPlaces(project, view.site, 1, group)),
    h("span", { class: "gantt-unit", title: list(project.lead) }, tellUnits(project)));
}

/** The name, its opening folded away where it only says year, county and town, as most names of a ledger begin. */
function drawName(project, site) {
  const name = project.name || t("progress.no-name");
  const places = project.codes.flatMap((code) => [site.names.get(code.slice(0, 9)), site.names.get(code)]);
  const cut = findOpening(name, [site.meta.name, ...places]);
  return cut ? [h("span", { class: "gantt-opening" }, name.slice(0, cut)), name.slice(cut)] : name;
}

/** How many characters of a name only repeat its year and places; the rest keeps at least four. */
export function findOpening(name, places) {
  let cut = (/^\d{4}年度?/.exec(name) || [""])[0].length;
  for (const place of places) if (place && name.startsWith(place, cut)) cut += place.length;
  return name.length - cut < 4 ? 0 : cut;
}

/** A group's heading: name, count, money and how many stand at which light. */
export function drawGroup(group, view) {
  const closed = view.collapsed.has(group.id);
  return h("div", { class: "gantt-group", "data-group": group.id },
    h("button", { class: "gantt-fold", type: "button", "aria-expanded": String(!closed), title: `${nameGroup(group)} ${tellSum(group)}${tellNotes(group)}` },
      h("span", { class: "gantt-arrow", "aria-hidden": "true" }, closed ? "▸" : "▾"),
      h("strong", {}, nameGroup(group)),
      h("span", { class: "gantt-sum" }, tellSum(group)),
      h("span", { class: "gantt-lights" }, ...drawLights(group.projects, view)),
      h("span", { class: "gantt-notes" }, tellNotes(group))));
}

export function drawLights(projects, view) {
  return countLights(projects, view.monthText).map(([light, count]) =>
    h("span", { class: "light-count", title: lightName(light) }, lightSymbol(light, view.site, 12), String(count)));
}

/** How many projects and how much money; where a project may stand in several groups it is "concerned", not "has". */
export function tellSum(group) {
  const facts = { count: group.projects.length, money: money(group.amount) };
  const sum = t(group.priced ? "progress.sum" : "progress.sum-no-money", facts);
  return group.several ? t("progress.sum-involved", { sum }) : sum;
}

/** What the sum does not say: how many have no amount, and how many stand in other groups too. */
export function tellNotes(group) {
  const missing = group.projects.length - group.priced;
  const notes = [
    group.priced && missing ? t("progress.sum-missing", { count: missing }) : "",
    group.shared ? t(`progress.sum-shared-${group.kind}`, { count: group.shared }) : "",
  ].filter(Boolean);
  return notes.length ? t("progress.sum-notes", { notes: notes.join(t("progress.sum-and")) }) : "";
}

export function nameGroup(group) {
  if (group.kind === "light") return lightName(group.id);
  if (group.kind === "none") return t("progress.all");
  return group.id.startsWith("~") ? t(`progress.group${group.id.replace("~", "-")}-${group.kind}`) : group.label;
}

/** The places of a project in words: the first `most`, then 等; those of the group's own town or village come first. */
export function tellPlaces(project, site, most, group = null) {
  const names = sortCodes(project.codes, group).map((code) => site.names.get(code) || code);
  if (!names.length) return project.place ? t("progress.unplaced-as", { place: project.place }) : t("progress.unplaced");
  if (names.length <= most) return list(names);
  return t("progress.and-more", { names: list(names.slice(0, most)), count: names.length });
}

function sortCodes(codes, group) {
  if (!group || (group.kind !== "town" && group.kind !== "village")) return codes;
  const own = (code) => code.startsWith(group.id);
  return [...codes.filter(own), ...codes.filter((code) => !own(code))];
}

function tellUnits(project) {
  if (project.lead.length < 2) return project.lead[0] || "–";
  return t("progress.units-more", { name: project.lead[0], count: project.lead.length });
}
