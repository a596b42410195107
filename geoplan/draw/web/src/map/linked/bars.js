/** A chart of bars: of each value the part that the filters let through, and behind it, in grey, the whole. */

import { h, replace } from "../../core/dom.js";
import { stageName } from "../../core/filters.js";
import { money, number } from "../../core/format.js";
import { categoryOf, lightName, lightSymbol, stageColor } from "../../core/symbols.js";
import { t } from "../../core/text.js";
import { COUNTY, UNPLACED } from "./model.js";

const NONE = { count: 0, money: 0 };

/** What a value is called. */
export function nameValue(site, name, value) {
  if (value === COUNTY) return t("map.county-wide");
  if (value === UNPLACED) return t("method.unplaced");
  if (!value) return t("linked.no-value");
  if (name === "town") return (site.towns.find((town) => town.code === value) || { name: value }).name;
  return name === "light" ? lightName(value) : name === "stage" ? stageName(value) : value;
}

function colorOf(site, name, value) {
  if (name === "light") return (site.style.lights[value] || site.style.lights.unreported).color;
  if (name === "stage") return stageColor(site.style, value);
  return name === "category" ? categoryOf(site.style, value).color : "#3d8a84";
}

/** A figure of a bar in the chosen measure. */
function tell(sum, measure) {
  return measure === "money" ? money(sum.money, 0) : number(sum.count);
}

export class BarChart {
  /** `on.toggle(value)` and `on.point(value)` (null for none) are told what the reader does. */
  constructor(el, site, name, values, on) {
    Object.assign(this, { site, name, on });
    this.bars = values.map((value) => this.makeBar(value));
    replace(el, this.bars.map((bar) => bar.element));
    el.addEventListener("pointerleave", () => on.point(null));
  }

  /** The parts of a bar, made once; only widths and figures change. What is no value of the filter is no button. */
  makeBar(value) {
    const { site, name, on } = this;
    const fixed = !value || value.startsWith("~");
    const [whole, part] = [h("i", { class: "whole" }), h("i", { class: "part", style: { background: colorOf(site, name, value) } })];
    const figure = h("span", { class: "bar-figure number" });
    const point = () => on.point(value);
    const acts = { onpointerenter: (event) => event.pointerType !== "touch" && point(), onfocus: point, onblur: () => on.point(null) };
    const attrs = { class: "bar", data: { bar: name, value }, ...acts };
    const label = nameValue(site, name, value);
    const content = [name === "light" ? lightSymbol(value, site, 13) : null, h("span", { class: "bar-name" }, label), h("span", { class: "bar-track" }, whole, part), figure];
    const element = fixed ? h("div", attrs, content) : h("button", { type: "button", ...attrs, onclick: () => on.toggle(value) }, content);
    return { value, label, fixed, element, whole, part, figure };
  }

  /** `shown` and `all`: Map(value → {count, money}); `chosen`: the values of the filter. */
  update(shown, all, measure, chosen) {
    const most = Math.max(1, ...this.bars.map((bar) => (all.get(bar.value) || NONE)[measure]));
    for (const bar of this.bars) {
      const [some, whole] = [shown.get(bar.value) || NONE, all.get(bar.value) || NONE];
      bar.part.style.width = `${(100 * some[measure]) / most}%`;
      bar.whole.style.width = `${(100 * whole[measure]) / most}%`;
      replace(bar.figure, h("b", {}, tell(some, measure)), ` / ${tell(whole, measure)}`);
      this.tellState(bar, some, whole, measure, chosen);
    }
  }

  tellState(bar, some, whole, measure, chosen) {
    const facts = { name: bar.label, n: tell(some, measure), total: tell(whole, measure) };
    bar.element.title = `${t(`linked.bar-${measure}`, facts)}${bar.fixed ? "" : ` · ${t("map.legend-hint")}`}`;
    bar.element.classList.toggle("off", chosen.length > 0 && !chosen.includes(bar.value));
    if (!bar.fixed) bar.element.setAttribute("aria-pressed", String(chosen.includes(bar.value)));
  }
}
