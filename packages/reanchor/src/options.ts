// Options are by allow-list: an ignored option is a silent downgrade.

/** Throws TypeError for a member that isn't allowed. */
export function rejectUnknown(options: object, allowed: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key))
      throw new TypeError(`option \`${key}\` is not known here; known are ${allowed.join(", ")}`);
  }
}
