/** The filter bar: one select a filter (with "several…" for more than one value), the search, the summary, the reset. */

import { readCoordinates } from "./coordinates.js";
import { h, replace } from "./dom.js";
import { formatMonth, getLocale, list, money, number, span } from "./format.js";
import { readBox, readSpan } from "./ranges.js";
import { listLayerFilters, nameLayerFilter, nameLayerValue } from "./layerfilters.js";
import { afterDraw, afterReady } from "./ready.js";
import { FILTERS, stageAt } from "./store.js";
import { LIGHTS, lightName } from "./symbols.js";
import { isPast, tellStep } from "./timeline.js";
import { t, tOr } from "./text.js";
import { sumProjects } from "./totals.js";

const SEVERAL = "\u0000several";
/** Filters whose values say little without the filter's name. */
const RANGES = ["span", "box"];
const SOURCES = ["central", "region", "city", "county", "minning", "bond", "other"];

function collate(a, b) {
  return a.localeCompare(b, getLocale());
}

function distinct(site, values) {
  return [...new Set(site.projects.flatMap(values).filter(Boolean))];
}

function inOrder(order, found) {
  return [...order.filter((one) => found.includes(one)), ...found.filter((one) => !order.includes(one)).sort(collate)];
}

function named(values, name = (value) => value) {
  return values.map((value) => ({ value, label: name(value) }));
}

function listYears(site) {
  const [first, last] = (site.meta.axis || []).map((text) => (text ? Number(text.slice(0, 4)) : null));
  if (!first || !last) return [];
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
}

function listVillages(site, store) {
  const towns = store.get("town");
  const chosen = store.get("village");
  const kept = site.villages.filter((one) => !towns.length || towns.includes(one.town) || chosen.includes(one.code));
  return kept.map((one) => ({ value: one.code, label: one.name, group: one.townName }));
}

const CHOICES = {
  town: (site) => site.towns.map((town) => ({ value: town.code, label: town.name })),
  village: listVillages,
  category: (site) => named(inOrder((site.style.categories || []).map((one) => one.name), distinct(site, (p) => [p.type]))),
  stage: (site) =>
    named(inOrder(Object.keys(site.style.stages || {}), distinct(site, (p) => [p.stage, ...Object.keys(p.m || {}).map((m) => stageAt(p, m))])), stageName),
  light: () => named(LIGHTS, lightName),
  unit: (site) => named(distinct(site, (p) => p.lead || [])),
  source: (site) => named(inOrder(SOURCES, distinct(site, (p) => Object.keys(p.sources || {}))), sourceName),
  facility: (site) => site.gaps.rules.map((rule) => ({ value: rule.id, label: rule.name, group: rule.groupName })),
  state: (site) => named(site.gaps.stateNames.filter(Boolean), (state) => site.gaps.states[state].name),
  group: (site) => named(Object.keys(site.gaps.words.group), (group) => site.gaps.words.group[group]),
  month: (site) => named([...site.meta.months].reverse(), formatMonth),
  year: (site) => named(listYears(site), (value) => t("common.year", { year: value })),
};

const known = new WeakMap();

/** The choices of a filter; all but the villages are the same for the life of the page. */
function listChoices(site, store, name) {
  if (name === "village") return CHOICES.village(site, store);
  if (!known.has(site)) known.set(site, new Map());
  const lists = known.get(site);
  if (!lists.has(name)) lists.set(name, CHOICES[name](site, store));
  return lists.get(name);
}

/** Puts the units in the order of the language: loading its rules takes a browser longer than drawing the whole map. */
function sortUnits(site, store) {
  listChoices(site, store, "unit").sort((a, b) => collate(a.label, b.label));
}

/** The name of a source of money. */
export function sourceName(source) {
  return tOr(`source.${source}`, source);
}

/** The name of a stage. */
export function stageName(stage) {
  return tOr(`stage.${stage}`, stage);
}

/** A box in words, its degrees to about a hundred metres. */
function boxName(text) {
  const [west, south, east, north] = readBox(text).map((degrees) => number(degrees, 3));
  return t("common.box", { west, south, east, north });
}

