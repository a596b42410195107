/** The cards of the page: a place and a rule, or a place with all that it lacks. */

import { cardBox } from "../core/card.js";
import { h } from "../core/dom.js";
import { list, number } from "../core/format.js";
import { t } from "../core/text.js";
import { OPEN, showCount } from "./model.js";

const MOST = 12;

/** The sign of a state in its colours. */
export function stateSign(gaps, state) {
  const look = gaps.states[state];
  return h("i", { class: "gm-sign", "aria-hidden": "true", style: { background: look.color, color: look.ink } }, look.sign);
}

/** The signs of the states with their names. */
export function signKeys(gaps) {
  return gaps.stateNames.map((state) => h("span", { class: "shade-key" }, stateSign(gaps, state), gaps.states[state].name));
}

function fact(name, value) {
  return value == null || value === "" ? null : h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value));
}

function tellValue(cell) {
  return cell.value == null ? "" : `${number(cell.value, 1)} ${cell.rule.unit}`;
}

/** Households with, without and unknown, as a bar and in words. */
function splitBar(cell) {
  const word = cell.homes ? "gaps.of-settlements" : "gaps.of-households";
  const parts = [["within", "gaps.within", cell.within], ["without", "gaps.without", cell.without], ["unknown", "gaps.not-known", cell.unknown]];
  const sum = parts.reduce((all, [, , count]) => all + Math.abs(count || 0), 0);
  if (!sum) return null;
  return [
    h("div", { class: "split-bar" }, parts.map(([name, , count]) => h("i", { class: `split-${name}`, style: { width: `${(100 * Math.abs(count || 0)) / sum}%` } }))),
    h("p", { class: "light-counts" }, parts.filter(([, , count]) => count).map(([name, key, count]) => h("span", {}, h("i", { class: `split-key split-${name}` }), t(key), h("b", {}, t(word, { n: showCount(count) }))))),
  ];
}

/** "812 米，12 分钟", "没有路连通". */
function tellReach(gaps, reach, rule) {
  if (rule.measure !== "distance") return t("gaps.no-line");
  const { m, minutes, why } = gaps.reach;
  if (m[reach] == null) return gaps.words.home[why[reach]] || t("gaps.no-way");
  const far = t("gaps.metres", { n: number(m[reach]) });
  const told = minutes[reach] == null ? far : `${far} · ${t("gaps.minutes", { n: number(minutes[reach], 1) })}`;
  return rule.straight ? `${told}（${t("gaps.straight-way")}）` : told;
}

function homeLine(gaps, home, reach, rule) {
  const facility = gaps.reach.facility[reach];
  const households = gaps.homes.households[home];
  return h(
    "li",
    { data: { home } },
    h("b", {}, gaps.homes.name[home]),
    households == null ? null : h("small", {}, t("gaps.of-households", { n: showCount(households) })),
    h("span", {}, tellReach(gaps, reach, rule)),
    facility >= 0 && gaps.facilities.name[facility] ? h("small", {}, `→ ${gaps.facilities.name[facility]}`) : null,
  );
}

/** The settlements that are left out, the farthest first. */
function leftOut(gaps, cell) {
  const reaches = gaps.reachesOf(cell.rule);
  const far = (home) => gaps.reach.m[reaches.get(home)] ?? Infinity;
  const homes = gaps.homesOf(cell.place.code).filter((home) => reaches.has(home) && gaps.reach.state[reaches.get(home)] === 1);
  if (!homes.length) return null;
  homes.sort((a, b) => far(b) - far(a));
  return [
    h("h3", {}, t("gaps.left-out", { n: homes.length })),
    h("ul", { class: "home-list" }, homes.slice(0, MOST).map((home) => homeLine(gaps, home, reaches.get(home), cell.rule))),
    homes.length > MOST ? h("p", { class: "aside" }, t("gaps.more-left", { n: homes.length - MOST })) : null,
  ];
}

/** The nearest facility of all settlements of the place. */
function nearest(gaps, cell) {
  const reaches = gaps.reachesOf(cell.rule);
  const known = gaps.homesOf(cell.place.code).map((home) => reaches.get(home)).filter((reach) => reach != null && gaps.reach.m[reach] != null && gaps.reach.facility[reach] >= 0);
  if (!known.length) return null;
  const best = known.reduce((least, one) => (gaps.reach.m[one] < gaps.reach.m[least] ? one : least));
  const name = gaps.facilities.name[gaps.reach.facility[best]] || cell.rule.name;
  return h("p", {}, t("gaps.nearest", { name, distance: tellReach(gaps, best, cell.rule) }));
}

