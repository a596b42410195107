/** Coordinates as people type them: "106.33, 35.49", "35°29′N 106°20′E", "东经106度20分 北纬35度29分30秒". */

/** China's longitudes and latitudes do not meet, so that the order in which the two are typed does not matter. */
const LON = [73, 136];
const LAT = [3, 54];
/** A figure before a ° begins the next angle: "106°20′ 35°29′" has no seconds. */
const ANGLE = /(\d{1,3}(?:\.\d+)?)(?:\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分]\s*(?:(\d{1,2}(?:\.\d+)?)(?![\d.]*\s*[°度])\s*(?:["”秒]|['′’]{2})?)?)?)?/g;
const AROUND = /[\s,，;；、NSEW东经北纬南西:：()]/gi;

function readAngle([, degrees, minutes = 0, seconds = 0]) {
  return Number(minutes) < 60 && Number(seconds) < 60 ? Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600 : NaN;
}

const within = (value, [least, most]) => value >= least && value <= most;

/** {lat, lng} of a text that is a pair of coordinates and nothing else; null for any other. */
export function readCoordinates(text) {
  const plain = String(text).normalize("NFKC"); // which makes two ′ of a ″
  const found = [...plain.matchAll(ANGLE)];
  if (found.length !== 2 || plain.replace(ANGLE, "").replace(AROUND, "")) return null;
  const [a, b] = found.map(readAngle);
  if (within(a, LON) && within(b, LAT)) return { lng: a, lat: b };
  return within(a, LAT) && within(b, LON) ? { lng: b, lat: a } : null;
}

/** "106.33212°E, 35.49034°N" with so many decimals. */
export function tellCoordinates({ lat, lng }, digits) {
  return `${Math.abs(lng).toFixed(digits)}°${lng < 0 ? "W" : "E"}, ${Math.abs(lat).toFixed(digits)}°${lat < 0 ? "S" : "N"}`;
}
