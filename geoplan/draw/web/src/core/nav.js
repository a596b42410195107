/** What all pages share. Links between pages keep the filter: every a[data-keep] carries the hash of the state. */

import { startHeadline } from "./headline.js";

function keep(link, store) {
  const base = link.getAttribute("href").split("#")[0];
  const hash = store.hash(link.dataset.project ? { project: link.dataset.project } : {});
  link.setAttribute("href", hash ? `${base}#${hash}` : base);
}

/** Keeps every a[data-keep] of the page in step with the store, also those that come later (call keepLinks(store, root)). */
export function keepLinks(store, root = document) {
  root.querySelectorAll("a[data-keep]").forEach((link) => keep(link, store));
}

/** Starts the manners that all pages share: links that carry the filter, a sentence that follows it, "/" for the search. */
export function startNav(store) {
  keepLinks(store);
  store.subscribe(() => keepLinks(store));
  startHeadline(store);
  document.addEventListener("keydown", focusSearch);
}

function focusSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const search = document.querySelector("input[data-filter=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
}
