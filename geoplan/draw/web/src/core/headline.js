/** The sentence under the title and the month in the header, once a month or a filter is chosen; before, as the page came. */

import { h, replace } from "./dom.js";
import { filterWords, noneBegun } from "./filters.js";
import { formatMonth, money, number } from "./format.js";
import { atMonth, stageAt } from "./store.js";
import { t } from "./text.js";
import { tellShown } from "./timeline.js";
import { sumProjects } from "./totals.js";

const BUILDING = "建设";

/** The longest code of a project says how well its place is known: 12 digits village, 9 town, fewer the county. */
function reach(project) {
  return Math.max(0, ...project.codes.map((code) => code.length));
}

function countPlaces(projects) {
  const count = (test) => projects.filter(test).length;
  return {
    at_village: count((project) => reach(project) === 12),
    at_town: count((project) => reach(project) === 9),
    at_county: count((project) => reach(project) > 1 && reach(project) < 9),
    unplaced: count((project) => project.method === "unplaced"),
  };
}

/** How well the projects are placed, in words; what is 0 is not said unless all are. The picture lists none below it. */
function tellPlaces(projects, page) {
  const told = Object.entries(countPlaces(projects)).filter(([, n]) => n);
  const tell = ([name, n]) => t(`places.${name === "unplaced" && page === "picture" ? "unplaced-picture" : name}`, { n: number(n) });
  return (told.length ? told : [["at_village", 0]]).map(tell).join(t("places.comma"));
}

function countLights(projects, month) {
  const count = (light) => number(projects.filter((project) => atMonth(project, month).light === light).length);
  return {
    building: number(projects.filter((project) => stageAt(project, month) === BUILDING).length),
    late: count("late"),
    very_late: count("very-late"),
    unreported: count("unreported"),
  };
}

/** The pages whose sentence is about projects and their month; the others keep theirs. */
const LIVE = ["distribution", "progress"];

/** The page's own sentence with the figures of the visible projects at the chosen month, the filter in words before it. */
export function tellSentence(store, page) {
  const { site } = store;
  const projects = store.projects();
  const month = store.month();
  const sums = sumProjects(projects, month);
  const facts = {
    area: site.meta.name,
    month: formatMonth(month),
    read: number(projects.length),
    amount: money(sums.amount),
    without_amount: number(sums.withoutAmount),
    places: tellPlaces(projects, page),
    ...countLights(projects, month),
  };
  const filter = filterWords(store, site);
  const sentence = t(projects.length ? `sentence.${page}` : noneBegun(store) ? "common.none-begun-at" : "common.nothing-at", facts);
  return filter ? t("common.sentence-filter", { filter, sentence }) : sentence;
}

/** The chosen month, and beside it the latest where that is another: "2023年5月（最新 2023年6月）". */
function tellMonth(store) {
  const month = store.month();
  const latest = store.site.meta.month;
  return [formatMonth(month), month !== latest ? h("small", {}, t("common.latest", { month: formatMonth(latest) })) : null];
}

/** Keeps `.sentence`, every [data-as-of] and the map's caption in step with the store, on the pages where they are about projects. */
export function startHeadline(store) {
  const page = document.body.dataset.page;
  const sentence = document.querySelector(".sentence");
  if (!sentence || !LIVE.includes(page)) return;
  const asCame = sentence.textContent;
  const update = () => {
    sentence.textContent = store.active() ? tellSentence(store, page) : asCame;
    document.querySelectorAll("[data-as-of]").forEach((element) => replace(element, ...tellMonth(store)));
    document.querySelectorAll("[data-shown-at]").forEach((element) => (element.textContent = tellShown(store.site.meta, store.month())));
  };
  if (store.active()) update();
  store.subscribe(update);
}
