// Options are by allow-list: an ignored option is a silent downgrade.

/** Throws TypeError for a key that isn't allowed, with the closest one that is. */
export function rejectUnknownOptions(options: object, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new TypeError("options are an object");
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key))
      throw new TypeError(`option \`${key}\` is not known here; known are ${allowed.join(", ")}`);
  }
}
