// In what order units and persons stand.

export const LEVEL_WORDS = { county: "县", towns: "乡", villages: "村" };
const TOWN_UNIT = /(乡|镇|[)）]|街道)(人民)?(政府|办事处)$/;

/** Where a unit stands among units: 0 for those of the county, then towns together in official order. */
export function rankUnit(name, site) {
  const at = site.towns.findIndex((town) => name.startsWith(town.name));
  if (at >= 0) return at + 2;
  return TOWN_UNIT.test(name) ? 1 : 0;
}

/** Where a person stands among persons: by the highest level of the tasks answered for. */
export function rankPerson(tasks) {
  return Math.min(...tasks.map((task) => levelNumber(task.level)));
}

function levelNumber(word) {
  const at = Object.values(LEVEL_WORDS).indexOf(word);
  return at < 0 ? Object.keys(LEVEL_WORDS).length : at;
}
