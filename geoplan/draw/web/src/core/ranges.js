/** What is made of numbers or months in the address: a box of the map, a span of months, a spot where the map is. */

const DECIMALS = 5;
const DEEPEST = 24;
const DEGREES = /^-?\d{1,3}(\.\d+)?$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** "106.21,35.31,106.41,35.45" → [west, south, east, north]; null for anything else, also where the corners are the wrong way round. */
export function readBox(text) {
  const parts = String(text).split(",");
  if (parts.length !== 4 || !parts.every((part) => DEGREES.test(part))) return null;
  const [west, south, east, north] = parts.map(Number);
  return west < east && south < north && west >= -180 && east <= 180 && south >= -90 && north <= 90 ? [west, south, east, north] : null;
}

/** A box as it stands in the address, to a metre. */
export function writeBox(box) {
  return box.map((degrees) => String(Number(degrees.toFixed(DECIMALS)))).join(",");
}

/** "2023-03..2023-06" → ["2023-03", "2023-06"]; null for anything else, also where the end lies before the start. */
export function readSpan(text) {
  const months = String(text).split("..");
  return months.length === 2 && months.every((month) => MONTH.test(month)) && months[0] <= months[1] ? months : null;
}

/** A span of months as it stands in the address. */
export function writeSpan(months) {
  return months.join("..");
}

/** "106.33,35.49,13.5" → [longitude, latitude, zoom]; null for anything else. */
export function readSpot(text) {
  const parts = String(text).split(",");
  if (parts.length !== 3 || !parts.every((part) => DEGREES.test(part))) return null;
  const [lng, lat, zoom] = parts.map(Number);
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= DEEPEST ? [lng, lat, zoom] : null;
}

/** A spot as it stands in the address, to a metre. */
export function writeSpot(spot) {
  return spot.map((part) => String(Number(part.toFixed(DECIMALS)))).join(",");
}

/** The value of each range as the store keeps it: nothing where it cannot be read. */
export const TIDY = {
  box: (text) => (readBox(text) ? writeBox(readBox(text)) : ""),
  at: (text) => (readSpot(text) ? writeSpot(readSpot(text)) : ""),
  span: (text) => (readSpan(text) ? text : ""),
};

/** Whether one of a project's own places lies in a box; what is of the whole county stands at no place. */
export function standsIn(project, [west, south, east, north]) {
  return project.method !== "county" && project.points.some(([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north);
}

/** When a project that was begun ended, as known in a month: as written, else the first month that says done, else it goes on. */
function findEnd(project, [start, end], month) {
  if (end) return end;
  const done = Object.keys(project.m || {}).filter((one) => one && one <= month && project.m[one].light === "done");
  const last = done.length ? done.sort()[0] : month;
  return last > start ? last : start;
}

/** The months of work of a project as [first, last] each: by plan, and as it went on up to a month. */
export function listWork(project, month) {
  const [begin, due] = project.plan || [];
  const at = (project.m && project.m[month]) || {};
  const [start, end] = at.happened || project.actual || [];
  const planned = begin || due ? [[begin || due, due || begin]] : [];
  return start || end ? [...planned, [start || end, findEnd(project, [start || end, end], month)]] : planned;
}

/** Whether a project's months of work, planned or actual, meet a span. */
export function worksIn(project, [first, last], month) {
  return listWork(project, month).some(([start, end]) => start <= last && end >= first);
}
