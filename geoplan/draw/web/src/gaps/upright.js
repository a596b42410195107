/** Headings that stand upright. */

import { h } from "../core/dom.js";

/** A name for a heading whose signs stand one below the other: a number is one sign, without the blanks around it. */
export function stand(name) {
  if (document.documentElement.lang === "en") return name;
  return name.split(/\s*(\d{1,3})\s*/).map((part, i) => (i % 2 ? h("i", { class: "one-sign" }, part) : part));
}
