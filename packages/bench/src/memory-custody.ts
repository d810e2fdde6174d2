// A custody of one key in this process's memory: what the raw keyring is to the Encryption SDK. For benchmarks alone.
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";
import { encodeCbor } from "@writ/core";
import type { Custody, EncryptionContext } from "@writ/core";

const uri = "memory:bench";
const call = { operation: "memory" };

function notHere(): Promise<never> {
  return Promise.reject(new TypeError("the custody of the benchmarks only wraps and unwraps"));
}

/** AES-256-GCM under one random key; the context is the AAD. */
export function memoryCustody(): Custody & { readonly keyUri: string } {
  const key = createSecretKey(randomBytes(32));
  const aad = (context: EncryptionContext): Uint8Array => encodeCbor(context);
  return {
    keyUri: uri,
    scheme: "memory",
    describe: () =>
      Promise.resolve({ uri, state: "enabled", usage: "encrypt", spec: "AES", origin: "memory", manager: "customer" }),
    generate: (_uri, context) => {
      const [secret, iv] = [randomBytes(32), randomBytes(12)];
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(aad(context));
      const blob = Buffer.concat([iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return Promise.resolve({ secret: createSecretKey(secret), blob, uri, call });
    },
    unwrap: ({ blob }, context) => {
      const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(aad(context)).setAuthTag(blob.subarray(44));
      const secret = decipher.update(blob.subarray(12, 44));
      decipher.final();
      return Promise.resolve({ secret: createSecretKey(secret), call });
    },
    rewrap: notHere,
    sign: notHere,
    publicKey: notHere,
  };
}
