/** What the search finds, as a list under the box: towns, then villages, then projects; picking one goes there. */

import { h, replace } from "../core/dom.js";
import { holdsCode } from "../core/codes.js";
import { readCoordinates, tellCoordinates } from "../core/coordinates.js";
import { fold, number } from "../core/format.js";
import { atMonth } from "../core/store.js";
import { rankMatch } from "../core/sounds.js";
import { lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";

/** How many of each kind are listed. */
const MOST = { towns: 4, villages: 8, projects: 12 };
/** Behind every village whose own name matches: those of a town whose name does. */
const BY_TOWN = 2;

/** The places and projects whose names hold the words, as written or as they sound, or whose code they are; the best first. */
export function findMatches(scene, words) {
  const needle = fold(words);
  if (!needle) return { towns: [], villages: [], projects: [] };
  const rank = (text) => rankMatch(fold(text), needle);
  const rankPlace = ({ code, name }) => (holdsCode([code], needle) ? 0 : rank(name));
  const rankVillage = (village) => Math.min(rankPlace(village), BY_TOWN + rank(village.townName || ""));
  const rankProject = (project) => (holdsCode([...project.codes, ...project.towns], needle) ? 0 : rankMatch(scene.store.haystacks.get(project.k), needle));
  return { towns: keepBest(scene.site.towns, rankPlace), villages: keepBest(scene.site.villages, rankVillage), projects: keepBest(scene.site.projects, rankProject) };
}

/** Those with a rank, the least first, else in their order. */
function keepBest(found, rank) {
  const ranked = found.map((one) => [rank(one), one]).filter(([at]) => at < Infinity);
  return ranked.sort(([a], [b]) => a - b).map(([, one]) => one);
}

function result(attrs, ...children) {
  return h("button", { type: "button", class: "result", role: "option", ...attrs }, children);
}

/** Where typed coordinates lead; out of the map's reach they lead nowhere. */
function drawPlace(scene, place, on) {
  const { map } = scene;
  if (!map.options.maxBounds.contains([place.lat, place.lng])) return [h("p", { class: "empty" }, t("map.results-outside"))];
  const where = t("map.results-place", { place: tellCoordinates(place, 5) });
  return [result({ onclick: () => on.place(place), data: { place: "" } }, h("span", { class: "key-name" }, where))];
}

function drawResults(scene, words, on) {
  const place = readCoordinates(words);
  if (place) return drawPlace(scene, place, on);
  if (!on.project) return [];
  const found = findMatches(scene, words);
  const parts = Object.entries(found).flatMap(([kind, all]) => drawPart(kind, all, (one) => DRAW[kind](scene, one, on)));
  return parts.length ? parts : [h("p", { class: "empty" }, t("map.results-none"))];
}

/** The first of a kind under its heading, and how many more there are. */
function drawPart(kind, all, draw) {
  if (!all.length) return [];
  const more = all.length - MOST[kind];
  return [h("h4", {}, t(`map.results-${kind}`)), ...all.slice(0, MOST[kind]).map(draw), ...(more > 0 ? [h("p", { class: "results-more" }, t("map.results-more", { n: number(more) }))] : [])];
}

const DRAW = {
  towns: (scene, { code, name }, on) => result({ onclick: () => on.town(code), data: { town: code } }, h("span", { class: "key-name" }, name), h("small", {}, t("map.results-town"))),
  villages: (scene, { code, name, townName }, on) => result({ onclick: () => on.village(code), data: { village: code } }, h("span", { class: "key-name" }, name), h("small", {}, townName)),
  projects: (scene, project, on) =>
    result(
      { onclick: () => on.project(project), data: { project: project.k } },
      lightSymbol(atMonth(project, scene.month).light, scene.site, 14),
      h("span", { class: "key-name" }, project.name || t("common.unnamed")),
    ),
};

function move(box, input, step) {
  const items = [...box.querySelectorAll(".result")];
  const at = items.indexOf(document.activeElement);
  const next = at + step;
  (items[next] || (next < 0 ? input : items[items.length - 1]) || input).focus();
}

/**
 * Ties the list `box` to the search input of the filter bar. What is typed filters; what is picked is gone to, and the
 * words are taken back: `on.town(code)`, `on.village(code)`, `on.project(project)` and `on.place({lat, lng})` are told the
 * pick. With `on.place` alone nothing but typed coordinates is offered.
 */
export function bindSearch(input, box, scene, on) {
  const close = () => (box.hidden = true);
  const reveal = () => scene.map.getContainer().scrollIntoView({ block: "nearest" }); // on a phone the map may be below
  const pick = Object.fromEntries(Object.entries(on).map(([name, act]) => [name, (value) => (close(), (input.value = ""), act(value), reveal())]));
  const open = () => {
    const found = input.value.trim() ? drawResults(scene, input.value, pick) : [];
    box.hidden = !found.length;
    replace(box, found);
  };
  input.addEventListener("input", open);
  input.addEventListener("focus", open);
  const keys = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(box, input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === input && !event.isComposing) box.querySelector(".result")?.click();
    else if (event.key === "Escape" && !box.hidden) {
      event.stopPropagation();
      close();
    }
  };
  input.addEventListener("keydown", keys);
  box.addEventListener("keydown", keys);
  document.addEventListener("pointerdown", (event) => !box.contains(event.target) && event.target !== input && close());
}
