/** Finding names by their sound: `lyc`, `luyuan` or `lyuancun` for 绿塬村. */

const LETTERS = /^[a-z]{2,}$/;
let [readings, usual] = [{}, {}];

/** The readings of each character, the usual one first: `{绿: "lv lu", …}`. */
export function useSounds(told) {
  readings = Object.fromEntries(Object.entries(told || {}).map(([sign, heard]) => [sign, heard.split(" ")]));
  usual = Object.fromEntries(Object.entries(readings).map(([sign, heard]) => [sign, keepUsual(heard)]));
}

/** The first reading, its ü as v and as u. */
function keepUsual(heard) {
  return heard.filter((one) => one === heard[0] || one === heard[0].replace("v", "u"));
}

/** Whether letters are used up by the characters from `at` on: a whole reading or its first letter each, the last one begun. */
function sound(text, at, letters, known) {
  if (!letters) return true;
  return (known[text[at]] || []).some(
    (heard) =>
      heard.startsWith(letters) ||
      (letters.startsWith(heard) && sound(text, at + 1, letters.slice(heard.length), known)) ||
      (letters[0] === heard[0] && sound(text, at + 1, letters.slice(1), known)),
  );
}

function sounds(text, words, known) {
  if (!LETTERS.test(words)) return false;
  for (let at = 0; at < text.length; at++) if (sound(text, at, words, known)) return true;
  return false;
}

/** Whether a text holds the words, as they are written or as they sound; both folded already. */
export function holds(text, words) {
  return text.includes(words) || sounds(text, words, readings);
}

/** How well a text holds the words: 0 as written or by usual readings, 1 only by a rare one (龙潭村 as `lyc`), Infinity not at all. */
export function rankMatch(text, words) {
  if (text.includes(words) || sounds(text, words, usual)) return 0;
  return sounds(text, words, readings) ? 1 : Infinity;
}
