/** Hands a file to the reader. */

const KEPT_MS = 60_000;

/** Saves a blob under a name, as the browser does with what is downloaded. */
export function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
