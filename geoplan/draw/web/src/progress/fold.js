// On a phone the filters begin folded, so that the picture comes first; the chips say what is filtered.

const PHONE = "(max-width: 640px)";

/** Fold the filters of the page where there is no room for them. */
export function foldFilters() {
  if (matchMedia(PHONE).matches) document.querySelector(".filters-fold").open = false;
}
