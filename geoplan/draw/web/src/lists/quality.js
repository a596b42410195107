// quality.html: the findings are in the page already; here they are filtered, searched and folded.

import { $ } from "../core/dom.js";
import { loadParts } from "../core/data.js";
import { fold } from "../core/format.js";
import { startNav } from "../core/nav.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";

const FIRST_ROWS = 20;

class QualityPage {
  constructor(site) {
    this.store = createStore(site);
    this.severity = "";
    this.open = new Set();
    this.groups = [...document.querySelectorAll(".findings-group")].map((el) => ({ el, rows: readRows(el) }));
    this.build();
    this.draw();
  }

  build() {
    startNav(this.store);
    for (const chip of document.querySelectorAll(".severity-chip")) chip.addEventListener("click", () => this.choose(chip.dataset.severity));
    const search = $(".quality-search");
    if (search) {
      search.value = this.store.get("search");
      search.addEventListener("input", () => this.store.set("search", search.value.trim()));
    }
    this.store.subscribe(() => {
      if (search && search.value.trim() !== this.store.get("search")) search.value = this.store.get("search");
      this.draw();
    });
    for (const { el } of this.groups) $(".findings-more", el).addEventListener("click", () => this.unfold(el));
    addEventListener("beforeprint", () => this.unfoldAll());
  }

  choose(severity) {
    this.severity = severity;
    this.draw();
  }

  unfold(el) {
    if (!this.open.delete(el)) this.open.add(el);
    this.draw();
  }

  unfoldAll() {
    for (const { el } of this.groups) this.open.add(el);
    this.draw();
  }

  draw() {
    const needle = fold(this.store.get("search"));
    let shown = 0;
    for (const group of this.groups) shown += this.drawGroup(group, needle);
    for (const chip of document.querySelectorAll(".severity-chip")) chip.setAttribute("aria-pressed", String(chip.dataset.severity === this.severity));
    const nothing = $(".findings-nothing");
    if (nothing) nothing.hidden = shown > 0;
  }

  drawGroup({ el, rows }, needle) {
    const wanted = !this.severity || el.dataset.severity === this.severity;
    const found = wanted ? rows.filter((row) => !needle || row.text.includes(needle)) : [];
    const seen = new Set(this.open.has(el) ? found : found.slice(0, FIRST_ROWS));
    for (const row of rows) row.el.hidden = !seen.has(row);
    el.hidden = !found.length;
    const button = $(".findings-more", el);
    button.hidden = found.length <= FIRST_ROWS;
    button.textContent = this.open.has(el) ? t("quality.show-less") : t("quality.show-all", { count: found.length });
    return found.length;
  }
}

function readRows(group) {
  const title = fold($("h3", group).textContent);
  return [...group.querySelectorAll(".finding-row")].map((el) => ({ el, text: fold(el.textContent) + title }));
}

/** Begin the page. */
export async function openQuality() {
  const { site } = await loadParts("site");
  return new QualityPage(site);
}
