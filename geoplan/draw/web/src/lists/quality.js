// quality.html: the note is in the page already; here it is filtered, searched, folded, and its lines are copied.

import { $, glideTo } from "../core/dom.js";
import { loadParts } from "../core/data.js";
import { fold } from "../core/format.js";
import { startNav } from "../core/nav.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";

/** A kind with a few rows more than it shows at first, fewer on a phone, shows them all. */
const FIRST_ROWS = matchMedia("(max-width: 820px)").matches ? 3 : 6;
const SPARE_ROWS = 2;

class QualityPage {
  constructor(site) {
    this.store = createStore(site);
    this.open = new Set();
    this.items = [...document.querySelectorAll(".finding")].map(readItem);
    this.build();
    this.draw();
  }

  build() {
    startNav(this.store);
    for (const chip of document.querySelectorAll(".severity-chip")) chip.addEventListener("click", () => this.store.set("severity", chip.dataset.severity));
    $(".quality-file")?.addEventListener("change", (event) => this.store.set("file", event.target.value));
    $(".quality-search")?.addEventListener("input", (event) => this.store.set("search", event.target.value.trim()));
    this.store.subscribe(() => this.draw());
    for (const { el } of this.items) $(".finding-more", el).addEventListener("click", () => this.unfold(el));
    for (const link of document.querySelectorAll(".verdict-parts a")) link.addEventListener("click", goTo);
    document.addEventListener("click", copyLine);
    addEventListener("beforeprint", () => this.unfoldAll());
  }

  unfold(el) {
    if (!this.open.delete(el)) this.open.add(el);
    this.draw();
  }

  unfoldAll() {
    for (const { el } of this.items) this.open.add(el);
    for (const part of document.querySelectorAll("details.quality-part")) part.open = true;
    this.draw();
  }

  draw() {
    const severity = this.store.get("severity");
    const file = this.store.get("file");
    const needle = fold(this.store.get("search"));
    const wanted = (row) => (!file || row.files.includes(file)) && (!needle || row.text.includes(needle));
    let shown = 0;
    for (const item of this.items) shown += this.drawItem(item, !severity || item.el.dataset.severity === severity, wanted);
    this.drawControls(severity, file);
    const nothing = $(".findings-nothing");
    if (nothing) nothing.hidden = shown > 0 || !this.items.length;
    if (severity || file || needle) openFolds();
  }

  drawControls(severity, file) {
    for (const chip of document.querySelectorAll(".severity-chip")) chip.setAttribute("aria-pressed", String(chip.dataset.severity === severity));
    const [select, search] = [$(".quality-file"), $(".quality-search")];
    if (select) select.value = file;
    if (select) select.parentElement.classList.toggle("on", Boolean(file));
    if (search && search.value.trim() !== this.store.get("search")) search.value = this.store.get("search");
  }

  drawItem({ el, rows, files }, chosen, wanted) {
    const found = chosen ? rows.filter(wanted) : [];
    const few = found.length <= FIRST_ROWS + SPARE_ROWS;
    const seen = new Set(few || this.open.has(el) ? found : found.slice(0, FIRST_ROWS));
    for (const row of rows) row.el.hidden = !seen.has(row);
    for (const file of files) file.hidden = !$(".finding-row:not([hidden])", file);
    el.hidden = !found.length;
    const button = $(".finding-more", el);
    button.hidden = few;
    button.textContent = this.open.has(el) ? t("quality.show-less") : t("quality.show-all", { count: found.length });
    return found.length;
  }
}

function readItem(el) {
  const head = fold($("header", el).textContent);
  const files = [...el.querySelectorAll(".finding-file")];
  const rows = files.flatMap((file) => [...file.querySelectorAll(".finding-row")].map((row) => readRow(row, file.dataset.files, head)));
  return { el, rows, files };
}

function readRow(el, files, head) {
  return { el, files: files.split("\n"), text: `${fold(files)}\n${fold(el.textContent)}\n${head}` };
}

/** A folded part opens when a filter finds something in it. */
function openFolds() {
  for (const part of document.querySelectorAll("details.quality-part")) if ($(".finding:not([hidden])", part)) part.open = true;
}

/** Opens a part and scrolls to it without touching the address, which is the filter's. */
function goTo(event) {
  event.preventDefault();
  const part = $(event.currentTarget.hash);
  if (part.matches("details")) part.open = true;
  glideTo(part);
}

/** Puts a line for geoplan.toml on the clipboard; where that is refused, selects it. */
async function copyLine(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = t("quality.copied");
  } catch {
    getSelection().selectAllChildren($("code", button.parentElement));
    button.textContent = t("quality.selected");
  }
}

/** Begin the page. */
export async function openQuality() {
  const { site } = await loadParts("site");
  return new QualityPage(site);
}
