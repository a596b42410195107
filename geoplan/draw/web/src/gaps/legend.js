/** The legend of the map and its switches: it explains every colour that is shown. */

import { h, replace } from "../core/dom.js";
import { t } from "../core/text.js";
import { groundChoice, groundKeys } from "../map/groundkey.js";
import { signKeys } from "./card.js";
import { END_COLOR, FACILITY_LOOKS, FAULT_COLOR, HOME_COLOR, HOME_COLORS, LINK_COLOR, WAY_COLOR } from "./scene.js";

/** A map so wide has room for the legend beside a card. */
const ROOMY_PX = 720;

function swatch(name, color, kind = "") {
  return h("span", { class: "shade-key" }, h("i", { class: `swatch ${kind}`, style: { background: color } }), name);
}

function switches(scene, gaps, on) {
  const pieces = gaps.faults.filter((fault) => fault.kind === "piece").length;
  const layers = [
    ["homes", t("gaps.layer-homes")],
    ["facilities", t("gaps.layer-facilities")],
    gaps.edges.first.length ? ["roads", t("gaps.layer-roads", { n: gaps.edges.first.length })] : null,
    gaps.links.length ? ["links", t("gaps.layer-links", { n: gaps.links.length })] : null,
    gaps.sites.length ? ["sites", t("gaps.layer-sites", { n: gaps.sites.length })] : null,
    gaps.faults.length ? ["faults", t("gaps.layer-faults", { n: gaps.faults.length }), t("gaps.layer-pieces", { n: pieces, m: gaps.faults.length - pieces })] : null,
    scene.ends.size ? ["ends", t("gaps.layer-ends", { n: scene.ends.size }), t("gaps.layer-ends-note")] : null,
  ].filter(Boolean);
  return layers.map(([name, label, title]) =>
    h("label", { class: "layer", title }, h("input", { type: "checkbox", data: { layer: name }, checked: scene.layersOn.has(name), onchange: () => on(name) }), h("span", {}, label)),
  );
}

/** How many gaps each colour stands for, where no facility is chosen. */
function countKeys(scene) {
  const step = scene.classStep;
  const name = (i) => (i === 0 ? "0" : step === 1 ? String(i) : `${(i - 1) * step + 1}–${i * step}`);
  return [h("span", { class: "unit" }, t("gaps.gap-count")), scene.style.ramp.map((color, i) => swatch(name(i), color))];
}

/** Who is reached, for a rule that looks at where people live; else what a settlement is. */
function homeKeys(gaps, rule) {
  if (!rule || !gaps.reachesOf(rule).size) return swatch(t("gaps.layer-homes"), HOME_COLOR, "swatch-dot");
  const words = rule.measure === "distance" ? "home" : "line";
  return ["within", "without", "unknown"].map((name, i) => swatch(t(`gaps.${words}-${name}`), HOME_COLORS[i], "swatch-dot"));
}

function ruleKeys(scene, gaps) {
  const { rule } = scene;
  const distance = rule && rule.measure === "distance" && scene.chosen;
  const found = new Set(gaps.facilities.condition.filter((_, i) => rule && gaps.facilities.rules[i].includes(rule.index)));
  return [
    scene.layersOn.has("homes") ? homeKeys(gaps, rule) : null,
    Object.keys(FACILITY_LOOKS).filter((name) => found.has(name) && scene.layersOn.has("facilities")).map((name) => swatch(t(`gaps.facility-${name}`), FACILITY_LOOKS[name].fill, "swatch-square")),
    distance ? gaps.bands.map((band) => swatch(t("gaps.band", { n: band.minutes }), band.color)) : null,
    distance ? swatch(t(rule.straight || !gaps.edges.first.length ? "gaps.straight-way" : "gaps.way"), WAY_COLOR, "swatch-line") : null,
    scene.layersOn.has("links") ? swatch(t("gaps.link-line"), LINK_COLOR, "swatch-line") : null,
    scene.layersOn.has("sites") ? swatch(t("gaps.site-point"), LINK_COLOR, "swatch-dot") : null,
    scene.layersOn.has("faults") ? [swatch(t("gaps.near-miss"), FAULT_COLOR, "swatch-ring"), swatch(t("gaps.piece-line"), FAULT_COLOR, "swatch-line")] : null,
    scene.layersOn.has("ends") ? swatch(t("gaps.loose-end"), END_COLOR, "swatch-dot") : null,
  ];
}

function groundBlock({ under }, onGround) {
  return under ? h("div", { class: "gap-layers gap-ground" }, h("span", {}, t("map.ground")), groundChoice(under, onGround), groundKeys(under)) : null;
}

/** Draws legend and switches anew. */
export function drawLegend(element, scene, gaps, on, onGround) {
  const roomy = scene.map.getSize().x > ROOMY_PX;
  const open = roomy || (!scene.chosen && !matchMedia("(max-width: 820px)").matches);
  const title = scene.rule ? t("gaps.facility-shown", { facility: scene.rule.name }) : t("gaps.all-facilities");
  replace(
    element,
    h("details", { open }, h("summary", {}, title), h("div", { class: "gap-keys" }, scene.rule ? null : countKeys(scene), signKeys(gaps), ruleKeys(scene, gaps)), h("div", { class: "gap-layers" }, switches(scene, gaps, on)), groundBlock(scene, onGround)),
  );
}
