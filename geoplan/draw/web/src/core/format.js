/** How numbers, money and months read. Money travels as whole 分 (0.01 元) and reads in 万元. */

import { t } from "./text.js";

const FEN_PER_WAN = 1e6;
let locale = "zh-CN";

/** Takes the language of the workspace. */
export function useLanguage(language) {
  locale = language === "en" ? "en-GB" : "zh-CN";
}

/** The locale for collation and numbers. */
export function getLocale() {
  return locale;
}

/** Half away from zero, on the decimal digits as they are written: 1.005 → 1.01. */
function round(size, digits) {
  return size < 1e-6 ? Number(size.toFixed(digits)) : Number(`${Math.round(Number(`${size}e${digits}`))}e-${digits}`);
}

/** A number with thousands separators and at most `digits` decimals, never padded. The same in both languages. */
export function number(value, digits = 0) {
  if (value == null || Number.isNaN(value)) return "";
  const size = round(Math.abs(value), digits);
  const [whole, part] = String(size).split(".");
  return (value < 0 && size ? "-" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
}

/** 分 as 万元 without the unit; at most `digits` decimals. Empty for no amount; "0" is an amount. */
export function money(fen, digits = 2) {
  return fen == null ? "" : number(fen / FEN_PER_WAN, digits);
}

/** 分 as 万元 with every digit that was given (up to six decimals). */
export function moneyExact(fen) {
  return money(fen, 6);
}

/** A share in percent: 63.2 → "63.2%". */
export function percent(value, digits = 1) {
  return value == null ? "" : `${number(value, digits)}%`;
}

/** "2023-06" → "2023年6月". */
export function formatMonth(text) {
  if (!text) return t("common.month-unknown");
  const [y, m] = text.split("-");
  return t("common.month", { year: y, month: Number(m) });
}

/** Months since the year 0, so that months can be subtracted: "2023-06" → 24281. */
export function monthIndex(text) {
  const [y, m] = text.split("-");
  return Number(y) * 12 + Number(m) - 1;
}

/** The month of an index of `monthIndex`: 24281 → "2023-06". */
export function writeMonth(index) {
  return `${String(Math.floor(index / 12)).padStart(4, "0")}-${String((index % 12) + 1).padStart(2, "0")}`;
}

/** A span of months: ["2023-03", null] → "2023年3月 起"; empty for neither. */
export function span(months) {
  const [start, end] = months || [];
  if (start && end) return start === end ? formatMonth(start) : t("common.span", { start: formatMonth(start), end: formatMonth(end) });
  if (start) return t("common.span-from", { start: formatMonth(start) });
  return end ? t("common.span-to", { end: formatMonth(end) }) : "";
}

/** Texts joined as a list of the language: 、 or ", ". */
export function list(texts) {
  return (texts || []).filter(Boolean).join(t("common.comma"));
}

/** A name without what stands in brackets after it: "道路（合成）" → "道路". */
export function cutBrackets(name) {
  return name.replace(/\s*[（(][^（(]*[）)]$/, "");
}

/** A text made comparable: full width folded, spaces dropped, lower case. */
export function fold(text) {
  return String(text ?? "").normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}
