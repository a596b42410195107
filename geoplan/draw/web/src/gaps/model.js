/** The part `gaps` as the page uses it: rules, places and cells, and which of them the filters let through. */

import { fold } from "../core/format.js";
import { readColumns } from "../map/geometry.js";
import { holds } from "../core/sounds.js";

/** States that are gaps. */
export const OPEN = ["lacks", "old"];
/** Stands for 1 to 4 households. */
const FEW = 0.5;

function toRows(table) {
  const names = Object.keys(table);
  return table[names[0]].map((_, i) => Object.fromEntries(names.map((name) => [name, table[name][i]])));
}

/** Households in words; "<5" where the payload tells no more. */
export function showCount(count) {
  return count == null ? "" : count === FEW ? "<5" : String(count);
}

/** What to add up: nothing for what is not told. */
export function weigh(count) {
  return count === FEW ? 0 : count || 0;
}

export class Gaps {
  constructor(data) {
    Object.assign(this, data);
    this.edges = { ...readColumns(data.edges.columns, data.streams), shapes: data.edges.shapes };
    this.reach = readColumns(data.reach, data.streams);
    this.stateNames = Object.keys(data.states);
    this.rules.forEach((rule, index) => Object.assign(rule, { index, groupName: data.words.group[rule.group] || rule.group }));
    this.rulesById = new Map(this.rules.map((rule) => [rule.id, rule]));
    const order = Object.keys(data.words.group);
    this.columns = [...this.rules].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || a.index - b.index);
    this.placeRows = toRows(data.places).map((place, index) => Object.assign(place, { index, words: fold(`${place.name}|${place.townName}|${place.code}`) }));
    this.placesByCode = new Map(this.placeRows.map((place) => [place.code, place]));
    this.grid = new Int32Array(this.placeRows.length * this.rules.length).fill(-1);
    data.cells.place.forEach((place, i) => (this.grid[place * this.rules.length + data.cells.rule[i]] = i));
  }

  /** The number of the cell of a place and a rule; -1 where the rule does not go for the place. */
  cellAt(place, rule) {
    return this.grid[place.index * this.rules.length + rule.index];
  }

  /** The state of a place with a rule; "" where the rule does not go for it. */
  stateAt(place, rule) {
    const cell = this.cellAt(place, rule);
    return cell < 0 ? "" : this.stateNames[this.cells.state[cell]];
  }

  /** A cell with its sentences. */
  readCell(i) {
    const { cells } = this;
    const cell = Object.fromEntries(Object.keys(cells).map((name) => [name, cells[name][i]]));
    return { ...cell, place: this.placeRows[cell.place], rule: this.rules[cell.rule], state: this.stateNames[cell.state], why: this.texts[cell.why], where: this.texts[cell.where] };
  }

  /** The reaches of a rule (positions in `reach`), by settlement; worked out once a rule. */
  reachesOf(rule) {
    if (!this.reachLists) {
      this.reachLists = this.rules.map(() => new Map());
      this.reach.rule.forEach((number, i) => this.reachLists[number].set(this.reach.home[i], i));
    }
    return this.reachLists[rule.index];
  }

  /** The settlements of a place. */
  homesOf(code) {
    if (!this.homeLists) {
      this.homeLists = new Map();
      this.homes.code.forEach((own, i) => (this.homeLists.get(own) || this.homeLists.set(own, []).get(own)).push(i));
    }
    return this.homeLists.get(code) || [];
  }

  /** How urgent a place is, for the rules that are shown. */
  urgencyOf(place, columns) {
    if (columns.length === this.rules.length) return place.urgency || 0;
    const shown = new Set(columns.map((rule) => rule.index));
    return place.parts.reduce((sum, [rule, weight, count]) => sum + (shown.has(rule) ? weight * weigh(count) : 0), 0);
  }

  /** The households of a place that lack a facility; none where it does not lack it or settlements are counted. */
  countWithout(place, rule) {
    const cell = this.cellAt(place, rule);
    return cell < 0 || this.stateAt(place, rule) !== "lacks" || this.cells.homes[cell] ? 0 : weigh(this.cells.without[cell]);
  }

  /** What the filters let through: {places, columns, gaps, unknown}. */
  select(store) {
    const search = this.readSearch(store);
    const columns = this.selectColumns(store).filter(search.rule);
    const states = new Set(store.get("state"));
    const fits = (place) => !states.size || columns.some((rule) => states.has(this.stateAt(place, rule)));
    const places = this.selectPlaces(store).filter(search.place).filter(fits);
    if (store.get("order") === "urgency") {
      const urgency = new Map(places.map((place) => [place, this.urgencyOf(place, columns)]));
      places.sort((a, b) => urgency.get(b) - urgency.get(a) || a.index - b.index);
    }
    return { places, columns, states, ...this.countStates(places, columns) };
  }

  /** Lets the search find places by the projects that stand in them. */
  nameProjects(projects) {
    for (const { name, id, codes } of projects)
      for (const code of codes) {
        const place = this.placesByCode.get(code);
        if (place) place.words += fold(`|${name}|${id}`);
      }
  }

  /** Which places and rules the search is for: the places that bear the word, else the facilities that do, everywhere. */
  readSearch(store) {
    const needle = fold(store.get("search"));
    const bears = (place) => holds(place.words, needle);
    const isNamed = (rule) => holds(fold(rule.name), needle);
    const any = () => true;
    if (!needle) return { place: any, rule: any };
    if (this.placeRows.some(bears)) return { place: bears, rule: any };
    return { place: this.columns.some(isNamed) ? any : () => false, rule: isNamed };
  }

  selectColumns(store) {
    const [facilities, groups] = [new Set(store.get("facility")), new Set(store.get("group"))];
    return this.columns.filter((rule) => (!facilities.size || facilities.has(rule.id)) && (!groups.size || groups.has(rule.group)));
  }

  selectPlaces(store) {
    const [towns, villages] = [new Set(store.get("town")), new Set(store.get("village"))];
    return this.placeRows.filter((place) => (!towns.size || towns.has(place.town)) && (!villages.size || villages.has(place.code)));
  }

  countStates(places, columns) {
    let [gaps, unknown] = [0, 0];
    for (const place of places)
      for (const rule of columns) {
        const state = this.stateAt(place, rule);
        if (OPEN.includes(state)) gaps++;
        else if (state === "unknown") unknown++;
      }
    return { gaps, unknown };
  }
}
