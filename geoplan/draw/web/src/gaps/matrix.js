/** The matrix of places and rules: sticky headings, and rows in the page only where they are seen. */

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";
import { showCount } from "./model.js";
import { stand } from "./upright.js";

const ROW = 23;
const MORE = 6;

export class Matrix {
  constructor(element, gaps, on) {
    Object.assign(this, { element, gaps, on, rows: [], drawn: new Map() });
    this.head = h("div", { class: "gm-head", role: "row" });
    this.body = h("div", { class: "gm-body", role: "rowgroup" });
    this.empty = h("p", { class: "empty", hidden: true }, t("gaps.nothing"));
    element.append(this.head, this.body, this.empty);
    element.addEventListener("scroll", () => this.ask(), { passive: true });
    element.addEventListener("click", (event) => this.click(event.target));
    element.addEventListener("keydown", (event) => this.move(event));
    new ResizeObserver(() => this.ask()).observe(element);
  }

  /** Takes what the filters let through, and draws it. */
  update(view, chosen) {
    Object.assign(this, { view, chosen });
    this.rows = this.listRows(view);
    this.most = Math.max(1, ...view.places.map((place) => this.gaps.urgencyOf(place, view.columns)));
    this.drawHead();
    this.drawn.clear();
    replace(this.body);
    this.body.style.height = `${this.rows.length * ROW}px`;
    this.empty.hidden = view.places.length > 0;
    this.draw();
  }

  choose(chosen) {
    this.chosen = chosen;
    this.drawn.forEach((row) => row.remove());
    this.drawn.clear();
    this.drawHead();
    this.draw();
  }

  /** Towns stand above their villages where the order is that of the towns. */
  listRows({ places, byTown }) {
    if (!byTown) return places.map((place) => ({ place }));
    const rows = [];
    for (const place of places) {
      if (!rows.length || rows[rows.length - 1].place.town !== place.town) rows.push({ town: place.townName, place });
      rows.push({ place });
    }
    return rows;
  }

  drawHead() {
    const groups = [];
    for (const rule of this.view.columns) {
      if (!groups.length || groups[groups.length - 1].name !== rule.groupName) groups.push({ name: rule.groupName, rules: [] });
      groups[groups.length - 1].rules.push(rule);
    }
    const heading = (rule) =>
      h(
        "button",
        { type: "button", role: "columnheader", class: "gm-rule", title: `${rule.name}：${rule.rule}`, data: { rule: rule.id }, "aria-pressed": String(this.chosen.rule === rule.id) },
        h("span", {}, stand(rule.name)),
      );
    const corner = h("div", { class: "gm-corner" }, h("span", {}, t("gaps.village")), h("span", { title: t("gaps.urgency-note") }, t("gaps.urgency")));
    replace(this.head, corner, groups.map(({ name, rules }) => h("div", { class: "gm-group" }, h("b", { title: name }, name), h("div", {}, rules.map(heading)))));
    this.body.style.width = `${this.head.offsetWidth}px`;
  }

  ask() {
    if (!this.asked) this.asked = requestAnimationFrame(() => ((this.asked = 0), this.draw()));
  }

  /** Puts the rows that are seen into the page, and takes the others out. */
  draw() {
    if (!this.view) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW) - MORE);
    const last = Math.min(this.rows.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW) + MORE);
    for (const [at, row] of this.drawn) if (at < first || at >= last) (row.remove(), this.drawn.delete(at));
    const fresh = document.createDocumentFragment();
    for (let at = first; at < last; at++) {
      if (this.drawn.has(at)) continue;
      const row = this.makeRow(this.rows[at], at);
      this.drawn.set(at, row);
      fresh.append(row);
    }
    this.body.append(fresh);
  }

  makeRow({ town, place }, at) {
    const style = { top: `${at * ROW}px` };
    if (town) return h("div", { class: "gm-row gm-town", style }, h("b", {}, town));
    return h(
      "div",
      { class: "gm-row", role: "row", style, data: { code: place.code } },
      h("button", { type: "button", tabindex: "-1", role: "rowheader", class: "gm-name", title: `${place.townName}${place.name}` }, place.name),
      this.makeBar(place),
      this.view.columns.map((rule) => this.makeCell(place, rule)),
    );
  }

  makeBar(place) {
    const urgency = this.gaps.urgencyOf(place, this.view.columns);
    const parts = place.parts.slice(0, 5).map(([rule, weight, count]) => t("gaps.part", { facility: this.gaps.rules[rule].name, weight, n: showCount(count) }));
    const title = `${t("gaps.parts", { n: number(urgency) })}\n${parts.join("\n")}`;
    return h("button", { type: "button", tabindex: "-1", class: "gm-bar", title }, h("i", { style: { width: `${(100 * urgency) / this.most}%` } }), h("span", {}, number(urgency)));
  }

  makeCell(place, rule) {
    const state = this.gaps.stateAt(place, rule);
    const look = this.gaps.states[state];
    const dim = this.view.states.size && !this.view.states.has(state);
    const on = this.chosen.code === place.code && this.chosen.rule === rule.id;
    const names = ["gm-cell", dim && "dim", on && "on"].filter(Boolean).join(" ");
    const label = `${place.name} · ${rule.name} · ${look.name}`;
    return h("span", { role: "gridcell", class: names, title: label, "aria-label": label, data: { rule: rule.id, state: state || "none" }, style: { background: look.color, color: look.ink } }, look.sign);
  }

  click(target) {
    const rule = target.closest("[data-rule]")?.dataset.rule;
    const code = target.closest("[data-code]")?.dataset.code;
    if (rule && code) this.on.cell(code, rule);
    else if (rule) this.on.rule(rule);
    else if (code) this.on.place(code);
  }

  /** Arrow keys go from cell to cell. */
  move(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const { places, columns } = this.view;
    if (!step || !places.length || !columns.length) return;
    event.preventDefault();
    const row = places.findIndex((place) => place.code === this.chosen.code);
    const column = columns.findIndex((rule) => rule.id === this.chosen.rule);
    const clamp = (value, count) => Math.min(count - 1, Math.max(0, value));
    const place = places[row < 0 ? 0 : clamp(row + step[0], places.length)];
    const rule = columns[column < 0 ? 0 : clamp(column + step[1], columns.length)];
    this.reveal(place);
    this.on.cell(place.code, rule.id);
  }

  reveal(place) {
    const at = this.rows.findIndex((row) => row.place === place && !row.town);
    const room = this.element.clientHeight - this.head.offsetHeight;
    if (at * ROW < this.element.scrollTop) this.element.scrollTop = at * ROW;
    else if ((at + 1) * ROW > this.element.scrollTop + room) this.element.scrollTop = (at + 1) * ROW - room;
  }
}
