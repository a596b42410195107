/** The filter's state, which is the address of the page: #town=640424100,640424101&light=late&month=2023-05 */

import { holdsCode } from "./codes.js";
import { holds } from "./sounds.js";
import { fold } from "./format.js";
import { listLayerFilters, tidyLayerFilter, tidyView } from "./layerfilters.js";
import { readBox, readSpan, standsIn, TIDY, worksIn } from "./ranges.js";
import { afterFrames } from "./ready.js";
import { hasBegun, isPast, listSteps, nearestMonth, standAt } from "./timeline.js";

/** The filters of gaps.html alone: they are about kinds of facilities, not about projects. */
const GAPS = ["facility", "state", "group"];
const LISTS = ["town", "village", "category", "stage", "light", "unit", "source"];
const MANY = [...LISTS, ...GAPS];
const ONE = ["month", "year", "search", "span", "box"];
/** Kept in the address, but no filters of projects: the chosen one, what the quality page shows, the cell and order of the gaps, the order of the list under the map, how layers, villages, symbols and ground are shown, where the map is. */
const OTHER = ["project", "severity", "file", "cell", "order", "sort", "layers", "shade", "symbols", "ground", "at"];
/** What stays when the filters are cleared. */
const KEPT = ["project", "layers", "shade", "symbols", "ground", "at"];
/** The names of the filters of projects, as in `data-filter` and in the address. */
export const FILTERS = [...LISTS, ...ONE];
/** Values that are written as they are read by people: figures, commas, names of layers. */
const PLAIN = ["box", "layers", "at"];
const KEYS = [...FILTERS, ...GAPS, ...OTHER];
const TIDIES = { ...TIDY };
/** The filters of layers, by their name in the address. */
const LAYERS = new Map();

/** Takes the filters of the layers that the site declares: each is one more key of the address. */
function useLayers(meta) {
  TIDIES.layers = (text) => tidyView(meta.layers, text);
  for (const [name, told] of listLayerFilters(meta)) {
    if (!LAYERS.has(name)) KEYS.push(name);
    if (told.words && !MANY.includes(name)) MANY.push(name);
    LAYERS.set(name, told);
    TIDIES[name] = (value) => tidyLayerFilter(told, value);
  }
}

function emptyState() {
  return Object.fromEntries(KEYS.map((key) => [key, MANY.includes(key) ? [] : ""]));
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readHash(hash) {
  const state = emptyState();
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at);
    const value = pair.slice(at + 1);
    if (at < 1 || !KEYS.includes(key) || !value) continue;
    state[key] = clean(key, MANY.includes(key) ? value.split(",").map(decode) : decode(value));
  }
  return state;
}

function writeValue(key, value) {
  if (PLAIN.includes(key)) return value;
  return [].concat(value).map(encodeURIComponent).join(",");
}

function writeHash(state) {
  return KEYS.filter((key) => state[key].length)
    .map((key) => `${key}=${writeValue(key, state[key])}`)
    .join("&");
}

function unique(values) {
  return [...new Set(values)];
}

function clean(key, value) {
  const tidy = TIDIES[key] || ((given) => given);
  if (!MANY.includes(key)) return value == null ? "" : tidy(String(value));
  return tidy(unique([].concat(value ?? []).filter((one) => one !== "" && one != null).map(String)));
}

function inputTime() {
  const now = performance.now();
  const stamp = window.event ? window.event.timeStamp : now;
  return stamp > 0 && stamp <= now ? stamp : now;
}

function measure(begin) {
  afterFrames(() => performance.measure("geoplan-filter", { start: begin, end: performance.now() }));
}

function yearsOf(project) {
  const months = [...(project.plan || []), ...(project.actual || [])].filter(Boolean).sort();
  return months.length ? [months[0].slice(0, 4), months[months.length - 1].slice(0, 4)] : null;
}

/** What a project is at a month: light, planned, actual, behind, paid, stage; light and stage alone where there are no returns. */
export function atMonth(project, month) {
  return (project.m && project.m[month]) || standAt(project, month);
}

/** The stage of a project at a month. */
export function stageAt(project, month) {
  return atMonth(project, month).stage || project.stage;
}

class Store {
  constructor(site, { still = false, past = false } = {}) {
    Object.assign(this, { site, past, steps: new Set(listSteps(site.meta)) });
    useLayers(site.meta);
    this.state = still ? emptyState() : readHash(location.hash);
    this.listeners = new Set();
    this.compile();
    if (!still) window.addEventListener("hashchange", () => this.take(readHash(location.hash), true));
  }

  /** The words in which the search looks, for each project. */
  get haystacks() {
    if (this.words) return this.words;
    const names = new Map([...this.site.towns, ...this.site.villages].map((place) => [place.code, place.name]));
    const wordsOf = (project) => [project.name, project.id, project.place, ...[...project.codes, ...project.towns].map((code) => names.get(code) || ""), ...(project.lead || [])];
    this.words = new Map(this.site.projects.map((project) => [project.k, fold(wordsOf(project).join("|"))]));
    return this.words;
  }

