// Custodies over keys that the test holds: RSA, AES key wrap without AAD, ML-KEM decapsulated elsewhere. Real cryptography by node.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { CustodyError } from "@writ/core";
import type { Custody, RecipientKind } from "@writ/core";
import { decapsulate, encapsulate, kemPublicKey } from "../../packages/core/src/kem.ts";

/** How one kind of key wraps 32 bytes, and what undoes it. */
interface Wrapping {
  readonly kind: RecipientKind;
  generate(): { readonly secret: Uint8Array; readonly blob: Uint8Array };
  unwrap(blob: Uint8Array): Uint8Array;
}

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
const wrapping = randomBytes(32);
const seed = randomBytes(64);

const wrappings: Readonly<Record<"rsa" | "aes" | "kem", Wrapping>> = {
  rsa: {
    kind: "kms-rsa",
    generate: () => {
      const secret = randomBytes(32);
      return { secret, blob: publicEncrypt({ key: publicKey, ...oaep }, secret) };
    },
    unwrap: (blob) => privateDecrypt({ key: privateKey, ...oaep }, blob),
  },
  aes: {
    kind: "kms-wrap-noaad",
    generate: () => {
      const secret = randomBytes(32);
      const cipher = createCipheriv("id-aes256-wrap", wrapping, Buffer.alloc(8, 0xa6));
      return { secret, blob: Buffer.concat([cipher.update(secret), cipher.final()]) };
    },
    unwrap: (blob) => {
      const decipher = createDecipheriv("id-aes256-wrap", wrapping, Buffer.alloc(8, 0xa6));
      return Buffer.concat([decipher.update(blob), decipher.final()]);
    },
  },
  kem: {
    kind: "kms-kem",
    generate: () => {
      const { secret, ciphertext } = encapsulate("ml-kem-1024", kemPublicKey("ml-kem-1024", seed));
      return { secret, blob: ciphertext };
    },
    unwrap: (blob) => decapsulate("ml-kem-1024", seed, blob)!,
  },
};

function unsupported(keyUri: string): never {
  throw new CustodyError("custody-unsupported", `\`${keyUri}\` does not sign`);
}

function keyOf(keyUri: string): Wrapping {
  const wrapping = wrappings[keyUri.slice("test:".length) as keyof typeof wrappings];
  if (!keyUri.startsWith("test:") || wrapping === undefined)
    throw new CustodyError("custody-not-found", `no key \`${keyUri}\``);
  return wrapping;
}

/** Keys `test:rsa`, `test:aes` and `test:kem`; none looks at a context. `transportGroup`: over which its secrets come. */
export function testCustody(transportGroup = "none"): Custody {
  return {
    scheme: "test",
    describe: (uri) => {
      keyOf(uri);
      return Promise.resolve({
        uri,
        state: "enabled",
        usage: "encrypt",
        spec: uri,
        origin: "test",
        manager: "customer",
      });
    },
    generate: (uri) => {
      const { kind } = keyOf(uri);
      const { secret, blob } = keyOf(uri).generate();
      return Promise.resolve({
        kind,
        secret: createSecretKey(secret),
        blob,
        uri,
        call: { operation: "generate", transportGroup },
      });
    },
    unwrap: ({ kind, custodyUri, blob }) => {
      const key = keyOf(custodyUri);
      if (key.kind !== kind) throw new CustodyError("custody-unsupported", `\`${custodyUri}\` is not for \`${kind}\``);
      try {
        const secret = createSecretKey(key.unwrap(blob));
        return Promise.resolve({ secret, call: { operation: "unwrap", transportGroup } });
      } catch (cause) {
        throw new CustodyError("custody-context", `\`${custodyUri}\` does not open this wrap`, { cause });
      }
    },
    rewrap: () => Promise.resolve(null),
    sign: (uri) => unsupported(uri),
    publicKey: (uri) => unsupported(uri),
  };
}
