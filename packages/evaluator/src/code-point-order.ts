/** Order by code points, which is the order of UTF-8 bytes; UTF-16 units, and so `<`, order differently beyond U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done || other.done) return Number(other.done ?? false) - Number(one.done ?? false);
    if (one.value !== other.value) return one.value.codePointAt(0)! - other.value.codePointAt(0)!;
  }
}
