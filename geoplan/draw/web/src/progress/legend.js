// What the signs of the chart mean.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { LIGHTS, lightName, lightSymbol } from "../core/symbols.js";

export function drawLegend(el, site) {
  el.replaceChildren(
    ...LIGHTS.map((light) => entry(lightSymbol(light, site, 14), lightName(light))),
    entry(h("i", { class: "key-plan" }), t("progress.key-plan")),
    entry(drawActual(site), t("progress.key-actual")),
    entry(h("i", { class: "key-mark plan-end" }), t("progress.key-plan-mark")),
    entry(h("i", { class: "key-mark actual-end" }), t("progress.key-actual-mark")),
    entry(h("i", { class: "key-cutoff" }), t("progress.key-cutoff")),
  );
}

function drawActual(site) {
  const bar = h("i", { class: "key-actual" }, h("i", { class: "gantt-done" }));
  bar.style.setProperty("--light", site.style.lights["on-time"]?.color || "");
  return bar;
}

function entry(sign, text) {
  return h("span", { class: "key" }, sign, h("span", {}, text));
}
