// "Did you mean": the nearest of the known names.

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** `, did you mean …?` for a name close to a known one, else an empty text. */
export function suggest(name: string, known: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.min(4, Math.floor(name.length / 3) + 1);
  if (name.length > 128) return "";
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (far < least) [best, least] = [candidate, far];
  }
  return best === undefined ? "" : `, did you mean \`${best}\`?`;
}
