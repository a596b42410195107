/** The matrix for paper: a plain table of all that is shown, with the headings and the meaning of the signs on each sheet. */

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { signKeys } from "./card.js";
import { stand } from "./upright.js";

function drawCell(gaps, place, rule) {
  const look = gaps.states[gaps.stateAt(place, rule)];
  return h("td", { style: { background: look.color, color: look.ink } }, look.sign);
}

function drawRow(gaps, place, columns) {
  return h(
    "tr",
    {},
    h("td", {}, place.townName),
    h("th", { scope: "row" }, place.name),
    h("td", { class: "number" }, number(gaps.urgencyOf(place, columns))),
    columns.map((rule) => drawCell(gaps, place, rule)),
  );
}

/** Whose, as of when, and whether it is made up: on each sheet, as on the map. */
function tellImprint() {
  const texts = [...document.querySelectorAll(".map-stamp, .map-caption span:not(.map-crs):not(.scale-print)")].map((one) => one.textContent);
  return texts.map((text) => h("span", {}, text));
}

function drawHead(gaps, columns) {
  return h(
    "thead",
    {},
    h("tr", {}, h("td", { class: "paper-key", colspan: columns.length + 3 }, h("b", {}, document.title), ...tellImprint(), signKeys(gaps), h("span", {}, t("gaps.urgency-note")))),
    h("tr", {}, h("th", {}, ""), h("th", {}, t("gaps.village")), h("th", {}, t("gaps.urgency")), columns.map((rule) => h("th", { class: "paper-rule" }, h("span", {}, stand(rule.name))))),
  );
}

/** Puts the table into `element`. */
export function drawPaper(element, gaps, { places, columns }) {
  replace(element, h("table", {}, drawHead(gaps, columns), h("tbody", {}, places.map((place) => drawRow(gaps, place, columns)))));
}