/** What a value of a filter is called. */
export function valueName(site, store, name, value) {
  const ofLayer = listLayerFilters(site.meta).get(name);
  if (ofLayer) return nameLayerValue(ofLayer, value);
  if (name === "search") return `“${value}”`;
  if (name === "span") return span(readSpan(value));
  if (name === "box") return boxName(value);
  if (name === "month") return tellStep(site.meta, value);
  if (name === "village") return (site.villages.find((one) => one.code === value) || { name: value }).name;
  const choice = listChoices(site, store, name).find((one) => one.value === value);
  return choice ? choice.label : value;
}

/** The values of a filter that are in force: of the month, the one that the page shows. */
function valuesInForce(store, name) {
  if (name === "month" && store.get(name)) return [store.month()];
  return [].concat(store.get(name)).filter(Boolean);
}

function fillOptions(select, choices, all) {
  const options = all ? [h("option", { value: "" }, all)] : [];
  let group = null;
  for (const choice of choices) {
    const option = h("option", { value: choice.value }, choice.label);
    if (!choice.group) options.push(option);
    else {
      if (!group || group.label !== choice.group) options.push((group = h("optgroup", { label: choice.group })));
      group.append(option);
    }
  }
  replace(select, options);
}

function openSeveral(anchor, store, name, choices) {
  document.querySelectorAll(".several").forEach((old) => old.remove());
  const boxes = choices.map(({ value, label }) =>
    h(
      "label",
      {},
      h("input", { type: "checkbox", value, checked: store.get(name).includes(value), data: { filter: name }, onchange: () => store.toggle(name, value) }),
      h("span", {}, label),
    ),
  );
  const close = () => {
    panel.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.querySelector("select").focus();
  };
  const outside = (event) => !panel.contains(event.target) && close();
  const panel = h(
    "div",
    { class: "several", role: "group", "aria-label": t(`common.filter.${name}`), onkeydown: (event) => event.key === "Escape" && (event.stopPropagation(), close()) },
    h("div", { class: "several-list" }, boxes),
    h("button", { type: "button", class: "button", onclick: close }, t("common.close")),
  );
  document.addEventListener("pointerdown", outside, true);
  anchor.append(panel);
  const first = panel.querySelector("input");
  if (first) first.focus();
}

function selectFilter(store, site, name) {
  const label = t(`common.filter.${name}`);
  const single = name === "month" || name === "year";
  const select = h("select", { data: { filter: name }, "aria-label": label });
  const box = h("label", { class: "filter" }, h("span", { class: "filter-name" }, label), select);
  let shown = "";
  let sorted = name !== "unit";
  const update = () => {
    const values = valuesInForce(store, name);
    const choices = listChoices(site, store, name);
    const key = `${sorted}|${choices.length}|${name === "village" ? store.get("town") : ""}|${values}`;
    if (key === shown) return;
    shown = key;
    fillOptions(select, choices, name === "month" ? "" : t("common.all"));
    if (values.length === 1 && !choices.some((one) => one.value === values[0])) select.append(h("option", { value: values[0] }, valueName(site, store, name, values[0])));
    if (!single && choices.length > 1) select.append(h("option", { value: SEVERAL }, values.length > 1 ? t("common.several-chosen", { n: values.length }) : t("common.several")));
    select.value = name === "month" ? store.month() : values.length > 1 ? SEVERAL : values[0] || "";
    box.classList.toggle("on", values.length > 0 && !(name === "month" && values[0] === site.meta.month));
  };
  const reopen = () => openSeveral(box, store, name, listChoices(site, store, name));
  select.addEventListener("change", () => {
    if (select.value !== SEVERAL) return store.set(name, name === "month" && select.value === site.meta.month ? "" : select.value || []);
    shown = "";
    update();
    reopen();
  });
  select.addEventListener("pointerdown", (event) => {
    if (store.get(name).length > 1 && !single) {
      event.preventDefault();
      reopen();
    }
  });
  if ([].concat(store.get(name)).some(Boolean)) update();
  else {
    select.append(h("option", { value: "" }, name === "month" ? formatMonth(store.month()) : t("common.all")));
    afterDraw(update);
  }
  store.subscribe(update);
  if (!sorted) afterReady(() => (sortUnits(site, store), (sorted = true), update()));
  return box;
}

