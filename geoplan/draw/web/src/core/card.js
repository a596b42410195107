/** The card of a project: all its figures, and the file, sheet and row that they came from. */

import { h, replace } from "./dom.js";
import { stageName, sourceName } from "./filters.js";
import { formatMonth, list, moneyExact, number, percent, span } from "./format.js";
import { atMonth, stageAt } from "./store.js";
import { categoryOf, lightName, lightSymbol } from "./symbols.js";
import { t, tOr } from "./text.js";

/** "项目台账.xlsx › 2023年 › 第17行". */
export function originText(row) {
  const parts = [row.file, row.sheet, row.row ? t("common.row", { n: row.row }) : ""];
  return parts.filter(Boolean).join(" › ");
}

function placeNames(project, site) {
  const names = new Map([...site.towns, ...site.villages].map((area) => [area.code, area]));
  return project.codes.map((code) => {
    const area = names.get(code);
    if (!area) return code.length === 6 || code === site.meta.code ? site.meta.name : code;
    return area.townName ? `${area.townName}${area.name}` : area.name;
  });
}

function row(name, value, options = {}) {
  if (value == null || value === "" || (Array.isArray(value) && !value.length)) return null;
  return h("tr", { class: options.class }, h("th", { scope: "row" }, name), h("td", { class: options.number ? "number" : null }, value));
}

function moneyRows(project) {
  const sources = Object.entries(project.sources || {});
  const wan = (fen) => t("common.wan", { n: moneyExact(fen) });
  return [
    row(t("card.amount"), project.amount == null ? t("common.no-amount") : wan(project.amount)),
    ...sources.map(([source, fen]) => row(t("card.of-source", { source: sourceName(source) }), wan(fen), { class: "sub" })),
    row(t("card.paid"), project.paid == null ? "" : wan(project.paid)),
  ];
}

function behindText(behind) {
  if (behind == null) return "";
  if (Math.abs(behind) < 0.05) return t("card.level");
  return t(behind > 0 ? "card.behind" : "card.ahead", { n: number(Math.abs(behind), 1) });
}

function progressRows(project, at) {
  return [
    row(t("card.planned-share"), percent(at.planned)),
    row(t("card.actual-share"), percent(at.actual)),
    row(t("card.against-plan"), behindText(at.behind)),
    row(t("card.plan"), span(project.plan)),
    row(t("card.actual"), span(project.actual)),
    row(t("card.note"), at.note),
  ];
}

/** "进度来源：5月进度.xlsx › 进度 › 第 17 行"; nothing for a month without a return. */
function returnLine(at) {
  return at.from ? h("p", { class: "origin-of" }, t("card.from", { where: originText(at.from) })) : null;
}

function detailRows(project, site) {
  return [
    row(t("card.place"), project.place),
    row(t("card.places"), list(placeNames(project, site))),
    row(t("card.unresolved"), list(project.unresolved)),
    row(t("card.method"), tOr(`method.${project.method}`, project.method)),
    row(t("card.reason"), project.reason ? tOr(`reason.${project.reason}`, project.reason) : ""),
    row(t("card.candidates"), list((project.candidates || []).map((one) => `${one.town || ""}${one.name}`))),
    row(t("card.lead"), list(project.lead)),
    row(t("card.coop"), list(project.coop)),
    row(t("card.responsible"), list(project.responsible)),
    row(t("card.person"), project.person),
    row(t("card.nature"), project.nature),
    row(t("card.subtype"), project.subtype),
    row(t("card.priority"), project.priority == null ? "" : String(project.priority)),
    row(t("card.content"), project.content),
    row(t("card.quantity"), project.quantity == null || project.quantity === "" ? "" : `${project.quantity} ${project.unit || ""}`),
    row(t("card.remark"), project.remark),
    row(t("card.id"), project.id),
  ];
}

function table(rows) {
  const kept = rows.filter(Boolean);
  return kept.length ? h("table", { class: "card-table" }, h("tbody", {}, kept)) : null;
}

function lightLine(project, site, at, monthText) {
  const stage = stageAt(project, monthText);
  return h(
    "p",
    { class: "card-light" },
    lightSymbol(at.light, site, 18),
    h("strong", {}, lightName(at.light)),
    stage ? h("span", { class: "tag" }, stageName(stage)) : null,
    project.type ? categoryTag(site.style, project.type) : null,
    project.synthetic ? h("span", { class: "stamp stamp-small" }, t("common.synthetic")) : null,
  );
}

/** The category's glyph and name. */
export function categoryTag(style, type) {
  const category = categoryOf(style, type);
  return h("span", { class: "tag tag-category" }, h("i", { class: "glyph", style: { background: category.color } }, category.glyph), type);
}

function pageLink(page, project, store) {
  return h("a", { href: `${page}.html#${store.hash({ project: project.k })}`, data: { keep: "", project: project.k } }, t(`card.to-${page}`));
}

/** A card with a title, a close button and what it holds. */
export function cardBox(title, onClose, ...children) {
  return h(
    "article",
    { class: "card" },
    h("header", {}, h("h2", {}, title), onClose ? h("button", { type: "button", class: "close", "aria-label": t("common.close"), onclick: onClose }, "×") : null),
    h("div", { class: "card-body" }, children),
  );
}

/** The card of a project. `options`: {onClose, links: ["progress", "distribution"]}. */
export function projectCard(project, store, site, options = {}) {
  const monthText = store.month();
  const at = atMonth(project, monthText);
  const links = (options.links || []).map((page) => pageLink(page, project, store));
  return cardBox(
    project.name || t("common.unnamed"),
    options.onClose,
    lightLine(project, site, at, monthText),
    h("h3", {}, t("card.progress-at", { month: formatMonth(monthText) })),
    table(progressRows(project, at)),
    returnLine(at),
    h("h3", {}, t("card.money")),
    table(moneyRows(project)),
    h("h3", {}, t("card.details")),
    table(detailRows(project, site)),
    h("p", { class: "origin" }, t("common.origin", { where: originText(project) })),
    links.length ? h("p", { class: "card-links" }, links) : null,
  );
}

let panel = null;

function closePanel(store) {
  panel.hidden = true;
  panel.textContent = "";
  store.set("project", "");
}

function makePanel(store) {
  const box = h("aside", { id: "card", class: "card-panel" });
  document.body.append(box);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !box.hidden && closePanel(store));
  return box;
}

/** Shows the card of a project in a panel at the right (on a phone: at the foot), for the pages without a map. */
export function openCard(project, store, site, links = ["distribution"]) {
  if (!project) return;
  panel ||= makePanel(store);
  const card = projectCard(project, store, site, { onClose: () => closePanel(store), links });
  replace(panel, card);
  panel.hidden = false;
}
