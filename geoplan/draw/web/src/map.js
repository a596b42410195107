/** distribution.html and index.html: the map. */

import { loadParts } from "./core/data.js";
import { start } from "./core/ready.js";
import { OverviewPage } from "./map/mini.js";
import { DistributionPage } from "./map/page.js";

start(async () => {
  const { site, layers } = await loadParts("site", "layers");
  const Page = document.body.dataset.page === "index" ? OverviewPage : DistributionPage;
  const page = new Page(site, layers);
  window.geoplan = { page, site, map: page.map, store: page.store, scene: page.scene, projectsInView: () => page.projectsInView() };
});
