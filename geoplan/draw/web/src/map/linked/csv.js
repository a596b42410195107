/** The list as a file for a spreadsheet: UTF-8 with its mark, no text that would be a formula. */

import { saveBlob } from "../../core/save.js";

const MARK = "\ufeff";
const FORMULA = /^[=+\-@\t\r\n]/;

/** A value as it stands in the file: texts guarded by ', numbers and {digits} as they are, nothing for none. */
function writeValue(value) {
  if (value == null) return "";
  if (typeof value === "object") return value.digits;
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Rows as the text of a file. */
export function writeCsv(rows) {
  return MARK + rows.map((row) => `${row.map(writeValue).join(",")}\r\n`).join("");
}

/** Hands a text to the reader as a file. */
export function saveText(text, name) {
  saveBlob(new Blob([text], { type: "text/csv;charset=utf-8" }), name);
}
