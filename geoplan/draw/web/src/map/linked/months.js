/** The chart of months: how many projects in each, and a span of months chosen by dragging over it or by keys. */

import { h, replace } from "../../core/dom.js";
import { formatMonth, money, number, span } from "../../core/format.js";
import { readSpan, writeSpan } from "../../core/ranges.js";
import { t } from "../../core/text.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
/** The narrowest month whose label has room, in pixels. */
const LABEL_PX = 26;

export class MonthChart {
  /** `on.span(text)` and `on.point(month)` (null for none) are told what the reader does. */
  constructor(el, months, on) {
    Object.assign(this, { months, on, span: null, drag: null, brushed: true });
    this.columns = months.map((month) => makeColumn(month));
    this.brush = h("span", { class: "brush", hidden: true });
    this.track = h(
      "div",
      { class: "month-track", role: "group", data: { filter: "span" } },
      this.columns.map((column) => column.element),
      this.brush,
    );
    this.labels = h("div", { class: "month-labels", "aria-hidden": "true" });
    this.told = h("span", { "aria-live": "polite" });
    this.clear = h("button", { type: "button", class: "link-button", onclick: () => on.span("") }, t("linked.clear-span"));
    replace(el, this.track, this.labels, h("p", { class: "month-told" }, this.told, this.clear));
    this.tellUse();
    this.listen();
  }

  listen() {
    const { track } = this;
    track.addEventListener("pointerdown", (event) => this.begin(event));
    track.addEventListener("pointermove", (event) => this.move(event));
    track.addEventListener("pointerup", (event) => this.end(event));
    track.addEventListener("pointercancel", () => (this.drag = null));
    track.addEventListener("pointerleave", () => this.on.point(null));
    track.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.drawLabels()).observe(track);
  }

  /** The month under the pointer, by its place. */
  at(event) {
    const { left, width } = this.track.getBoundingClientRect();
    return Math.min(this.months.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * this.months.length)));
  }

  begin(event) {
    if (event.button || !this.brushed) return;
    this.track.setPointerCapture(event.pointerId);
    this.drag = { from: this.at(event), to: null, x: event.clientX, before: this.span };
  }

  move(event) {
    const at = this.at(event);
    if (!this.drag) return void (event.pointerType !== "touch" && this.on.point(this.months[at]));
    if (this.drag.to === null && Math.abs(event.clientX - this.drag.x) < 4) return;
    if (at === this.drag.to) return;
    this.drag.to = at;
    this.choose(this.drag.from, at);
  }

  /** A click without a drag clears the span, or chooses the one month where there is none. */
  end(event) {
    const { drag } = this;
    this.drag = null;
    if (!drag || drag.to !== null) return;
    if (drag.before) this.on.span("");
    else this.choose(this.at(event), this.at(event));
  }

  choose(one, other) {
    this.on.span(writeSpan([Math.min(one, other), Math.max(one, other)].map((at) => this.months[at])));
  }

  /** Arrows move the span by a month, with Shift its end; Delete clears it; Escape while dragging takes the drag back. */
  key(event) {
    if (!this.brushed) return;
    if (event.key === "Escape" && this.drag) {
      this.on.span(this.drag.before ? writeSpan(this.drag.before) : "");
      this.drag = null;
      event.stopPropagation();
    } else if (event.key === "Delete" || event.key === "Backspace") this.on.span("");
    else if (event.key in STEPS) this.step(STEPS[event.key], event.shiftKey);
    else return;
    event.preventDefault();
  }

  step(step, grow) {
    const [first, last] = this.span ? this.place(this.span) : [null, null];
    const top = this.months.length - 1;
    if (first === null) this.choose(step > 0 ? 0 : top, step > 0 ? 0 : top);
    else if (grow) this.choose(first, Math.min(top, Math.max(first, last + step)));
    else if (first + step >= 0 && last + step <= top) this.choose(first + step, last + step);
  }

  /** A span by the places of its months on the axis. */
  place([first, last]) {
    const inside = (month) => Math.min(this.months.length - 1, Math.max(0, this.months.filter((one) => one <= month).length - 1));
    return [this.months.findIndex((one) => one >= first), inside(last)].map((at) => Math.max(0, at));
  }

  /** What can be done with the bars: where the span would not filter by what they count, they are only looked at. */
  tellUse() {
    const { track, brushed } = this;
    this.hint = t(brushed ? "linked.months-hint" : "linked.months-still");
    track.tabIndex = brushed ? 0 : -1;
    track.title = this.hint;
    track.setAttribute("aria-label", brushed ? t("linked.months-label") : this.hint);
    track.classList.toggle("still", !brushed);
  }

  /** `shown` and `all`: {count, money} by the months' places; `brushed`: whether a span may be chosen on them. */
  update(shown, all, measure, text, brushed) {
    this.span = readSpan(text);
    if (brushed !== this.brushed) {
      Object.assign(this, { brushed, drag: null });
      this.tellUse();
    }
    const most = Math.max(1, ...all.map((sum) => sum[measure]));
    this.columns.forEach(({ whole, part }, i) => {
      whole.style.height = `${(100 * all[i][measure]) / most}%`;
      part.style.height = `${(100 * shown[i][measure]) / most}%`;
    });
    Object.assign(this, { shown, all, measure });
    this.drawBrush();
  }

  drawBrush() {
    const { span: chosen, brush, months } = this;
    brush.hidden = !this.brushed || !chosen || chosen[0] > months[months.length - 1] || chosen[1] < months[0];
    this.clear.hidden = !chosen;
    this.told.textContent = chosen ? t("linked.span-told", { span: span(chosen) }) : this.hint;
    if (brush.hidden) return;
    const [first, last] = this.place(chosen);
    brush.style.left = `${(100 * first) / months.length}%`;
    brush.style.width = `${(100 * (last - first + 1)) / months.length}%`;
  }

  /** What a month says of itself. */
  tell(month) {
    const i = this.months.indexOf(month);
    const figure = (sum) => (this.measure === "money" ? t("common.wan", { n: money(sum.money, 0) }) : t("common.count", { n: number(sum.count) }));
    return t("linked.month-told", { month: formatMonth(month), n: figure(this.shown[i]), total: figure(this.all[i]) });
  }

  /** Shows what the month under the pointer says; null shows the span again. */
  point(month) {
    if (month) this.told.textContent = this.tell(month);
    else this.drawBrush();
  }

  /** The year at each January, and the months where they have room. */
  drawLabels() {
    const each = this.track.clientWidth / this.months.length;
    const step = [1, 3, 6, 12].find((months) => months * each >= LABEL_PX) || 12;
    const labels = this.months.flatMap((month, i) => {
      const number_ = Number(month.slice(5));
      if ((number_ - 1) % step && i) return [];
      const text = number_ === 1 || !i ? month.slice(0, 4) : String(number_);
      return [h("span", { class: number_ === 1 || !i ? "year" : null, style: { left: `${(100 * (i + 0.5)) / this.months.length}%` } }, text)];
    });
    replace(this.labels, labels);
  }
}

function makeColumn(month) {
  const [whole, part] = [h("i", { class: "whole" }), h("i", { class: "part" })];
  return { whole, part, element: h("span", { class: "month", data: { month } }, whole, part) };
}
