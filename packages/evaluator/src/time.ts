// Instants and durations as policies write them: whole seconds, no calendar arithmetic.

/** Seconds since the epoch of `YYYY-MM-DDTHH:MM:SSZ`, or null for a date that doesn't exist or lies before 1970. Spec: POL-13. */
export function parseInstant(text: string): number | null {
  const milliseconds = Date.parse(text);
  if (!(milliseconds >= 0)) return null;
  return new Date(milliseconds).toISOString() === `${text.slice(0, -1)}.000Z` ? milliseconds / 1000 : null;
}

const maxSeconds = 36_500 * 86_400;
const form = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Seconds of a duration in days to seconds, or null beyond 36,500 days. Spec: POL-13. */
export function parseDuration(text: string): number | null {
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = form.exec(text) ?? [];
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total <= maxSeconds ? total : null;
}
