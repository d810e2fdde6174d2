// The signed form of a trust policy: by a root that consumers pin, and never an older one than was seen.
import { decodeCbor, encodeCbor, equalBytes, ownBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { parseCose, signCose, signedBytes, thumbprint } from "./cose.ts";
import { importPublicKey, verifyBytes } from "#crypto";
import { FormatError, VerificationError } from "./errors.ts";
import type { Signer } from "./signer.ts";
import type { SignatureAlg } from "./suites.ts";
import { parseTrust } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";

/** Signed form of a trust policy: COSE_Sign over its UTF-8 text, by a root that consumers pin. Spec: TRU-7. */
export async function signTrust(text: string, root: Signer): Promise<Uint8Array> {
  parseTrust(text);
  return encodeCbor(await signCose("trust", new TextEncoder().encode(text), root.keys, true));
}

/** The text inside a signed form; throws `json-invalid` for bytes that are no UTF-8. */
export function signedText(payload: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    throw new FormatError("json-invalid", "the signed trust policy is not UTF-8 text");
  }
}

/** Without a memory of sequences the expiry bounds for how long an old trust policy can be shown again. Spec: TRU-15. */
export const maxUnrememberedSeconds: number = 90 * 86_400;

/** Throws `trust-sequence` for one that is older than was seen, or that lasts too long for who remembers nothing. Spec: TRU-7, TRU-15. */
function assertSequence(
  { sequence, expires }: TrustPolicy,
  highestSeen: number | null,
  clock: Clock | undefined,
): void {
  if (highestSeen !== null && sequence < highestSeen)
    throw new VerificationError(
      "trust-sequence",
      `a trust policy of sequence ${highestSeen} was seen, this one is older`,
    );
  if (highestSeen === null && expires > secondsNow(clock) + maxUnrememberedSeconds)
    throw new VerificationError(
      "trust-sequence",
      "no sequence is remembered, and the trust policy lasts for more than 90 days: it may have been replaced long ago",
    );
}

/**
 * Opens the signed form under the root's public keys, in the order of its suite. `highestSeen` is the highest sequence that the caller has
 * seen of it, 0 where he keeps one from now on; null, the default, where he keeps none, and then it is to end within 90 days by `clock`.
 * Throws `signer-unknown`, `signature-invalid`, `trust-sequence`, and as `parseTrust`; RangeError for what is no sequence. Spec: TRU-7, TRU-15.
 */
export function openSignedTrust(
  input: Uint8Array,
  pinned: readonly { alg: SignatureAlg; publicKey: Uint8Array }[],
  highestSeen: number | null = null,
  clock?: Clock,
): TrustPolicy {
  if (highestSeen !== null && !(Number.isSafeInteger(highestSeen) && highestSeen >= 0))
    throw new RangeError("`highestSeen` is a sequence, or null where none is kept");
  const cose = parseCose(decodeCbor(ownBytes(input)), "trust", true);
  const exact =
    cose.signatures.length === pinned.length &&
    pinned.every(({ alg, publicKey }, index) => equalBytes(thumbprint(alg, publicKey), cose.signatures[index]!.kid));
  if (!exact) throw new VerificationError("signer-unknown", "the trust policy is not signed by the pinned root");
  pinned.forEach(({ alg, publicKey }, index) => {
    const { signature } = cose.signatures[index]!;
    if (!verifyBytes(alg, importPublicKey(alg, publicKey), signedBytes(cose, index, "trust", cose.payload!), signature))
      throw new VerificationError("signature-invalid", "the signature over the trust policy does not verify");
  });
  const trust = parseTrust(signedText(cose.payload!));
  assertSequence(trust, highestSeen, clock);
  return trust;
}
