/** distribution.html and index.html: the map. */

import { loadParts } from "./core/data.js";
import { start } from "./core/ready.js";
import { OverviewPage } from "./map/mini.js";
import { DistributionPage } from "./map/page.js";
import { loadUnder } from "./map/under.js";

start(async () => {
  const [{ site, layers }, under] = await Promise.all([loadParts("site", "layers"), loadUnder()]);
  const Page = document.body.dataset.page === "index" ? OverviewPage : DistributionPage;
  const page = new Page(site, layers, under);
  window.geoplan = { page, site, map: page.map, store: page.store, scene: page.scene, projectsInView: () => page.projectsInView() };
});
