// tasks.html and quality.html: one program, two pages.

import { markReady, start } from "./core/ready.js";
import { openQuality } from "./lists/quality.js";
import { openTasks } from "./lists/tasks.js";

const PAGES = { tasks: openTasks, quality: openQuality };

start(async () => {
  await PAGES[document.body.dataset.page]();
  markReady();
});
