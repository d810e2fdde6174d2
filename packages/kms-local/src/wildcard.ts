/**
 * True when `pattern`, in which `*` stands for any text and `?` for any one character, covers all
 * of `value`. Linear memory and at most length × length steps: patterns come from policies.
 */
export function matchesWildcard(pattern: string, value: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < value.length) {
    if (at < pattern.length && pattern[at] === "*") {
      star = at++;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === value[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
