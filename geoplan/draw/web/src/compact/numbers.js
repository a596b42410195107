/** Whole numbers as they come, of which copies are taken: the room for them stays, so that nothing is left to be swept up. */

const FIRST = 1 << 12;

export class Numbers {
  constructor() {
    this.room = new Uint32Array(FIRST);
    this.count = 0;
  }

  add(number) {
    if (this.count === this.room.length) this._grow();
    this.room[this.count++] = number;
  }

  _grow() {
    const wider = new Uint32Array(2 * this.room.length);
    wider.set(this.room);
    this.room = wider;
  }

  /** A copy of what was added; then there is none. */
  take() {
    const taken = this.room.slice(0, this.count);
    this.count = 0;
    return taken;
  }
}
