/** The legend: every colour, shape and line that the map uses, and the switches for what is shown. */

import { h, replace, svg } from "../core/dom.js";
import { stageName } from "../core/filters.js";
import { LIGHTS, lightName, lightSymbol, stageGlyph } from "../core/symbols.js";
import { t } from "../core/text.js";
import { sumProjects } from "../core/totals.js";
import { groundChoice, groundKeys } from "./groundkey.js";
import { layerList } from "./layers/panel.js";
import { lineSample } from "./layers/sample.js";
import { inkOn } from "./marks.js";
import { HATCH, NO_MONEY, OUTSIDE, shadeOfLight } from "./shade.js";
import { SHADES, SYMBOLS } from "./view.js";

/** A row of buttons of which one is chosen. */
function choice(name, values, chosen, onChoose) {
  const buttons = values.map((value) =>
    h("button", { type: "button", "aria-pressed": String(value === chosen), data: { [name]: value }, onclick: () => onChoose(value) }, t(`map.${name}-${value}`)),
  );
  return h("span", { class: "choice", role: "group" }, buttons);
}

function swatch(color) {
  return color === HATCH ? h("i", { class: "swatch swatch-hatch" }) : h("i", { class: "swatch", style: { background: color } });
}

function glyphOn(color, glyph) {
  return h("i", { class: "glyph", style: { background: color, color: inkOn("circle", color) } }, glyph);
}

function entryButton(store, filter, value, symbol, label, count) {
  const on = store.get(filter);
  const chosen = on.includes(value);
  return h(
    "button",
    { type: "button", class: on.length && !chosen ? "key off" : "key", "aria-pressed": String(chosen), title: t("map.legend-hint"), onclick: () => store.toggle(filter, value) },
    symbol,
    h("span", { class: "key-name" }, label),
    h("span", { class: "key-count" }, String(count || 0)),
  );
}

function lightEntries(scene, sums) {
  return LIGHTS.map((light) => entryButton(scene.store, "light", light, lightSymbol(light, scene.site, 16), lightName(light), sums.lights[light]));
}

function stageEntries(scene, sums) {
  return Object.entries(scene.style.stages).map(([stage, look]) =>
    entryButton(scene.store, "stage", stage, glyphOn(look.color, stageGlyph(stage)), stageName(stage), sums.stages[stage]),
  );
}

function categoryEntries(scene) {
  const counts = new Map();
  scene.projects.forEach((project) => counts.set(project.type, (counts.get(project.type) || 0) + 1));
  return scene.style.categories.map((category) => entryButton(scene.store, "category", category.name, categoryGlyph(scene, category), category.name, counts.get(category.name)));
}

/** The character of a category as the symbols show it; none where they show the stage. */
function categoryGlyph(scene, category) {
  if (scene.colorMode === "stage") return null;
  return scene.colorMode === "category" ? glyphOn(category.color, category.glyph) : h("i", { class: "glyph glyph-plain" }, category.glyph);
}

function symbolBlock(scene, set) {
  const sums = sumProjects(scene.projects, scene.month);
  const entries = scene.colorMode === "stage" ? stageEntries(scene, sums) : scene.colorMode === "light" ? lightEntries(scene, sums) : [];
  return h(
    "section",
    {},
    h("h3", {}, t("map.symbols"), choice("color", SYMBOLS, scene.colorMode, (mode) => set("colorMode", mode))),
    h("div", { class: "keys" }, entries),
    h("h4", {}, t(scene.colorMode === "stage" ? "map.categories" : "map.glyphs")),
    h("div", { class: "keys keys-two" }, categoryEntries(scene)),
    h("p", { class: "key-note" }, badgeSample(), t("map.badge")),
    scene.anchors.some((anchor) => anchor.town) ? h("p", { class: "key-note key-town" }, townSample(), t("map.town-only")) : null,
    scene.own.length ? h("p", { class: "key-line" }, lineSample(scene.own[0]), t("map.own-shape")) : null,
  );
}

