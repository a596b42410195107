/** The legend of the distribution map as entries of the picture's sheet. */

import { stageName } from "../core/filters.js";
import { LIGHTS, lightName, stageGlyph } from "../core/symbols.js";
import { t } from "../core/text.js";
import { listGroundKeys } from "./groundkey.js";
import { listShades, shadeUnit } from "./key.js";
import { listLayerKeys } from "./layers/sheet.js";

/** The rows of the legend at a zoom: headings, symbols, swatches and lines, each with its words. */
export function listKeys(scene, zoom) {
  const { style, colorMode } = scene;
  const symbol = (look, name) => ({ look, name });
  const lights = LIGHTS.map((light) => symbol({ ...style.lights[light], glyph: "" }, lightName(light)));
  const stages = Object.entries(style.stages).map(([stage, look]) => symbol({ shape: "circle", color: look.color, glyph: stageGlyph(stage) }, stageName(stage)));
  const categories = style.categories.map(({ name, color, glyph }) => symbol({ shape: "circle", color: colorMode === "category" ? color : "#67737c", glyph }, name));
  const shades = listShades(scene).map(({ color, label }) => ({ swatch: color, name: label }));
  const shading = shades.length ? [{ head: [t("map.shade"), shadeUnit(scene)].filter(Boolean).join(" · ") }, ...shades] : [];
  const own = { light: lights, stage: stages, category: categories }[colorMode];
  const glyphs = colorMode === "light" ? [{ head: t("map.glyphs") }, ...categories] : [];
  const rings = scene.anchors.some((anchor) => anchor.town) ? [{ ring: true, name: t("map.town-only") }] : [];
  const many = [{ badge: ["#2a9d74", "#e0a100"], name: t("map.badge") }, ...rings];
  return [{ head: t("map.symbols") }, ...own, ...glyphs, ...many, ...shading, ...listGroundKeys(scene.under), { head: t("map.layers") }, ...listLayerKeys(scene, zoom)];
}
