/** Shows one month after the other, from the first of the returns to the cut-off; any other choice of a month ends it. */

const STEP_MS = 1200;

export class MonthPlayer {
  constructor(store, meta) {
    Object.assign(this, { store, months: meta.months, last: meta.month, timer: 0, told: () => {} });
    store.subscribe((_, changed) => changed.includes("month") && !this.stepping && this.stop());
  }

  get playing() {
    return this.timer > 0;
  }

  toggle() {
    if (this.playing) return this.stop();
    this.show(0);
  }

  stop() {
    if (!this.playing) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.told();
  }

  show(at) {
    const month = this.months[at];
    this.stepping = true;
    this.store.set("month", month === this.last ? "" : month);
    this.stepping = false;
    if (at + 1 === this.months.length) return this.stop();
    this.timer = setTimeout(() => this.show(at + 1), STEP_MS);
  }
}
