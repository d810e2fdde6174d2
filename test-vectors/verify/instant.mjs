// Instants in RFC 3339 with Z, and seconds since the epoch.
export const instantOf = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
export const secondsOf = (instant) => Date.parse(instant) / 1000;
