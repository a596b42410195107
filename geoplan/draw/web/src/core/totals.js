/** Sums over projects: each project once, whatever the number of its villages. */

import { atMonth, stageAt } from "./store.js";

/** count, amount (分), withoutAmount, lights and stages by name. */
export function sumProjects(projects, month) {
  const sums = { count: projects.length, amount: 0, withoutAmount: 0, lights: {}, stages: {} };
  for (const project of projects) {
    if (project.amount == null) sums.withoutAmount++;
    else sums.amount += project.amount;
    const { light } = atMonth(project, month);
    const stage = stageAt(project, month);
    sums.lights[light] = (sums.lights[light] || 0) + 1;
    if (stage) sums.stages[stage] = (sums.stages[stage] || 0) + 1;
  }
  return sums;
}
