/** How villages are shaded: by the number, the money or the worst light of their projects. */

import { number } from "../core/format.js";
import { atMonth } from "../core/store.js";
import { GRAVITY } from "../core/symbols.js";

const FEN_PER_WAN = 1e6;
/** The stretch of the ramp that is used, in its steps: distinct from the bare ground, and not too dark for names. */
const STRETCH = [0.55, 3.55];
/** Up to so many projects in a village, each number up to four is a class of its own. */
const FEW = 12;
const NICE = [1, 2, 3, 5, 8, 10];

/** For each village code: its projects among `projects`, each project once. */
export function groupByVillage(projects) {
  const groups = new Map();
  for (const project of projects)
    for (const code of project.codes) {
      if (!groups.has(code)) groups.set(code, []);
      groups.get(code).push(project);
    }
  return groups;
}

/** The sum of the known amounts (分), or null where none is known. */
export function sumMoney(projects) {
  const known = projects.filter((project) => project.amount != null);
  return known.length ? known.reduce((sum, project) => sum + project.amount, 0) : null;
}

/** The worst light among projects in a month. */
export function worstLight(projects, month) {
  return projects.map((project) => atMonth(project, month).light).reduce((a, b) => (GRAVITY[b] > GRAVITY[a] ? b : a), "unreported");
}

function roundNice(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return NICE.reduce((best, step) => (Math.abs(step * power - value) < Math.abs(best - value) ? step * power : best), power);
}

/** Up to `classes` upper limits (the last open) that split values into groups of like size at round numbers. */
export function findBreaks(values, classes, round = roundNice) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const distinct = [...new Set(sorted)];
  if (distinct.length <= classes && round !== roundNice) return distinct;
  const cuts = Array.from({ length: classes - 1 }, (_, i) => round(sorted[Math.floor(((i + 1) * sorted.length) / classes)]));
  const limits = [...new Set(cuts)].filter((cut) => cut < distinct[distinct.length - 1]);
  return [...limits, Infinity];
}

/** The class of a value: the first whose upper limit it does not pass. */
export function findClass(breaks, value) {
  return breaks.findIndex((limit) => value <= limit);
}

function channels(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

function mix(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `rgb(${a.map((value, i) => Math.round(value * (1 - share) + b[i] * share)).join(",")})`;
}

function pickColors(ramp, count) {
  const [first, last] = STRETCH;
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? (first + last) / 2 : first + (i * (last - first)) / (count - 1);
    return mix(ramp[Math.floor(at)], ramp[Math.ceil(at)], at % 1);
  });
}

function labelCount(low, high) {
  if (high === Infinity) return `≥${number(low)}`;
  return low === high ? number(low) : `${number(low)}–${number(high)}`;
}

function labelMoney(low, high) {
  if (high === Infinity) return `>${number(low)}`;
  return low === 0 ? `≤${number(high)}` : `${number(low)}–${number(high)}`;
}

/** The classes of a shading over all projects of the site, so that colours keep their meaning under a filter. */
export function makeScale(site, mode) {
  const groups = [...groupByVillage(site.projects)].filter(([code]) => code.length === 12).map(([, projects]) => projects);
  if (mode === "count") return countScale(site, groups);
  return mode === "money" ? moneyScale(site, groups) : { mode, breaks: [], colors: [], labels: [] };
}

function countScale(site, groups) {
  const counts = groups.map((projects) => projects.length);
  const most = Math.max(0, ...counts);
  const breaks = most > 5 && most <= FEW ? [1, 2, 3, 4, Infinity] : findBreaks(counts, 5, Math.round);
  const labels = breaks.map((high, i) => labelCount(i ? breaks[i - 1] + 1 : 1, high));
  return { mode: "count", breaks, colors: pickColors(site.style.ramp, breaks.length), labels };
}

function moneyScale(site, groups) {
  const breaks = findBreaks(groups.map((projects) => (sumMoney(projects) || 0) / FEN_PER_WAN), 5);
  const labels = breaks.map((high, i) => labelMoney(i ? breaks[i - 1] : 0, high));
  return { mode: "money", breaks, colors: pickColors(site.style.ramp, breaks.length), labels };
}

/** The colour of a village in the scene's shading; null for the bare ground. */
export function shadeOf(scene, code) {
  const scale = scene.scales[scene.shadeMode];
  if (scale.mode === "none") return null;
  const projects = scene.byVillage.get(code);
  if (!projects) return scene.isOutside(code) ? OUTSIDE : null;
  if (scale.mode === "count") return scale.colors[findClass(scale.breaks, projects.length)];
  if (scale.mode === "light") return shadeOfLight(worstLight(projects, scene.month), scene.style);
  const sum = sumMoney(projects);
  if (sum == null) return NO_MONEY;
  return sum === 0 ? null : scale.colors[findClass(scale.breaks, sum / FEN_PER_WAN)];
}

/** The colour of villages by their worst light; HATCH where nobody reported. */
export function shadeOfLight(light, style) {
  return light === "unreported" ? HATCH : tint(style.lights[light].color, 0.5);
}

/** The colour of villages whose projects all lack an amount. */
export const NO_MONEY = "#dedad2";
/** The colour of villages that have projects, but none that the filters let through. */
export const OUTSIDE = "#e3e6e8";
/** In place of a colour: slanting lines. */
export const HATCH = "hatch";

/** A colour mixed with white: 1 is white. */
export function tint(color, share) {
  return mix(color, "#ffffff", share);
}
