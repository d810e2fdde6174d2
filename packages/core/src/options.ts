// Options are by allow-list: an ignored option is a silent downgrade.

/**
 * Throws TypeError for a key that isn't allowed, with those that are, and for inherited ones: what a prototype says nobody wrote out.
 */
export function rejectUnknownOptions(options: object, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new TypeError("options are an object");
  const prototype: unknown = Object.getPrototypeOf(options);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError("options are a plain object");
  for (const key in options) {
    if (!Object.hasOwn(options, key)) throw new TypeError(`option \`${key}\` is inherited, not given`);
    if (!allowed.includes(key))
      throw new TypeError(`option \`${key}\` is not known here; known are ${allowed.join(", ")}`);
  }
}