function projectLinks(cell, site) {
  if (!cell.projects.length) return OPEN.includes(cell.state) ? h("p", { class: "empty" }, t("gaps.no-projects")) : null;
  const names = new Map(site.projects.map((project) => [project.k, project.name]));
  const line = (key) =>
    h(
      "li",
      {},
      h("b", {}, names.get(key) || key),
      h("a", { href: `distribution.html#project=${encodeURIComponent(key)}` }, t("gaps.on-map")),
      h("a", { href: `progress.html#project=${encodeURIComponent(key)}` }, t("gaps.on-chart")),
    );
  return [h("h3", {}, t("gaps.linked")), h("ul", { class: "home-list" }, cell.projects.map(line))];
}

/** A planned line; where it serves several places, that its figures are those of all of them. */
function tellLink(gaps, cell, link) {
  const figures = { m: number(link.m), n: showCount(link.households), wan: number(Number(link.wan || 0), 2) };
  const told = t(link.wan == null ? "gaps.planned-line" : "gaps.planned-line-cost", figures);
  const others = link.codes.filter((code) => code !== cell.place.code).map((code) => gaps.placesByCode.get(code)?.name || code);
  return others.length ? `${told}${t("gaps.planned-with", { places: list(others) })}` : told;
}

function plans(gaps, cell) {
  const links = gaps.links.filter((link) => link.rule === cell.rule.index && link.codes.includes(cell.place.code));
  const sites = gaps.sites.filter((site) => site.rule === cell.rule.index && site.code === cell.place.code);
  return [
    links.map((link) => h("p", { class: "planned" }, tellLink(gaps, cell, link))),
    sites.map((site) => h("p", { class: "planned" }, t("gaps.planned-site", { rank: site.rank, count: site.count, n: showCount(site.households) }))),
  ];
}

/** The card of a place and a rule that goes for it. */
export function cellCard(gaps, cell, site, onClose) {
  const { rule, place } = cell;
  return cardBox(
    `${place.name} · ${rule.name}`,
    onClose,
    h("p", { class: "card-light" }, stateSign(gaps, cell.state), h("b", { class: "cell-state" }, gaps.states[cell.state].name)),
    h("p", { class: "cell-why" }, cell.why),
    splitBar(cell),
    h("table", { class: "card-table" }, fact(rule.measure === "distance" && rule.share < 100 ? t("gaps.value-share", { n: rule.share }) : t("gaps.value"), tellValue(cell)), fact(t("gaps.threshold"), rule.rule), fact(t("gaps.applies"), rule.applies), fact(t("gaps.source"), rule.source)),
    rule.measure === "distance" ? nearest(gaps, cell) : null,
    leftOut(gaps, cell),
    plans(gaps, cell),
    projectLinks(cell, site),
    cell.where ? h("p", { class: "origin" }, `${t("gaps.evidence")}：${cell.where}`) : null,
  );
}

/** The card of a place: what its urgency is made of, and its states. */
export function placeCard(gaps, place, columns, onCell, onClose) {
  const part = ([rule, weight, count]) =>
    h("li", {}, h("button", { type: "button", class: "link", onclick: () => onCell(place.code, gaps.rules[rule].id) }, t("gaps.part", { facility: gaps.rules[rule].name, weight, n: showCount(count) })));
  const lacking = columns.filter((rule) => OPEN.includes(gaps.stateAt(place, rule)));
  const unknown = columns.filter((rule) => gaps.stateAt(place, rule) === "unknown");
  const one = (rule) => h("button", { type: "button", class: "state-chip", onclick: () => onCell(place.code, rule.id) }, stateSign(gaps, gaps.stateAt(place, rule)), rule.name);
  const people = place.households == null ? t("gaps.no-count") : t("gaps.place-people", { households: showCount(place.households), people: showCount(place.people) || "–", settlements: place.settlements ?? 0 });
  return cardBox(
    `${place.townName}${place.name === place.townName ? "" : place.name}`,
    onClose,
    h("p", {}, people),
    h("p", {}, h("b", {}, t("gaps.place-counts", { gaps: lacking.length, unknown: unknown.length }))),
    h("div", { class: "state-chips" }, lacking.map(one), unknown.map(one)),
    place.parts.length ? [h("h3", {}, t("gaps.parts", { n: number(place.urgency) })), h("ul", { class: "home-list" }, place.parts.map(part))] : null,
  );
}
