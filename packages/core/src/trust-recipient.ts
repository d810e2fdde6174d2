// Recipient keys of a trust policy: to whom secrets may be wrapped by public key. They never come from an artifact.
import { fromBase64url, toBase64url } from "#bytes";
import { VerificationError } from "./errors.ts";
import { kems } from "./suites.ts";
import type { KemKind } from "./suites.ts";
import { bad, instant } from "./trust-form.ts";

/** A public key that new wraps may go to. Times are seconds since the epoch. Spec: TRU-13. */
export interface TrustedRecipientKey {
  /** What a recipient names as its custody URI. */
  readonly uri: string;
  readonly kind: KemKind;
  /** Raw encoding, see `KemFacts.publicKeyBytes`; a copy for each who asks. */
  readonly publicKey: Uint8Array;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

/** A recipient key as the JSON has it. */
export interface RecipientKeyJson {
  readonly uri: string;
  readonly kind: KemKind;
  readonly publicKey: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

const modulus = 3329;

/** True where every 12-bit coefficient is below the modulus. Source: FIPS 203 7.2. */
function inRange(coefficients: Uint8Array): boolean {
  for (let at = 0; at < coefficients.length; at += 3) {
    const [a, b, c] = [coefficients[at]!, coefficients[at + 1]!, coefficients[at + 2]!];
    if ((a | ((b & 15) << 8)) >= modulus || ((b >> 4) | (c << 4)) >= modulus) return false;
  }
  return true;
}

function parseRecipientKey(json: RecipientKeyJson, path: string): TrustedRecipientKey {
  const { publicKeyBytes, coefficientBytes } = kems[json.kind];
  const publicKey = fromBase64url(json.publicKey);
  if (
    toBase64url(publicKey) !== json.publicKey ||
    publicKey.length !== publicKeyBytes ||
    !inRange(publicKey.subarray(0, coefficientBytes))
  )
    throw new VerificationError("key-mismatch", `the bytes are no ${json.kind} public key`, {
      path: `${path}/publicKey`,
    });
  return Object.freeze({
    uri: json.uri,
    kind: json.kind,
    get publicKey() {
      return Uint8Array.from(publicKey);
    },
    notBefore: instant(json.notBefore, `${path}/notBefore`),
    notAfter: instant(json.notAfter, `${path}/notAfter`),
  });
}

/** Checks the recipient keys of a trust policy; throws `trust-schema` for one URI twice, `key-mismatch`. Spec: TRU-13. */
export function parseRecipientKeys(entries: readonly RecipientKeyJson[]): readonly TrustedRecipientKey[] {
  const uris = new Set<string>();
  return entries.map((entry, index) => {
    const path = `/recipientKeys/${index}`;
    if (uris.has(entry.uri)) bad(`${path}/uri`, `\`${entry.uri}\` stands in two recipient keys`);
    uris.add(entry.uri);
    return parseRecipientKey(entry, path);
  });
}
