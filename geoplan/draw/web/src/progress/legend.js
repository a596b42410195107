// What the signs of the chart mean.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { LIGHTS, lightName, lightSymbol } from "../core/symbols.js";
import { darken } from "./track.js";

/** Fill `el` with the lights and the bars; what the fill says depends on what the plan is measured by. */
export function drawLegend(el, site) {
  el.replaceChildren(
    ...LIGHTS.map((light) => entry(lightSymbol(light, site, 14), lightName(light))),
    entry(h("i", { class: "key-plan" }, h("i", { class: "gantt-done" })), t(`progress.key-plan-${site.meta.rule.basis}`)),
    entry(paint(h("i", { class: "key-actual" }), site, "on-time"), t("progress.key-actual")),
    entry(paint(h("b", { class: "key-unstarted" }, t("progress.unstarted")), site, "very-late"), t("progress.key-unstarted")),
    entry([h("i", { class: "key-mark plan-start" }), h("i", { class: "key-mark plan-end" })], t("progress.key-plan-mark")),
    entry(h("i", { class: "key-mark actual-end" }), t("progress.key-actual-mark")),
    entry(h("i", { class: "key-cutoff" }), t("progress.key-cutoff")),
  );
}

function paint(sign, site, light) {
  const color = site.style.lights[light]?.color || "";
  sign.style.setProperty("--light", color);
  sign.style.setProperty("--light-ink", darken(color));
  return sign;
}

function entry(sign, text) {
  return h("span", { class: "key" }, sign, h("span", {}, text));
}
