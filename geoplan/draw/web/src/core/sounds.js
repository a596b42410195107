/** Finding names by their sound: `lyc`, `luyuan` or `lyuancun` for 绿塬村. */

const LETTERS = /^[a-z]{2,}$/;
let readings = {};

/** The readings of each character, `{绿: "lv lu", …}`. */
export function useSounds(told) {
  readings = Object.fromEntries(Object.entries(told || {}).map(([sign, heard]) => [sign, heard.split(" ")]));
}

/** Whether letters are used up by the characters from `at` on: a whole reading or its first letter each, the last one begun. */
function sound(text, at, letters) {
  if (!letters) return true;
  return (readings[text[at]] || []).some(
    (heard) =>
      heard.startsWith(letters) ||
      (letters.startsWith(heard) && sound(text, at + 1, letters.slice(heard.length))) ||
      (letters[0] === heard[0] && sound(text, at + 1, letters.slice(1))),
  );
}

/** Whether a text holds the words, as they are written or as they sound; both folded already. */
export function holds(text, words) {
  if (text.includes(words)) return true;
  if (!LETTERS.test(words)) return false;
  for (let at = 0; at < text.length; at++) if (sound(text, at, words)) return true;
  return false;
}
