/** Elements from values. Text becomes text nodes only: nothing from the data is ever parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";
const SAFE_HREF = /^(#|\.{0,2}\/?[\w%.-]+(\/[\w%.-]+)*(\?[^#]*)?(#.*)?$)/;

function setAttribute(element, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (name === "style" && typeof value === "object") Object.entries(value).forEach(([k, v]) => element.style.setProperty(k, v));
  else if (name === "data") Object.entries(value).forEach(([k, v]) => v != null && (element.dataset[k] = v));
  else if (name === "href" && !SAFE_HREF.test(value)) return;
  else element.setAttribute(name, value === true ? "" : String(value));
}

function append(element, child) {
  if (child == null || child === false) return;
  if (Array.isArray(child)) child.forEach((one) => append(element, one));
  else element.append(child instanceof Node ? child : String(child));
}

function fill(element, attrs, children) {
  for (const [name, value] of Object.entries(attrs || {})) setAttribute(element, name, value);
  children.forEach((child) => append(element, child));
  return element;
}

/** An element: h("a", {class: "x", href: "#y", data: {filter: "town"}, onclick: fn}, "text", child, [more]). */
export function h(tag, attrs, ...children) {
  return fill(document.createElement(tag), attrs, children);
}

/** The same in the SVG namespace. */
export function svg(tag, attrs, ...children) {
  return fill(document.createElementNS(SVG, tag), attrs, children);
}

/** Puts children in place of what the element held. */
export function replace(element, ...children) {
  element.textContent = "";
  children.forEach((child) => append(element, child));
  return element;
}

/** Whether the page is laid out for a sheet of paper. */
export function isOnPaper() {
  return document.documentElement.classList.contains("printing");
}

/** Scrolls until an element begins at the top; at once where the reader's machine asks for no motion. */
export function glideTo(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}

/** document.querySelector, short. */
export function $(selector, root = document) {
  return root.querySelector(selector);
}
