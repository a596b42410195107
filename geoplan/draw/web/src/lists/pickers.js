// The choices of units and persons, and how many tasks each has.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { LEVEL_WORDS, rankPerson } from "./ranks.js";
import { listUnits } from "./tasks_model.js";

/** The options of lists, with their counts; persons under their level. */
export function drawChoices(level, lists, nameEntry) {
  const option = (entry) => h("option", { value: entry.id }, t("tasks.which-choice", { name: nameEntry(entry), count: entry.tasks.length }));
  const named = lists.filter((entry) => entry.id);
  if (level !== "persons") return named.map(option);
  return Object.keys(LEVEL_WORDS).map((name, rank) => {
    const here = named.filter((entry) => rankPerson(entry.tasks) === rank);
    return here.length ? h("optgroup", { label: t(`tasks.level-${name}`) }, here.map(option)) : null;
  });
}

/** Put the units of a filter's select in the page's order and say how many of `tasks` each has. */
export function orderUnits(select, units, tasks) {
  const counted = new Map();
  for (const task of tasks) for (const unit of listUnits(task)) counted.set(unit, (counted.get(unit) || 0) + 1);
  const rank = new Map(units.map((name, index) => [name, index]));
  const chosen = select.value;
  const named = [...select.options].filter((option) => rank.has(option.value));
  for (const option of named) option.textContent = t("tasks.which-choice", { name: option.value, count: counted.get(option.value) || 0 });
  named.sort((a, b) => rank.get(a.value) - rank.get(b.value));
  const after = [...select.options].find((option) => option.value && !rank.has(option.value)) || null;
  for (const option of named) select.insertBefore(option, after);
  select.value = chosen;
}

/** Do `order` again whenever the filter has filled its select anew. */
export function keepOrder(select, order) {
  const observer = new MutationObserver(() => {
    order();
    observer.takeRecords(); // what the order itself has moved
  });
  observer.observe(select, { childList: true });
}

/** How many of the tasks stand at each level that has some, as [level, count]. */
export function countElsewhere(tasks) {
  return Object.entries(LEVEL_WORDS)
    .map(([level, word]) => [level, tasks.filter((task) => task.level === word).length])
    .filter(([, count]) => count);
}
