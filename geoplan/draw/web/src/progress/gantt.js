// The 横道图 on the screen: a scrolling pane in which only the rows that are seen are in the document.

import { h, replace } from "../core/dom.js";
import { drawGroup, drawHead, drawRow, pointRow, tellNotes } from "./row.js";
import { placeCutoff } from "./bars.js";
import { layRows, sliceRows } from "./rows.js";
import { createTip } from "./tip.js";

const PHONE = matchMedia("(max-width: 640px)");
const HEIGHTS = { group: (group) => (PHONE.matches && tellNotes(group) ? 44 : 28), row: 26 };
const OVERSCAN_PX = 420;
const MONTH_PX = { least: 7, most: 120 };

/** Make the pane in `el`. `update({groups, axis, month, site})` draws, `reveal(key)` scrolls to a project. */
export function createGantt(el, { onChoose, onToggle }) {
  const pane = new Pane(el, { onChoose, onToggle });
  return {
    update: (view) => pane.update(view),
    reveal: (key) => pane.reveal(key),
    zoom: (how) => pane.zoom(how),
    choose: (key) => pane.markChosen(key),
  };
}

class Pane {
  constructor(el, handlers) {
    this.el = el;
    this.handlers = handlers;
    this.rows = new Map();
    this.layout = { items: [], height: 0 };
    this.mode = "year";
    this.monthPx = 40;
    this.head = h("div", { class: "gantt-head" });
    this.pin = h("div", { class: "gantt-pin" });
    this.cutoff = h("div", { class: "gantt-cutoff" });
    this.body = h("div", { class: "gantt-body" });
    el.append(this.head, this.pin, this.body);
    this.tip = createTip();
    this.listen();
  }

  listen() {
    let asked = false;
    this.el.addEventListener("scroll", () => {
      this.tip.hide();
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        this.drawVisible();
      });
    }, { passive: true });
    for (const part of [this.body, this.pin]) part.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("pointermove", (event) => this.hover(event));
    this.body.addEventListener("pointerleave", () => this.tip.hide());
    new ResizeObserver(() => this.fit()).observe(this.el);
  }

  update(view) {
    const moved = !this.view || this.view.month !== view.month;
    this.view = view;
    this.layout = layRows(view.groups, view.collapsed, HEIGHTS);
    this.body.style.height = `${this.layout.height}px`;
    this.body.replaceChildren(this.cutoff);
    this.rows.clear();
    this.head.replaceChildren(...drawHead(view));
    this.pinned = null;
    this.placeCutoff();
    this.fit(moved);
  }

  placeCutoff() {
    const share = this.view.axis ? placeCutoff(this.view.month, this.view.axis) : null;
    this.cutoff.hidden = share === null;
    this.el.style.setProperty("--cut", String(share ?? 0));
    this.el.style.setProperty("--months", String(this.view.axis ? this.view.axis.count : 12));
  }

  drawVisible() {
    const from = Math.max(0, this.el.scrollTop - OVERSCAN_PX);
    const seen = sliceRows(this.layout.items, from, this.el.scrollTop + this.el.clientHeight + OVERSCAN_PX);
    const wanted = new Set(seen.map((item) => item.id));
    for (const [id, row] of this.rows) if (!wanted.has(id)) { row.remove(); this.rows.delete(id); }
    const fresh = seen.filter((item) => !this.rows.has(item.id)).map((item) => this.drawItem(item));
    this.body.append(...fresh);
    this.pinGroup();
    this.pointBeyond();
  }

  /** Keep the heading of the group that is being read under the months. */
  pinGroup() {
    const { items } = this.layout;
    const first = sliceRows(items, this.el.scrollTop, this.el.scrollTop + 1)[0];
    const group = first && first.kind === "row" && first.group.kind !== "none" ? first.group : null;
    if (group === this.pinned) return;
    this.pinned = group;
    replace(this.pin, group ? drawGroup(group, this.view) : null);
  }

  /** A bar that lies outside the months that are seen says where. */
  pointBeyond() {
    const track = parseFloat(this.el.style.getPropertyValue("--track")) || 1;
    const from = this.el.scrollLeft / track;
    const to = (this.el.scrollLeft + this.el.clientWidth - this.labelPx()) / track;
    for (const row of this.rows.values()) if (row.span) pointRow(row, row.span, from, to);
  }

  drawItem(item) {
    const row = item.kind === "group" ? drawGroup(item.group, this.view) : drawRow(item.project, item.group, this.view);
    row.style.top = `${item.top}px`;
    row.style.height = `${item.height}px`;
    if (item.project && item.project.k === this.chosen) row.classList.add("chosen");
    this.rows.set(item.id, row);
    return row;
  }

  click(event) {
    this.tip.hide();
    const group = event.target.closest(".gantt-group");
    if (group) return this.handlers.onToggle(group.dataset.group);
    const row = event.target.closest(".gantt-row");
    if (row) this.handlers.onChoose(row.dataset.key);
    return undefined;
  }

  hover(event) {
    if (event.pointerType === "touch") return;
    const row = event.target.closest(".gantt-row");
    const project = row && this.view.site.byKey.get(row.dataset.key);
    if (project) this.tip.show(project, this.view, event.clientX, event.clientY);
    else this.tip.hide();
  }

  markChosen(key) {
    this.chosen = key;
    for (const row of this.body.querySelectorAll(".gantt-row")) row.classList.toggle("chosen", row.dataset.key === key);
  }

  reveal(key) {
    const item = this.layout.items.find((entry) => entry.project && entry.project.k === key);
    if (!item) return false;
    const seen = item.top >= this.el.scrollTop && item.top + item.height + this.head.offsetHeight <= this.el.scrollTop + this.el.clientHeight;
    if (!seen) this.el.scrollTop = Math.max(0, item.top - this.el.clientHeight / 3);
    this.drawVisible();
    this.markChosen(key);
    return true;
  }

  zoom(how) {
    this.mode = how === "year" || how === "all" ? how : "own";
    if (this.mode === "own") {
      this.monthPx = clampMonth(this.monthPx * (how === "in" ? 1.3 : 1 / 1.3));
      this.setTrack();
    }
    this.fit(true);
  }

  /** Give the months the width that is there: the cut-off's year, or the whole axis. */
  fit(moved = false) {
    if (!this.view) return;
    const count = this.view.axis ? this.view.axis.count : 12;
    const room = Math.max(160, this.el.clientWidth - this.labelPx());
    if (this.mode !== "own") this.monthPx = clampMonth(room / (this.mode === "year" ? Math.min(12, count) : count));
    this.setTrack(Math.max(room, Math.floor(this.monthPx * count)));
    if (moved) this.showCutoffYear();
    this.drawVisible();
  }

  setTrack(px) {
    if (px) this.el.style.setProperty("--track", `${px}px`);
    this.el.classList.toggle("narrow-months", this.monthPx < 17);
  }

  showCutoffYear() {
    const { axis, month } = this.view;
    if (!axis || month === null) return;
    const january = Math.floor(month / 12) * 12 - axis.first;
    const track = parseFloat(this.el.style.getPropertyValue("--track"));
    this.el.scrollLeft = (track / axis.count) * january;
  }

  labelPx() {
    const corner = this.head.firstElementChild;
    return corner ? corner.getBoundingClientRect().width : 0;
  }
}

function clampMonth(px) {
  return Math.min(MONTH_PX.most, Math.max(MONTH_PX.least, px));
}

