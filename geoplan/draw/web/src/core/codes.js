/** Finding places by their administrative code: 9 digits for a town, 12 for a village; shorter figures are searched for as words. */

const CODE = /^\d{9,12}$/;
/** A town's code as statistics write it, filled up to 12 digits. */
const FILLED = /^(\d{9})000$/;

/** Whether one of the codes is, or begins with, the one that was typed. */
export function holdsCode(codes, words) {
  const wanted = words.replace(FILLED, "$1");
  return CODE.test(wanted) && codes.some((code) => code.startsWith(wanted));
}
