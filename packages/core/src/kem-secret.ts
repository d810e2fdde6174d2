// A secret S for a public key: what a keystore and a pinned recipient key both give.
import { createSecretKey, zero } from "#crypto";
import type { GeneratedSecret } from "./custody.ts";
import { encapsulate } from "./kem.ts";
import type { TrustedRecipientKey } from "./trust-recipient.ts";

/** A fresh secret that only the holder of a private key decapsulates. Throws VerificationError `key-mismatch`. Spec: RCP-11. */
export function encapsulateTo({
  uri,
  kind,
  publicKey,
}: Pick<TrustedRecipientKey, "uri" | "kind" | "publicKey">): GeneratedSecret {
  const { ciphertext, secret } = encapsulate(kind, publicKey);
  try {
    const call = { operation: "encapsulate", transportGroup: "none" }; // the secret crosses no network
    return { kind: "kem", secret: createSecretKey(secret), blob: ciphertext, uri, call };
  } finally {
    zero(secret);
  }
}
