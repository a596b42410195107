/** How the distribution map is shown, as the address has it: the shading of villages, what symbols mean, the ground. */

/** By what villages can be shaded, and what symbols can mean; the first of each unless another is chosen. */
export const SHADES = ["count", "money", "light", "none"];
export const SYMBOLS = ["light", "stage", "category"];
/** The names in the address; what is not chosen is not there. */
const NAMES = { shadeMode: "shade", colorMode: "symbols", ground: "ground" };

export class MapView {
  constructor(scene, store) {
    const { under } = scene;
    Object.assign(this, { scene, store });
    this.plain = { shadeMode: scene.shadeMode, colorMode: scene.colorMode, ground: under ? under.mode : "none" };
    this.choices = { shadeMode: SHADES, colorMode: SYMBOLS, ground: under ? under.modes : [] };
  }

  /** Whether some keys of the address are about the view. */
  concerns(keys) {
    return keys.some((key) => Object.values(NAMES).includes(key));
  }

  /** Writes a choice into the address, which is then shown. */
  choose(name, value) {
    this.store.set(NAMES[name], value === this.plain[name] ? "" : value);
  }

  read(name) {
    const value = this.store.get(NAMES[name]);
    return this.choices[name].includes(value) ? value : this.plain[name];
  }

  /** Shows what the address says. */
  apply() {
    const { scene } = this;
    scene.shadeMode = this.read("shadeMode");
    scene.colorMode = this.read("colorMode");
    if (scene.under && scene.under.mode !== this.read("ground")) scene.under.choose(this.read("ground"), scene);
  }
}