/** With `places` typed coordinates are no words that are looked for: the map goes there (see map/search.js). */
function searchFilter(store, places) {
  const hint = t(places ? "map.search-hint" : "common.search-hint");
  const input = h("input", {
    type: "search",
    data: { filter: "search" },
    placeholder: hint,
    title: places ? hint : null,
    "aria-label": t("common.filter.search"),
    autocomplete: "off",
    spellcheck: "false",
  });
  input.value = store.get("search");
  let composing = false;
  const read = () => (places && readCoordinates(input.value) ? "" : input.value.trim());
  const write = () => !composing && store.set("search", read());
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => ((composing = false), write()));
  input.addEventListener("input", write);
  store.subscribe(() => {
    if (read() !== store.get("search")) input.value = store.get("search");
  });
  return h("label", { class: "filter filter-search" }, h("span", { class: "filter-name" }, t("common.filter.search")), input);
}

/** Renders the filter bar into `el`, with a reset; every control carries data-filter="<name>". With `places` the search takes coordinates. */
export function renderFilters(el, store, site, names, { places = false } = {}) {
  el.classList.add("filter-bar");
  const reset = h("button", { type: "button", class: "button reset", onclick: () => store.reset() }, t("common.reset"));
  replace(
    el,
    names.map((name) => (name === "search" ? searchFilter(store, places) : selectFilter(store, site, name))),
    reset,
  );
  const update = () => (reset.disabled = !store.active());
  update();
  store.subscribe(update);
}

function filterName(site, name) {
  const ofLayer = listLayerFilters(site.meta).get(name);
  return ofLayer ? nameLayerFilter(ofLayer) : t(`common.filter.${name}`);
}

function chip(store, site, name, value) {
  const many = Array.isArray(store.get(name));
  const remove = () => (many ? store.toggle(name, value) : store.set(name, ""));
  const label = valueName(site, store, name, value);
  return h(
    "button",
    { type: "button", class: "chip", title: t("common.remove-filter"), onclick: remove },
    h("span", { class: "chip-name" }, filterName(site, name)),
    h("span", {}, label),
    h("span", { class: "chip-x", "aria-hidden": "true" }, "×"),
  );
}

/** The sentence on what is shown: "显示 37 / 160 个项目，金额 1,234.5 万元，其中 5 个无资金数". */
export function summaryText(projects, total, month) {
  const sums = sumProjects(projects, month);
  const facts = { n: number(sums.count), total: number(total), wan: money(sums.amount), none: number(sums.withoutAmount) };
  if (sums.withoutAmount === sums.count) return t("common.summary-none", facts);
  return t(sums.withoutAmount ? "common.summary-some" : "common.summary", facts);
}

/** The filters in words, without the month: "香水镇、大湾乡 · 滞后 · 2023年"; empty where none is set. */
export function filterWords(store, site) {
  const names = FILTERS.filter((name) => name !== "month" && store.get(name).length);
  return names.map((name) => (RANGES.includes(name) ? `${t(`common.filter.${name}`)} ` : "") + listNames(site, store, name)).join(" · ");
}

/** Whether nothing is shown because no project had begun at the chosen time before the returns, whatever the filters. */
export function noneBegun(store) {
  return isPast(store.site.meta, store.month()) && !store.standing().length;
}

/** Why nothing is shown. */
export function tellNothing(store) {
  if (!noneBegun(store)) return t("common.nothing");
  return t((store.site.meta.years || []).length ? "map.past-none-built" : "map.past-none");
}

function tellSummary(store, site) {
  const projects = store.projects();
  return projects.length ? summaryText(projects, site.projects.length, store.month()) : tellNothing(store);
}

/** Renders the summary sentence and the chips of the active filters into `el`: `names` first, then those that have no control here. */
export function renderSummary(el, store, site, names) {
  const all = [...names, ...FILTERS.filter((name) => !names.includes(name))];
  el.classList.add("summary");
  el.setAttribute("aria-live", "polite");
  const update = () => {
    const chips = all.flatMap((name) =>
      name === "month" && store.month() === site.meta.month ? [] : valuesInForce(store, name).map((value) => chip(store, site, name, value)),
    );
    replace(
      el,
      h("p", { class: "summary-text" }, tellSummary(store, site)),
      chips.length ? h("div", { class: "chips" }, chips) : null,
    );
  };
  update();
  store.subscribe(update);
}

/** A list in words, for sentences about filters. */
export function listNames(site, store, name) {
  return list([].concat(store.get(name)).map((value) => valueName(site, store, name, value)));
}
