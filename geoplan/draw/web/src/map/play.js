/** Shows one step of time after the other, up to the cut-off; any other choice of a month ends it. */

const STEP_MS = 1200;
/** Steps without returns show less, and there may be many. */
const PAST_MS = 600;

export class MonthPlayer {
  /** `steps` in order, the last of them the cut-off; `isPast(step)` says which are without returns. */
  constructor(store, steps, isPast) {
    Object.assign(this, { store, steps, isPast, timer: 0, told: () => {} });
    store.subscribe((_, changed) => changed.includes("month") && !this.stepping && this.stop());
  }

  get playing() {
    return this.timer > 0;
  }

  /** Goes on from the step that is shown, from the first where that is the last. */
  toggle() {
    if (this.playing) return this.stop();
    const at = this.steps.indexOf(this.store.month());
    this.show(at + 1 < this.steps.length ? at + 1 : 0);
    this.told();
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.told();
  }

  show(at) {
    this.stepping = true;
    chooseStep(this.store, this.steps[at]);
    this.stepping = false;
    if (at + 1 === this.steps.length) return this.stop();
    this.timer = setTimeout(() => this.show(at + 1), this.isPast(this.steps[at]) ? PAST_MS : STEP_MS);
  }
}

/** Sets the month; the cut-off is what an address without a month shows. */
export function chooseStep(store, step) {
  store.set("month", step === store.site.meta.month ? "" : step);
}
