/** The list under the matrix: the gaps that no project answers, or what is in the states that the filter names; heaviest first. */

import { $, h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { OPEN, showCount, weigh } from "./model.js";

const SHOWN = 300;

/** The cells: weight × households without, largest first. */
export function listUnanswered(gaps, { places, columns, states }) {
  const { cells } = gaps;
  const found = [];
  for (const place of places)
    for (const rule of columns) {
      const cell = gaps.cellAt(place, rule);
      const state = gaps.stateAt(place, rule);
      const wanted = states.size ? states.has(state) : OPEN.includes(state) && !cells.projects[cell].length;
      if (cell < 0 || !wanted) continue;
      found.push({ cell, rank: rule.weight * (cells.homes[cell] ? 0 : weigh(cells.without[cell])) });
    }
  return found.sort((a, b) => b.rank - a.rank || a.cell - b.cell).map(({ cell }) => cell);
}

function drawRow(gaps, number, choose) {
  const { place, rule, state, without, homes, why } = gaps.readCell(number);
  const open = h("button", { type: "button", class: "link", onclick: () => choose(place.code, rule.id) }, place.name);
  const count = `${showCount(without)} ${gaps.words.basis[homes ? "settlements" : "households"]}`;
  return h("tr", { data: { codes: place.code } }, [place.townName, open, rule.name, gaps.states[state].name].map((cell) => h("td", {}, cell)), h("td", { class: "number" }, count), h("td", {}, why));
}

/** Puts the table into the page, with how many there are. */
export function drawUnanswered(gaps, view, choose) {
  const element = $("#unanswered");
  const found = listUnanswered(gaps, view);
  element.querySelector("small").textContent = t("gaps.table-count", { n: number(found.length) });
  replace(element.querySelector("tbody"), found.slice(0, SHOWN).map((cell) => drawRow(gaps, cell, choose)));
  element.querySelector(".empty").hidden = found.length > 0;
  element.querySelector(".table-box").hidden = !found.length;
  const more = element.querySelector(".unanswered-more");
  more.hidden = found.length <= SHOWN;
  more.textContent = t("gaps.live-more", { n: SHOWN });
}
