// Recipient keys of the trust policy: wraps for whoever holds a private key, without an account of his custody.
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { Custody, GeneratedSecret, KeyDescription } from "./custody.ts";
import { schemeOf } from "./custody-rule.ts";
import { CustodyError } from "./errors.ts";
import type { RecipientKey } from "./issue.ts";
import { encapsulateTo } from "./kem-secret.ts";
import { rejectUnknownOptions } from "./options.ts";
import { assertTrust } from "./trust.ts";
import type { TrustPolicy } from "./trust.ts";
import type { TrustedRecipientKey } from "./trust-recipient.ts";

/** A custody of one public key: it wraps and opens nothing. */
class PinnedKey implements Custody {
  readonly scheme: string;
  readonly #key: TrustedRecipientKey;
  readonly #clock: Clock | undefined;

  constructor(key: TrustedRecipientKey, clock: Clock | undefined) {
    this.scheme = schemeOf(key.uri);
    this.#key = key;
    this.#clock = clock;
  }

  #asked(keyUri: string): TrustedRecipientKey {
    if (keyUri === this.#key.uri) return this.#key;
    throw new CustodyError("custody-not-found", `\`${keyUri}\` is not the recipient key of this custody`);
  }

  #unsupported(keyUri: string): never {
    throw new CustodyError("custody-unsupported", `of \`${keyUri}\` the public key alone is known`);
  }

  /** Where the private key is kept nobody here knows: a custody rule that names origins refuses it. Spec: RCP-5, RCP-14. */
  async describe(keyUri: string): Promise<KeyDescription> {
    const { uri, kind, notBefore, notAfter } = this.#asked(keyUri);
    const now = secondsNow(this.#clock);
    const state = now < (notBefore ?? -Infinity) || now >= (notAfter ?? Infinity) ? "unavailable" : "enabled";
    return { uri, state, usage: "encrypt", spec: kind, origin: "unknown", manager: "customer" };
  }

  async generate(keyUri: string): Promise<GeneratedSecret> {
    const { state } = await this.describe(keyUri);
    if (state !== "enabled")
      throw new CustodyError("custody-key-state", `the trust policy has \`${keyUri}\` for other dates`);
    return encapsulateTo(this.#key);
  }

  async unwrap(): Promise<null> {
    return null;
  }

  async rewrap(): Promise<null> {
    return null;
  }

  async sign(keyUri: string): Promise<never> {
    return this.#unsupported(keyUri);
  }

  async publicKey(keyUri: string): Promise<never> {
    return this.#unsupported(keyUri);
  }
}

/**
 * A recipient key of a trust policy, to seal or rewrap to; its holder opens with his own custody. Throws CustodyError `custody-not-found` where
 * the trust policy has no such key, VerificationError `trust-expired`. Spec: RCP-14, TRU-13.
 */
export function pinnedRecipient(
  trust: TrustPolicy,
  keyUri: string,
  options: { readonly clock?: Clock } = {},
): RecipientKey {
  rejectUnknownOptions(options, ["clock"]);
  assertTrust(trust, secondsNow(options.clock));
  const key = trust.recipientKeys.find(({ uri }) => uri === keyUri);
  if (!key) throw new CustodyError("custody-not-found", `the trust policy has no recipient key \`${keyUri}\``);
  return { custody: new PinnedKey(key, options.clock), keyUri };
}
