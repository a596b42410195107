/** What the search finds, as a list under the box: villages first, then projects; picking one goes there. */

import { h, replace } from "../core/dom.js";
import { fold } from "../core/format.js";
import { atMonth } from "../core/store.js";
import { holds } from "../core/sounds.js";
import { lightSymbol } from "../core/symbols.js";
import { t } from "../core/text.js";
import { readCoordinates, tellCoordinates } from "./tools/typed.js";

const MOST_VILLAGES = 8;
const MOST_PROJECTS = 12;

/** The villages and projects whose names hold the words, as written or as they sound. */
export function findMatches(scene, words) {
  const needle = fold(words);
  if (!needle) return { villages: [], projects: [] };
  const villages = scene.site.villages.filter((village) => holds(fold(`${village.name}|${village.townName}`), needle));
  const projects = scene.site.projects.filter((project) => holds(scene.store.haystacks.get(project.k), needle));
  return { villages: villages.slice(0, MOST_VILLAGES), projects: projects.slice(0, MOST_PROJECTS) };
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
  const { villages, projects } = findMatches(scene, words);
  if (!villages.length && !projects.length) return [h("p", { class: "empty" }, t("map.results-none"))];
  return [
    villages.length ? h("h4", {}, t("map.results-villages")) : null,
    villages.map((village) => result({ onclick: () => on.village(village.code), data: { village: village.code } }, h("span", { class: "key-name" }, village.name), h("small", {}, village.townName))),
    projects.length ? h("h4", {}, t("map.results-projects")) : null,
    projects.map((project) =>
      result(
        { onclick: () => on.project(project), data: { project: project.k } },
        lightSymbol(atMonth(project, scene.month).light, scene.site, 14),
        h("span", { class: "key-name" }, project.name || t("common.unnamed")),
      ),
    ),
  ];
}

function move(box, input, step) {
  const items = [...box.querySelectorAll(".result")];
  const at = items.indexOf(document.activeElement);
  const next = at + step;
  (items[next] || (next < 0 ? input : items[items.length - 1]) || input).focus();
}

/**
 * Ties the list `box` to the search input of the filter bar. What is typed filters; what is picked is gone to, and the
 * words are taken back: `on.village(code)`, `on.project(project)` and `on.place({lat, lng})` are told the pick.
 */
export function bindSearch(input, box, scene, on) {
  const close = () => (box.hidden = true);
  const pick = Object.fromEntries(Object.entries(on).map(([name, act]) => [name, (value) => (close(), act(value))]));
  const open = () => {
    box.hidden = !input.value.trim();
    if (!box.hidden) replace(box, drawResults(scene, input.value, pick));
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
