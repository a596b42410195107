/** The project list: only the rows that are seen are in the document, however many there are. */

import { h, replace } from "../../core/dom.js";
import { tellNothing } from "../../core/filters.js";
import { moneyExact, number } from "../../core/format.js";
import { t } from "../../core/text.js";
import { sumProjects } from "../../core/totals.js";
import { COLUMNS, FIGURES, drawCell, tellRow } from "./columns.js";
import { readSort } from "./order.js";

const ROW_PX = 28;
/** So many rows more than are seen stand over and under them. */
const OVERSCAN = 8;
/** So many rows that were made are kept at most. */
const MOST_MADE = 400;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class ProjectTable {
  /** `on.choose(project)`, `on.point(projects)` (none for nothing) and `on.sort(column)` are told what the reader does. */
  constructor(box, scene, on) {
    Object.assign(this, { box, scene, on, rows: [], shown: new Map(), made: new Map(), marked: new Set(), active: -1, top: 0, room: 0 });
    this.head = h("tr", {});
    this.body = h("tbody", {});
    this.foot = h("tr", {});
    this.table = h(
      "table",
      { class: "linked-table", role: "grid", tabindex: "0", "aria-label": t("linked.list"), "aria-colcount": String(COLUMNS.length) },
      h("colgroup", {}, COLUMNS.map((name) => h("col", { class: `col-${name}` }))),
      h("thead", {}, this.head),
      this.body,
      h("tfoot", {}, this.foot),
    );
    replace(box, this.table);
    this.listen();
  }

  listen() {
    let asked = false;
    const draw = () => ((asked = false), this.drawRows());
    const ask = () => asked || ((asked = true), requestAnimationFrame(draw));
    this.box.addEventListener("scroll", () => ((this.top = this.box.scrollTop), ask()), { passive: true });
    new ResizeObserver(() => (this.measure(), ask())).observe(this.box);
    this.body.addEventListener("click", (event) => this.choose(this.projectAt(event)));
    this.body.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.point(this.projectAt(event)));
    this.body.addEventListener("pointerleave", () => this.point(null));
    this.table.addEventListener("keydown", (event) => event.target === this.table && this.key(event));
    this.table.addEventListener("blur", () => this.activate(-1));
  }

  projectAt(event) {
    const row = event.target.closest("tr[data-at]");
    return row ? this.rows[Number(row.dataset.at)] : null;
  }

  choose(project) {
    if (project) this.on.choose(project);
  }

  point(project) {
    this.on.point(project ? [project] : []);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.room / ROW_PX) - 1);
    const last = this.rows.length - 1;
    const goals = { Home: 0, End: last, PageDown: this.active + page, PageUp: this.active - page };
    const goal = event.key in STEPS ? this.active + STEPS[event.key] : goals[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.rows[this.active]);
    else if (goal === undefined || last < 0) return;
    else this.activate(Math.min(last, Math.max(0, goal)));
    event.preventDefault();
  }

  /** The row at which the keyboard is; −1 for none. */
  activate(at) {
    if (at === this.active) return;
    this.active = at;
    if (at >= 0) this.scrollTo(at, 0);
    this.paintRows();
    this.point(this.rows[at] || null);
  }

  /** The height in which rows are seen, between heading and sums; asked of the browser only when the box has changed. */
  measure() {
    this.room = Math.max(ROW_PX, this.box.clientHeight - this.head.offsetHeight - this.foot.offsetHeight);
  }

  /** Shows these projects in their order. */
  update(rows, sort) {
    if (this.month !== this.scene.month || this.made.size > MOST_MADE) this.made.clear();
    Object.assign(this, { rows, sort, active: -1, month: this.scene.month });
    this.top = Math.min(this.top, Math.max(0, rows.length * ROW_PX - this.room));
    this.shown.clear();
    this.table.setAttribute("aria-rowcount", String(rows.length + 2));
    this.drawHead();
    this.drawFoot();
    this.drawRows();
  }

  drawHead() {
    const { column, down } = readSort(this.sort);
    const focused = this.head.contains(document.activeElement) ? document.activeElement.dataset.sort : "";
    replace(this.head, COLUMNS.map((name) => this.drawHeading(name, name === column ? (down ? "descending" : "ascending") : null)));
    if (focused) this.head.querySelector(`[data-sort="${focused}"]`).focus();
  }

  drawHeading(name, sorted) {
    const arrow = { ascending: " ▲", descending: " ▼" }[sorted] || "";
    const button = h("button", { type: "button", class: "sort", title: t("linked.sort-hint"), data: { sort: name }, onclick: () => this.on.sort(name) }, t(`linked.column-${name}`), h("span", { "aria-hidden": "true" }, arrow));
    return h("th", { scope: "col", class: FIGURES.includes(name) ? `col-${name} number` : `col-${name}`, "aria-sort": sorted }, button);
  }

  /** The sums of what is shown: to the cent, each project once. */
  drawFoot() {
    const sums = sumProjects(this.rows, this.scene.month);
    const none = sums.withoutAmount ? t("linked.without-amount", { n: number(sums.withoutAmount) }) : "";
    const money = sums.withoutAmount === sums.count ? "–" : moneyExact(sums.amount);
    const cells = { id: t("linked.sum"), name: t("common.count", { n: number(sums.count) }), amount: money, lead: none };
    replace(this.foot, COLUMNS.map((name) => h("td", { class: FIGURES.includes(name) ? `col-${name} number` : `col-${name}` }, cells[name])));
  }

  drawRows() {
    const step = ROW_PX * OVERSCAN;
    const first = Math.max(0, Math.floor(this.top / step) - 1) * OVERSCAN;
    const last = Math.min(this.rows.length, (Math.ceil((this.top + this.room) / step) + 1) * OVERSCAN);
    if (this.shown.size && first === this.first && last === this.last) return this.paintRows();
    Object.assign(this, { first, last });
    const kept = new Map();
    for (let at = first; at < last; at++) kept.set(at, this.shown.get(at) || this.drawRow(at));
    this.shown = kept;
    this.paintRows();
    const spacer = (count) => (count > 0 ? h("tr", { class: "spacer", "aria-hidden": "true", style: { height: `${count * ROW_PX}px` } }) : null);
    const empty = this.rows.length ? null : h("tr", { class: "nothing" }, h("td", { colspan: String(COLUMNS.length) }, h("span", {}, this.nothing())));
    replace(this.body, spacer(first), [...kept.values()], spacer(this.rows.length - last), empty);
  }

  nothing() {
    const { site, projects, store } = this.scene;
    if (!site.projects.length) return t("index.no-projects");
    return projects.length ? t("linked.nothing-in-view") : tellNothing(store);
  }

  /** The row of a project, made once a month. */
  drawRow(at) {
    const project = this.rows[at];
    if (!this.made.has(project)) this.made.set(project, this.makeRow(project));
    const row = this.made.get(project);
    row.dataset.at = at;
    row.id = `row-${at}`;
    row.setAttribute("aria-rowindex", String(at + 2));
    return row;
  }

  makeRow(project) {
    const told = tellRow(project, this.scene);
    return h("tr", { data: { key: project.k } }, COLUMNS.map((name) => drawCell(name, told[name], project, this.scene)));
  }

  /** Which of the drawn rows are marked, chosen, and where the keyboard is. */
  paintRows() {
    const chosen = this.scene.store.get("project");
    for (const [at, row] of this.shown) {
      const project = this.rows[at];
      row.className = [this.marked.has(project) ? "marked" : "", project.k === chosen ? "chosen" : "", at === this.active ? "active" : ""].filter(Boolean).join(" ");
      row.setAttribute("aria-selected", String(project.k === chosen));
    }
    if (this.active >= 0) this.table.setAttribute("aria-activedescendant", `row-${this.active}`);
    else this.table.removeAttribute("aria-activedescendant");
  }

  /** Marks the rows of some projects and brings the first into the list's own view. */
  mark(projects) {
    this.marked = new Set(projects);
    const first = this.marked.size ? this.rows.findIndex((project) => this.marked.has(project)) : -1;
    if (first >= 0) this.scrollTo(first);
    this.paintRows();
  }

  /** Marks the chosen project's row and brings it into the list's own view; null for none. */
  reveal(project) {
    const at = this.rows.indexOf(project);
    if (at >= 0) this.scrollTo(at);
    this.paintRows();
  }

  /** Brings a row into view: as little as need be, or so that `lead` of the room is left over it. */
  scrollTo(at, lead = 0.3) {
    const top = at * ROW_PX;
    if (top >= this.top && top + ROW_PX <= this.top + this.room) return;
    const near = top < this.top ? top : top + ROW_PX - this.room;
    this.box.scrollTop = lead ? top - this.room * lead : near;
    this.top = this.box.scrollTop;
    this.drawRows();
  }
}
