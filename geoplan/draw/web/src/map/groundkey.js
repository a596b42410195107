/** What the legend says of the ground: the choice, its classes with their source, and whether a base map could be had. */

import { $, h } from "../core/dom.js";
import { number } from "../core/format.js";
import { t } from "../core/text.js";

function nameMode(under, mode) {
  const [kind, at] = mode.split("-");
  const own = { tiles: under.basemaps, picture: under.photos }[kind];
  return own ? own[Number(at)].title : t(`map.ground-${mode}`);
}

/** The list from which a ground is chosen; null where there is none to choose. */
export function groundChoice(under, onChoose) {
  if (!under) return null;
  const options = under.modes.map((mode) => h("option", { value: mode, selected: mode === under.mode }, nameMode(under, mode)));
  return h("select", { class: "ground-choice", data: { ground: "choice" }, "aria-label": t("map.ground"), title: tellRelief(under) || t("map.ground"), onchange: (event) => onChoose(event.target.value) }, options);
}

/** The heading of the chosen ground on a sheet, and its classes: {color, label}. */
function listGround(under) {
  if (!under || under.basemap || under.mode === "none") return null;
  const unit = under.mode === "elevation" ? t("map.ground-metres") : "";
  return { head: [t("map.ground"), nameMode(under, under.mode), unit].filter(Boolean).join(" · "), classes: under.classes };
}

/** The same as entries of the picture's sheet. */
export function listGroundKeys(under) {
  const ground = listGround(under);
  return ground ? [{ head: ground.head }, ...ground.classes.map(({ color, label }) => ({ swatch: color, name: label }))] : [];
}

/** Whence the relief or its classes are; empty without. */
function tellRelief(under) {
  if (!under.relief || !(under.mode in under.relief.pictures)) return "";
  const { titles, cell, exaggeration } = under.relief;
  return t(`map.ground-note-${under.mode}`, { source: titles.join(t("common.comma")), cell: number(cell), n: String(exaggeration) });
}

function classKeys(under) {
  if (!under.classes.length) return null;
  const unit = under.mode === "elevation" ? h("span", { class: "unit" }, t("map.ground-metres")) : null;
  return h("div", { class: "shade-keys ground-keys" }, unit, under.classes.map(({ color, label }) => h("span", { class: "shade-key" }, h("i", { class: "swatch", style: { background: color } }), label)));
}

function opacityRange(under) {
  const change = (event) => under.setOpacity(Number(event.target.value));
  return h("label", { class: "ground-opacity" }, t("map.ground-opacity"), h("input", { type: "range", min: 0.2, max: 1, step: 0.05, value: under.opacity, data: { ground: "opacity" }, oninput: change }));
}

/** What stands under the choice: nothing for a plain map, one quiet note where a base map cannot be had. */
export function groundKeys(under) {
  if (!under || !(under.basemap || under.classes.length)) return null;
  if (!under.basemap) return h("div", { class: "ground-key" }, classKeys(under), h("p", { class: "key-note" }, tellRelief(under)));
  const lost = under.layer && under.layer.failed && !under.layer.seen;
  const note = lost ? h("p", { class: "key-note ground-lost", role: "status" }, t("map.ground-lost")) : h("p", { class: "key-note" }, t("map.ground-tiles-note"));
  return h("div", { class: "ground-key" }, lost ? null : opacityRange(under), note);
}

/** Names the base map and its 审图号 in the caption of the map, while one is seen. */
function captionGround(under) {
  const seen = under && under.basemap && under.layer && under.layer.seen;
  const { title, attribution, approval } = seen ? under.basemap : {};
  const words = seen ? [title, attribution, approval ? `${t("common.approval")} ${approval}` : ""].filter(Boolean).join(t("common.comma")) : "";
  const place = $(".map-base") || h("span", { class: "map-base" });
  place.textContent = words ? t("map.ground-caption", { words }) : "";
  if (!place.isConnected) $(".map-caption").append(place);
  place.hidden = !words;
}

/** Keeps caption and legend (`draw`) to what is seen of the ground. */
export function bindGround(under, draw) {
  if (!under) return;
  under.told = () => {
    captionGround(under);
    draw();
  };
}
