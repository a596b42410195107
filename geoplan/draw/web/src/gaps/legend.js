/** The legend of the map and its switches: it explains every colour that is shown. */

import { h, replace } from "../core/dom.js";
import { t } from "../core/text.js";
import { groundChoice, groundKeys, listGroundKeys } from "../map/groundkey.js";
import { stateSign } from "./card.js";
import { END_COLOR, FACILITY_LOOKS, FAULT_COLOR, HOME_COLOR, HOME_COLORS, LINK_COLOR, WAY_COLOR } from "./scene.js";

/** A map so wide has room for the legend beside a card. */
const ROOMY_PX = 720;
/** The entries that are a piece of colour, and its shape. */
const SHAPES = { swatch: "", dot: "swatch-dot", square: "swatch-square", line: "swatch-line" };

/** An entry of the legend on the page; its kinds are those of the entries of the picture's sheet. */
function drawKey(gaps, key) {
  if (key.sign) return h("span", { class: "shade-key" }, stateSign(gaps, key.state), key.name);
  if (key.unit) return h("span", { class: "unit" }, key.unit);
  const kind = Object.keys(SHAPES).find((name) => name in key);
  const shape = key.edge ? "swatch-ring" : SHAPES[kind];
  return h("span", { class: "shade-key" }, h("i", { class: `swatch ${shape}`, style: { background: key[kind] } }), key.name);
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
  return [{ unit: t("gaps.gap-count") }, ...scene.style.ramp.map((color, i) => ({ swatch: color, name: name(i) }))];
}

function signKeys(gaps) {
  return gaps.stateNames.map((state) => ({ sign: gaps.states[state], state, name: gaps.states[state].name }));
}

/** Who is reached, for a rule that looks at where people live; else what a settlement is. */
function homeKeys(gaps, rule) {
  if (!rule || !gaps.reachesOf(rule).size) return [{ dot: HOME_COLOR, name: t("gaps.layer-homes") }];
  const words = rule.measure === "distance" ? "home" : "line";
  return ["within", "without", "unknown"].map((name, i) => ({ dot: HOME_COLORS[i], name: t(`gaps.${words}-${name}`) }));
}

/** What is reached from the chosen place, and on which way. */
function reachKeys(scene, gaps) {
  const { rule } = scene;
  if (!rule || rule.measure !== "distance" || !scene.chosen) return [];
  const straight = rule.straight || !gaps.edges.first.length;
  return [...gaps.bands.map((band) => ({ swatch: band.color, name: t("gaps.band", { n: band.minutes }) })), { line: WAY_COLOR, name: t(straight ? "gaps.straight-way" : "gaps.way") }];
}

function ruleKeys(scene, gaps) {
  const { rule } = scene;
  const on = (layer, keys) => (scene.layersOn.has(layer) ? keys : []);
  const found = new Set(gaps.facilities.condition.filter((_, i) => rule && gaps.facilities.rules[i].includes(rule.index)));
  const looks = Object.keys(FACILITY_LOOKS).filter((name) => found.has(name));
  return [
    ...on("homes", homeKeys(gaps, rule)),
    ...on("facilities", looks.map((name) => ({ square: FACILITY_LOOKS[name].fill, name: t(`gaps.facility-${name}`) }))),
    ...reachKeys(scene, gaps),
    ...on("links", [{ line: LINK_COLOR, name: t("gaps.link-line") }]),
    ...on("sites", [{ dot: LINK_COLOR, name: t("gaps.site-point") }]),
    ...on("faults", [{ dot: "#ffffff", edge: FAULT_COLOR, name: t("gaps.near-miss") }, { line: FAULT_COLOR, name: t("gaps.piece-line") }]),
    ...on("ends", [{ dot: END_COLOR, name: t("gaps.loose-end") }]),
  ];
}

function groundBlock({ under }, onGround) {
  return under ? h("div", { class: "gap-layers gap-ground" }, h("span", {}, t("map.ground")), groundChoice(under, onGround), groundKeys(under)) : null;
}

/** What the villages' colours show: all facilities, or the one that is chosen. */
export function tellShown(scene) {
  return scene.rule ? t("gaps.facility-shown", { facility: scene.rule.name }) : t("gaps.all-facilities");
}

/** All entries in order. */
function listEntries(scene, gaps) {
  return [...(scene.rule ? [] : countKeys(scene)), ...signKeys(gaps), ...ruleKeys(scene, gaps)];
}

/** The same for the sheet of a picture: what a colour counts becomes a heading; signs stand there only where they colour the map. */
export function listKeys(scene, gaps) {
  const entries = listEntries(scene, gaps).filter((key) => scene.rule || !key.sign);
  return [{ head: tellShown(scene) }, ...entries.map((key) => (key.unit ? { head: key.unit } : key)), ...listGroundKeys(scene.under)];
}

/** Draws legend and switches anew. */
export function drawLegend(element, scene, gaps, on, onGround) {
  const roomy = scene.map.getSize().x > ROOMY_PX;
  const open = roomy || (!scene.chosen && !matchMedia("(max-width: 820px)").matches);
  const keys = listEntries(scene, gaps).map((key) => drawKey(gaps, key));
  const top = element.scrollTop;
  replace(element, h("details", { open }, h("summary", {}, tellShown(scene)), h("div", { class: "gap-keys" }, keys), h("div", { class: "gap-layers" }, switches(scene, gaps, on)), groundBlock(scene, onGround)));
  element.scrollTop = top;
}