  /** Whether the search lets a project through; `needle` is folded. */
  finds(project, needle) {
    return holds(this.haystacks.get(project.k), needle) || holdsCode([...project.codes, ...project.towns], needle);
  }

  get(name) {
    return this.state[name];
  }

  /** The chosen month, else the data's cut-off; where the page shows no time without returns, the nearest month that has them. */
  month() {
    const { months, month } = this.site.meta;
    const chosen = this.state.month;
    if (!chosen || !this.steps.has(chosen)) return month || months[months.length - 1] || "";
    return this.past ? chosen : nearestMonth(months, chosen);
  }

  /** Changes one value (a list for the filters of many values). */
  set(name, value) {
    this.assign({ [name]: value });
  }

  /** Adds a value to a filter of many values, or takes it away. */
  toggle(name, value) {
    const has = this.state[name].includes(value);
    this.set(name, has ? this.state[name].filter((one) => one !== value) : [...this.state[name], value]);
  }

  /** Changes several values at once. */
  assign(values) {
    const next = { ...this.state };
    for (const [key, value] of Object.entries(values)) if (KEYS.includes(key)) next[key] = clean(key, value);
    this.take(next, false);
  }

  /** Writes a value into the address and tells nobody: it is what the page shows already. */
  note(name, value) {
    if (this.state[name] === value) return;
    this.state = { ...this.state, [name]: value };
    this.writeAddress();
  }

  /** Clears every filter; the chosen project and how the map is shown stay. */
  reset() {
    const kept = Object.fromEntries(KEPT.map((key) => [key, this.state[key]]));
    this.take({ ...emptyState(), ...kept }, false);
  }

  /** Whether any filter is set. */
  active() {
    return [...FILTERS, ...GAPS, ...LAYERS.keys()].some((key) => this.state[key].length && !(key === "month" && this.state.month === this.site.meta.month));
  }

  /** Whether a filter other than the month is set, so that some projects may be left out. */
  narrowed() {
    return FILTERS.some((key) => key !== "month" && this.state[key].length);
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The hash of this state, or of this state with some values changed; without the "#". Where the map is belongs to this page. */
  hash(changes = {}) {
    const state = { ...this.state, at: "" };
    for (const [key, value] of Object.entries(changes)) state[key] = clean(key, value);
    return writeHash(state);
  }

  /** Whether the filters let a project through: OR inside a filter, AND between filters. */
  visible(project) {
    return this.tests.every((test) => test(project));
  }

  /** The projects that the filters let through. */
  projects() {
    return this.site.projects.filter((project) => this.visible(project));
  }

  /** The projects that stand at the chosen month, whatever the other filters: before the returns, those that have begun. */
  standing() {
    const month = this.month();
    return isPast(this.site.meta, month) ? this.site.projects.filter((project) => hasBegun(project, month)) : this.site.projects;
  }

  /** The chosen project, or null. */
  selected() {
    return (this.state.project && this.site.projects.find((project) => project.k === this.state.project)) || null;
  }

  take(next, fromAddress) {
    const changed = KEYS.filter((key) => String(next[key]) !== String(this.state[key]) || next[key].length !== this.state[key].length);
    if (!changed.length) return;
    const begin = inputTime();
    this.state = next;
    this.compile();
    if (!fromAddress) this.writeAddress();
    this.listeners.forEach((listener) => listener(this.state, changed));
    if (changed.some((key) => key !== "project")) measure(begin);
  }

  writeAddress() {
    const hash = writeHash(this.state);
    try {
      history.replaceState(history.state, "", location.href.split("#")[0] + (hash ? `#${hash}` : ""));
    } catch {
      // A browser that counts address changes refuses the 200th in 10 seconds: the next one catches up.
    }
  }

  compile() {
    const { state } = this;
    const month = this.month();
    const any = (key, values) => {
      const wanted = new Set(state[key]);
      return wanted.size ? (project) => values(project).some((value) => wanted.has(value)) : null;
    };
    const needle = fold(state.search);
    const [box, span] = [readBox(state.box), readSpan(state.span)];
    this.tests = [
      any("town", (project) => project.towns),
      any("village", (project) => project.codes),
      any("category", (project) => [project.type]),
      any("stage", (project) => [stageAt(project, month)]),
      any("light", (project) => [atMonth(project, month).light]),
      any("unit", (project) => project.lead || []),
      any("source", (project) => Object.keys(project.sources || {}).filter((key) => project.sources[key] > 0)),
      isPast(this.site.meta, month) ? (project) => hasBegun(project, month) : null,
      needle ? (project) => this.finds(project, needle) : null,
      state.year ? (project) => inYear(project, state.year) : null,
      span ? (project) => worksIn(project, span, month) : null,
      box ? (project) => standsIn(project, box) : null,
    ].filter(Boolean);
  }
}

function inYear(project, year) {
  const years = yearsOf(project);
  return years != null && years[0] <= year && year <= years[1];
}

/** The store of a page; `options.past`: that it can show steps of time without returns too. */
export function createStore(site, options = {}) {
  return new Store(site, options);
}

/** A store that no address changes: all projects at the cut-off. */
export function createStillStore(site) {
  return new Store(site, { still: true });
}
