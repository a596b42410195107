/** The small box beside the buttons of the tools: what was measured, or the keys. */

import { h, replace } from "../../core/dom.js";
import { t } from "../../core/text.js";

export class ToolPanel {
  constructor(frame) {
    this.element = h("section", { class: "tool-panel", hidden: true });
    frame.append(this.element);
  }

  /** Shows a title with a close button, and what belongs under it. */
  show(title, onClose, ...children) {
    this.element.classList.remove("roomy");
    const close = h("button", { type: "button", class: "close", "aria-label": t("common.close"), onclick: onClose }, "×");
    replace(this.element, h("header", {}, h("h3", {}, title), close), children);
    this.element.setAttribute("aria-label", title);
    this.element.hidden = false;
  }

  /** The same for what takes more room. */
  showWide(...what) {
    this.show(...what);
    this.element.classList.add("roomy");
  }

  hide() {
    this.element.hidden = true;
  }
}
