// What stands over the chart: how it is grouped and sorted, how near the months are, and all folded or open.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { GROUPINGS, SORTINGS } from "./rows.js";

/** Draw the tools into `el`; each change calls `on[name](value)`. */
export function renderTools(el, chosen, on) {
  el.replaceChildren(
    makeSelect("group", GROUPINGS, chosen.group, on.group),
    makeSelect("sort", SORTINGS, chosen.sort, on.sort),
    h("span", { class: "tool-set", role: "group", "aria-label": t("progress.zoom") },
      makeButton("zoom-year", () => on.zoom("year")),
      makeButton("zoom-all", () => on.zoom("all")),
      makeButton("zoom-out", () => on.zoom("out")),
      makeButton("zoom-in", () => on.zoom("in"))),
    h("span", { class: "tool-set" },
      makeButton("fold-all", () => on.fold(true)),
      makeButton("open-all", () => on.fold(false))),
    makeButton("print", () => print()),
  );
}

function makeSelect(name, values, chosen, onChange) {
  const options = values.map((value) => h("option", { value }, t(`progress.${name}-${value}`)));
  const select = h("select", { "data-tool": name }, ...options);
  select.value = chosen;
  select.addEventListener("change", () => onChange(select.value));
  return h("label", { class: "tool" }, h("span", {}, t(`progress.${name}`)), select);
}

function makeButton(name, onClick) {
  const button = h("button", { class: "tool-button", type: "button", "data-tool": name, title: t(`progress.${name}-hint`) }, t(`progress.${name}`));
  button.addEventListener("click", onClick);
  return button;
}
