// The trust policy in force: `--trust`, else the home's. Without one nothing is valid.
import { existsSync } from "node:fs";
import { FormatError, parseJson, parseTrust, VerificationError } from "@writ/core";
import type { TrustPolicy } from "@writ/core";
import type { TrustRoot } from "@writ/core/trust-root";
import type { Home } from "./home.ts";
import { readInput, readText, textOf } from "./input-file.ts";
import type { Io } from "./io.ts";

/** A trust policy and where it came from. */
export interface TrustSource {
  readonly trust: TrustPolicy;
  readonly path: string;
  readonly text: string;
}

/** Reads a trust policy; the message names the file. Throws FormatError, VerificationError. */
export async function readTrust(io: Io, path: string): Promise<TrustSource> {
  const text = await readText(io, path);
  try {
    return { trust: parseTrust(text), path, text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${path}\`: ${error.message}`, { path: error.path ?? path, cause: error });
  }
}

/** First byte of the signed form: a CBOR array of four. JSON begins otherwise. */
const signedMark = 0x84;

/** Reads a trust policy, plain or signed, from a file or URL. Under a root only what it signed is taken. Throws FormatError, VerificationError. Spec: CLI-12, TRU-7. */
export async function readOffered(io: Io, place: string, root: TrustRoot | null): Promise<TrustSource> {
  const { fetchTrust, isUrl } = await import("./trust-fetch.ts");
  const bytes = isUrl(place) ? await fetchTrust(place, io.signal) : await readInput(io, place, 1 << 20);
  const signed = bytes[0] === signedMark;
  if (signed !== (root !== null))
    throw new VerificationError(
      "signer-unknown",
      signed
        ? `\`${place}\` is signed: name its root with --root`
        : `\`${place}\` isn't signed, and this home takes what its root signed alone`,
      { path: place },
    );
  try {
    if (root) {
      const { openTrust } = await import("@writ/core/trust-root");
      return { ...openTrust(bytes, root, 0), path: place }; // the home keeps sequences, by a name that is only known now
    }
    const text = textOf(bytes, place);
    return { trust: parseTrust(text), path: place, text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${place}\`: ${error.message}`, { path: error.path ?? place, cause: error });
  }
}

/** Highest sequence that the home has pinned, by name of the trust policy. */
export async function pinnedSequences(io: Io, home: Home): Promise<ReadonlyMap<string, number>> {
  if (!existsSync(home.paths.seen)) return new Map();
  const value = parseJson(await readText(io, home.paths.seen));
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (!entries.every((entry): entry is [string, number] => Number.isSafeInteger(entry[1])))
    throw new FormatError("structure", `\`${home.paths.seen}\` does not hold sequences`, { path: home.paths.seen });
  return new Map(entries);
}

/** Throws `trust-sequence` for a trust policy older than the one of that name that the home has pinned. Spec: CLI-12. */
export async function assertNotOlder(io: Io, home: Home, trust: TrustPolicy): Promise<void> {
  const seen = (await pinnedSequences(io, home)).get(trust.name ?? "") ?? 0;
  if (trust.sequence >= seen) return;
  throw new VerificationError(
    "trust-sequence",
    `a trust policy of sequence ${seen} was pinned, this one has ${trust.sequence}`,
  );
}

/** The trust policy to verify under. Throws `trust-missing`, `trust-sequence`, FormatError. Spec: CLI-8, CLI-12. */
export async function loadTrust(io: Io, home: Home | null, option: string | undefined): Promise<TrustSource> {
  const path = option ?? (home && existsSync(home.paths.trust) ? home.paths.trust : undefined);
  if (path === undefined)
    throw new VerificationError("trust-missing", "there is no trust policy, so nothing is known to be valid");
  const source = await readTrust(io, path);
  if (home) await assertNotOlder(io, home, source.trust);
  return source;
}

/** The home's trust policy where it has one: whom its keys name as recipients. Throws as `loadTrust`. */
export async function homeTrust(io: Io, home: Home | null): Promise<TrustPolicy | null> {
  if (home === null || !existsSync(home.paths.trust)) return null;
  return (await loadTrust(io, home, undefined)).trust;
}

/**
 * The same trust policy as it would stand at `seconds`, as if renewed until then: for what would fail later. One that has
 * expired by now stays so.
 */
export function asOf(source: TrustSource, seconds: number, now: number): TrustPolicy {
  if (seconds < source.trust.expires || source.trust.expires <= now) return source.trust;
  const later = new Date((seconds + 1) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return parseTrust(JSON.stringify({ ...(parseJson(source.text) as object), expires: later }));
}
