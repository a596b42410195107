/** The slider of time under the map: a step for each year before the projects, then for each month; and the button that plays them. */

import { h, replace } from "../core/dom.js";
import { number } from "../core/format.js";
import { isPast, listSteps, tellStep } from "../core/timeline.js";
import { t } from "../core/text.js";
import { MonthPlayer, chooseStep } from "./play.js";

/** So many years are named under the slider at most: they stay apart on a phone. */
const MOST_YEARS = 8;
/** Half the width of the slider's knob: it does not reach the ends of its track. */
const KNOB_PX = 8;

/** Makes room for the slider before the map is laid out; false where there is only one step. */
export function reserveSlider(box, meta) {
  const used = listSteps(meta).length > 1;
  box.hidden = !used;
  box.parentElement.classList.toggle("timed", used);
  return used;
}

/** The first step of each year, every second or third of them where there are too many; the last year is always among them. */
function listYears(steps) {
  const first = steps.map((step, at) => [step.slice(0, 4), at]).filter(([year], at) => !at || steps[at - 1].slice(0, 4) !== year);
  const every = Math.ceil(first.length / MOST_YEARS);
  return first.filter((_, i) => (first.length - 1 - i) % every === 0);
}

function place(at, steps) {
  return { left: `calc(${KNOB_PX}px + (100% - ${2 * KNOB_PX}px) * ${(at / (steps.length - 1)).toFixed(4)})` };
}

function drawTicks(steps, meta) {
  const mark = (step, at) => h("i", { class: isPast(meta, step) ? "tick" : "tick told", style: place(at, steps) });
  return h("div", { class: "ticks", "aria-hidden": "true" }, steps.map(mark), listYears(steps).map(([year, at]) => h("span", { style: place(at, steps) }, year)));
}

/** What a step without returns shows, and how many projects it leaves out. */
export function tellPast(store) {
  const begun = store.standing().length;
  return t("map.past-note", { begun: number(begun), rest: number(store.site.projects.length - begun) });
}

export class MonthSlider {
  constructor(box, store) {
    const { meta } = store.site;
    Object.assign(this, { store, meta, steps: listSteps(meta), frame: 0, wanted: null });
    this.player = new MonthPlayer(store, this.steps, (step) => isPast(meta, step));
    this.player.told = () => this.tell();
    this.button = h("button", { type: "button", class: "play", onclick: () => this.player.toggle() });
    this.range = h("input", { type: "range", min: 0, max: this.steps.length - 1, step: 1, data: { filter: "month" }, "aria-label": t("map.timeline"), oninput: () => this.choose() });
    this.now = h("output", { class: "time-now" });
    this.note = h("span", { class: "time-note" });
    replace(box, this.button, h("div", { class: "time-track" }, this.range, drawTicks(this.steps, meta)), h("p", { class: "time-words" }, this.now, this.note));
    store.subscribe((_, changed) => changed.includes("month") && this.tell());
    this.tell();
  }

  /** Shows the step under the knob: at once, and while it is dragged no more than once a frame. */
  choose() {
    this.wanted = this.steps[this.range.valueAsNumber];
    this.name(this.wanted);
    if (this.frame) return;
    chooseStep(this.store, this.wanted);
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.wanted !== this.store.month()) chooseStep(this.store, this.wanted);
    });
  }

  tell() {
    const step = this.store.month();
    const { playing } = this.player;
    if (!this.frame) this.range.value = this.steps.indexOf(step);
    this.name(step);
    this.note.textContent = tellPast(this.store);
    this.note.classList.toggle("on", isPast(this.meta, step)); // its room stays, so that the knob does not slip from under the pointer
    this.button.textContent = playing ? "■" : "▶";
    for (const name of ["title", "aria-label"]) this.button.setAttribute(name, t(playing ? "map.stop" : "map.play"));
  }

  name(step) {
    this.now.textContent = tellStep(this.meta, step);
    this.range.setAttribute("aria-valuetext", this.now.textContent);
  }
}