function badgeSample() {
  return svg(
    "svg",
    { class: "symbol", width: 20, height: 20, viewBox: "-10 -10 20 20", "aria-hidden": "true" },
    svg("circle", { r: 7.5, fill: "#fff", stroke: "#2a9d74", "stroke-width": 3 }),
    svg("path", { d: "M0,-7.5A7.5,7.5,0,0,1,7.5,0", fill: "none", stroke: "#e0a100", "stroke-width": 3 }),
    svg("text", { y: 3.4, "text-anchor": "middle", "font-size": 9, "font-weight": 700, fill: "#22303a" }, "8"),
  );
}

function townSample() {
  return svg(
    "svg",
    { class: "symbol", width: 20, height: 20, viewBox: "-10 -10 20 20", "aria-hidden": "true" },
    svg("circle", { r: 8.6, fill: "none", stroke: "#22303a", "stroke-width": 1.1, "stroke-dasharray": "3 2.2" }),
    svg("circle", { r: 5, fill: "#8a959c" }),
  );
}

/** The colours of the village shading and what they mean: {color, label}, with the light where it is one. */
export function listShades(scene) {
  const { shadeMode, style } = scene;
  if (shadeMode === "none") return [];
  const scale = scene.scales[shadeMode];
  const zero = { color: style.ground.land, label: t("map.shade-zero") };
  const outside = scene.narrowed ? [{ color: OUTSIDE, label: t("map.shade-outside") }] : [];
  if (shadeMode === "light") return [zero, ...outside, ...LIGHTS.map((light) => ({ color: shadeOfLight(light, style), label: lightName(light), light }))];
  const classes = scale.colors.map((color, i) => ({ color, label: scale.labels[i] }));
  return [zero, ...outside, ...classes, ...(shadeMode === "money" ? [{ color: NO_MONEY, label: t("map.shade-no-money") }] : [])];
}

/** The heading of the shading with its unit, where it counts. */
export function shadeUnit(scene) {
  return ["count", "money"].includes(scene.shadeMode) ? t(`map.shade-unit-${scene.shadeMode}`) : "";
}

/** The same as entries of the legend. */
export function shadeEntries(scene) {
  return listShades(scene).map(({ color, label, light }) => h("span", { class: "shade-key" }, swatch(color), light ? lightSymbol(light, scene.site, 12) : null, label));
}

function shadeBlock(scene, set) {
  const mode = scene.shadeMode;
  const unit = shadeUnit(scene) ? h("span", { class: "unit" }, shadeUnit(scene)) : null;
  return h(
    "section",
    {},
    h("h3", {}, t("map.shade"), unit, choice("shade", SHADES, mode, (value) => set("shadeMode", value))),
    h("div", { class: "shade-keys" }, shadeEntries(scene)),
    mode === "money" || mode === "light" ? h("p", { class: "key-note" }, t(`map.shade-${mode}-note`)) : null,
  );
}

function layerBlock(scene, set) {
  const layers = scene.ground;
  if (!layers.length) return h("section", {}, h("h3", {}, t("map.layers")), h("p", {}, t("map.no-layers")));
  const made = layers.some((layer) => layer.synthetic) ? h("p", { class: "key-note" }, h("small", { class: "made" }, "*"), t("map.synthetic-layer")) : null;
  const ground = groundChoice(scene.under, (mode) => set("ground", mode));
  return h("section", { class: "layers" }, h("h3", {}, t("map.layers"), ground), groundKeys(scene.under), layerList(scene, set), made);
}

/** Draws the whole legend; `set(name, value)` is told what the reader switches. */
export function renderKey(el, scene, set) {
  const focused = document.activeElement && el.contains(document.activeElement) ? focusPath(document.activeElement) : null;
  replace(el, symbolBlock(scene, set), shadeBlock(scene, set), layerBlock(scene, set));
  if (focused) el.querySelector(focused)?.focus();
}

function focusPath(element) {
  const [name, value] = Object.entries(element.dataset)[0] || [];
  return name ? `[data-${name}="${CSS.escape(value)}"]` : null;
}
