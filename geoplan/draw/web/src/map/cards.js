/** The cards of the map: a project, a village with all its projects, or the many projects of one point. */

import { cardBox, originText, projectCard } from "../core/card.js";
import { h, replace } from "../core/dom.js";
import { formatMonth, money, number } from "../core/format.js";
import { keepLinks } from "../core/nav.js";
import { atMonth } from "../core/store.js";
import { GRAVITY, LIGHTS, categoryOf, lightName, lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";
import { sumProjects } from "../core/totals.js";

function projectLine(scene, project, onChoose) {
  const { light } = atMonth(project, scene.month);
  const category = categoryOf(scene.style, project.type);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "project-line", title: originText(project), onclick: () => onChoose(project) },
      lightSymbol(light, scene.site, 16),
      h("i", { class: "glyph glyph-plain", title: project.type }, project.type ? category.glyph : "·"),
      h("span", { class: "key-name" }, project.name || t("common.unnamed")),
      h("span", { class: "number" }, project.amount == null ? "–" : money(project.amount, 1)),
    ),
  );
}

/** Projects as a list, the worst light first. */
export function projectList(scene, projects, onChoose) {
  const rank = (project) => -GRAVITY[atMonth(project, scene.month).light];
  const sorted = [...projects].sort((a, b) => rank(a) - rank(b) || (b.amount || 0) - (a.amount || 0));
  return h(
    "div",
    { class: "project-list" },
    h("p", { class: "list-head" }, h("span", {}, t("map.card-projects")), h("span", {}, t("map.column-amount"))),
    h("ul", {}, sorted.map((project) => projectLine(scene, project, onChoose))),
  );
}

function lightCounts(scene, sums) {
  return h(
    "p",
    { class: "light-counts" },
    LIGHTS.filter((light) => sums.lights[light]).map((light) => h("span", { title: lightName(light) }, lightSymbol(light, scene.site, 15), h("b", {}, String(sums.lights[light])), lightName(light))),
  );
}

function fact(name, value) {
  return value == null || value === "" ? null : h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value));
}

/** How many projects a village has; under a filter, how many of them it lets through. */
function countText(scene, projects, all) {
  if (!scene.narrowed || !all) return t("common.count", { n: projects.length });
  return t("map.card-count-filtered", { n: projects.length, total: all });
}

function amountText(sums) {
  if (sums.withoutAmount === sums.count) return t("common.no-amount");
  return t("common.wan", { n: money(sums.amount) });
}

function villageFacts(village, projects, sums, count) {
  const crossing = projects.some((project) => project.codes.length > 1);
  return h(
    "table",
    { class: "card-table" },
    h(
      "tbody",
      {},
      fact(t("map.card-town"), village.townName),
      fact(t("map.card-households"), village.households == null ? "" : t("map.households", { n: number(village.households) })),
      fact(t("map.card-people"), village.people == null ? "" : t("map.people", { n: number(village.people) })),
      fact(t("map.card-count"), count),
      projects.length ? fact(t("map.card-money"), [amountText(sums), crossing ? h("small", { class: "aside" }, t("map.card-money-note")) : null]) : null,
      fact(t("map.card-area"), village.code),
    ),
  );
}

/** The card of a village: who lives there, how many projects and how much money, and the list of them. */
export function villageCard(scene, code, { onClose, onChoose, onOnly }) {
  const village = scene.areas.get(code) || { code, name: code };
  const projects = scene.byVillage.get(code) || [];
  const sums = sumProjects(projects, scene.month);
  const all = (scene.allByVillage.get(code) || []).length;
  const waiting = all && !scene.narrowed ? h("p", { class: "empty" }, t("map.card-not-begun", { n: all })) : null; // else the facts say it
  const only = scene.store.get("village").includes(code) ? null : h("button", { type: "button", class: "button", onclick: onOnly }, t("map.only-village"));
  return cardBox(
    village.name,
    onClose,
    h("p", { class: "card-month" }, formatMonth(scene.month)),
    villageFacts(village, projects, sums, countText(scene, projects, all)),
    projects.length ? [lightCounts(scene, sums), projectList(scene, projects, onChoose)] : waiting,
    all ? h("p", { class: "card-links" }, only) : null,
  );
}

/** The card of a point where many projects stand that is no village. */
export function pointCard(scene, projects, title, { onClose, onChoose }) {
  const sums = sumProjects(projects, scene.month);
  return cardBox(title, onClose, h("p", { class: "card-month" }, `${t("map.here", { n: projects.length })} · ${amountText(sums)}`), lightCounts(scene, sums), projectList(scene, projects, onChoose));
}

/** The panel that holds one card at a time. */
export class CardPanel {
  constructor(element) {
    this.element = element;
    this.showing = null;
  }

  /** Shows a card; `what` says which one, so that it can be drawn again. */
  show(what, card, store) {
    const same = this.showing && this.showing.kind === what.kind && this.showing.id === what.id;
    const top = same ? this.element.querySelector(".card-body")?.scrollTop : 0;
    this.showing = what;
    replace(this.element, card);
    keepLinks(store, this.element);
    this.element.hidden = false;
    if (top) this.element.querySelector(".card-body").scrollTop = top;
  }

  hide() {
    this.showing = null;
    this.element.hidden = true;
    this.element.textContent = "";
  }
}

export { projectCard };
