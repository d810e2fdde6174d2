// Signatures: native and noble are each other's oracle, both ways, for every algorithm.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeCbor } from "../src/cbor.ts";
import type { CborValue } from "../src/cbor.ts";
import { thumbprint } from "../src/cose.ts";
import {
  exportPublicKey,
  generateSigningKey,
  importPublicKey,
  privateKeyOfSeed,
  rawPublicKeyOf,
  sha256,
  signBytes,
  toLowS,
  verifyBytes,
} from "../src/crypto.ts";
import type { KeyObject } from "../src/crypto.ts";
import { nobleKeygen, nobleSign, nobleVerify } from "../src/crypto-noble.ts";
import { signatureAlgs, suites } from "../src/suites.ts";
import type { SignatureAlg } from "../src/suites.ts";
import { codeOf } from "./support/code-of.ts";
import { signWithTorsion } from "./support/torsion.ts";

const algs = ([-19, -9, -51, -49, -50] as const).map((alg) => ({ alg, name: signatureAlgs[alg].name }));

/** Seed or scalar of a native key, from its JWK. */
function secretOf(privateKey: KeyObject): Buffer {
  const { d, priv } = privateKey.export({ format: "jwk" }) as { d?: string; priv?: string };
  return Buffer.from((d ?? priv)!, "base64url");
}

function pair(alg: SignatureAlg): { publicKey: KeyObject; privateKey: KeyObject; raw: Uint8Array; secret: Buffer } {
  const { publicKey, privateKey } = generateSigningKey(alg);
  return { publicKey, privateKey, raw: exportPublicKey(alg, publicKey), secret: secretOf(privateKey) };
}

/** Verdicts of both, which must be one. */
function verdict(alg: SignatureAlg, raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const noble = nobleVerify(alg, raw, message, signature);
  let native: boolean;
  try {
    native = verifyBytes(alg, importPublicKey(alg, raw), message, signature);
  } catch {
    native = false; // no public key
  }
  expect(noble).toBe(native);
  return native;
}

/** The other signature that ECDSA allows for the same message: s becomes n − s. */
function highS(alg: -9 | -51, signature: Uint8Array): Buffer {
  const orders = {
    [-9]: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    [-51]: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  };
  const half = signature.length / 2;
  const s = BigInt(`0x${Buffer.from(signature.subarray(half)).toString("hex")}`);
  const other = (orders[alg] - s).toString(16).padStart(half * 2, "0");
  return Buffer.concat([signature.subarray(0, half), Buffer.from(other, "hex")]);
}

const messages = fc.uint8Array({ maxLength: 300 });

test("[SUI-4] an Ed25519 signature that holds with the cofactor alone is refused by both", () => {
  const { raw, secret } = pair(-19);
  const message = Buffer.from("message");
  for (let torsion = 1; torsion < 8; torsion += 1)
    expect(verdict(-19, raw, message, signWithTorsion(secret, message, torsion)), String(torsion)).toBe(false);
  expect(verdict(-19, raw, message, signWithTorsion(secret, message, 0)), "control").toBe(true);
});

describe.each(algs)("$name", ({ alg }) => {
  const { publicKey, privateKey, raw, secret } = pair(alg);
  const slow = alg === -49 || alg === -50;
  const runs = { numRuns: slow ? 8 : 25 };

  test("[SUI-4] what one signs the other verifies, and both have the same key", () => {
    expect(Buffer.from(nobleKeygen(alg, secret)).equals(raw)).toBe(true);
    fc.assert(
      fc.property(messages, (message) => {
        const native = signBytes(alg, privateKey, message);
        const noble = nobleSign(alg, secret, message);
        expect([native.length, noble.length]).toEqual([
          signatureAlgs[alg].signatureBytes,
          signatureAlgs[alg].signatureBytes,
        ]);
        expect(verdict(alg, raw, message, native)).toBe(true);
        expect(verdict(alg, raw, message, noble)).toBe(true);
        expect(toLowS(alg, noble)).toEqual(noble);
      }),
      runs,
    );
  });

  test("[CUS-25] the secret makes the native key again; one of another length makes none", () => {
    expect(Buffer.from(rawPublicKeyOf(alg, privateKeyOfSeed(alg, secret)!)).equals(raw)).toBe(true);
    expect(privateKeyOfSeed(alg, secret.subarray(1))).toBeNull();
    expect(privateKeyOfSeed(alg, Buffer.concat([secret, Buffer.of(0)]))).toBeNull();
  });

  test("noble signs to the same bytes each time", () => {
    const message = Buffer.from("message");
    expect(nobleSign(alg, secret, message)).toEqual(nobleSign(alg, secret, message));
  });

  test("[SUI-4] a flipped bit in message, signature or key is refused by both", () => {
    const message = Buffer.from("a message of some length");
    const signature = signBytes(alg, privateKey, message);
    const flipped = (bytes: Uint8Array, at: number, bit: number): Buffer => {
      const changed = Buffer.from(bytes);
      changed[at % changed.length]! ^= 1 << bit;
      return changed;
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (at, bit) => {
        expect(verdict(alg, raw, flipped(message, at, bit), signature)).toBe(false);
        expect(verdict(alg, raw, message, flipped(signature, at, bit))).toBe(false);
        expect(verdict(alg, flipped(raw, at, bit), message, signature)).toBe(false);
      }),
      { numRuns: slow ? 15 : 40 },
    );
    expect(verdict(alg, raw, message, signature)).toBe(true);
  });

  test("[SUI-4] a signature of another length is false, never an exception", () => {
    const message = Buffer.from("message");
    const signature = Buffer.from(signBytes(alg, privateKey, message));
    const others = [
      Buffer.alloc(0),
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([signature, Buffer.of(0)]),
    ];
    for (const other of others) expect(verdict(alg, raw, message, other)).toBe(false);
    expect(verdict(alg, raw, message, Buffer.alloc(signature.length))).toBe(false);
    expect(verdict(alg, raw, message, Buffer.alloc(signature.length, 0xff))).toBe(false);
  });

  test("bytes that are no public key are refused by both", () => {
    const message = Buffer.from("message");
    const signature = signBytes(alg, privateKey, message);
    for (const other of [Buffer.alloc(0), raw.subarray(1), Buffer.concat([raw, Buffer.of(0)])]) {
      expect(verdict(alg, other, message, signature)).toBe(false);
      expect(codeOf(() => importPublicKey(alg, other))).toBe("key-mismatch");
    }
    expect((importPublicKey(alg, raw) as KeyObject).equals(publicKey)).toBe(true);
  });

  test("another pair's signature is refused by both", () => {
    const message = Buffer.from("message");
    expect(verdict(alg, raw, message, signBytes(alg, pair(alg).privateKey, message))).toBe(false);
  });

  test("a secret of another length is the caller's mistake", () => {
    expect(() => nobleKeygen(alg, secret.subarray(1))).toThrow(TypeError);
    expect(() => nobleSign(alg, Buffer.concat([secret, Buffer.of(0)]), Buffer.of(1))).toThrow(TypeError);
  });
});

describe.each([
  { alg: -9, name: "ESP256" },
  { alg: -51, name: "ESP384" },
] as const)("$name alone", ({ alg }) => {
  const { privateKey, raw, secret } = pair(alg);

  test("[SUI-4] a signature with high s is refused by both; with low s it is the one they make", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const low = signBytes(alg, privateKey, message);
        const high = highS(alg, low);
        expect(verdict(alg, raw, message, low)).toBe(true);
        expect(verdict(alg, raw, message, high)).toBe(false);
        expect(Buffer.from(toLowS(alg, high)).equals(low)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("r or s of 0 is refused by both", () => {
    const message = Buffer.from("message");
    const signature = Buffer.from(nobleSign(alg, secret, message));
    const half = signature.length / 2;
    expect(verdict(alg, raw, message, Buffer.from(signature).fill(0, 0, half))).toBe(false);
    expect(verdict(alg, raw, message, Buffer.from(signature).fill(0, half))).toBe(false);
  });

  test("a point off the curve and a compressed point are no public key", () => {
    const message = Buffer.from("message");
    const signature = nobleSign(alg, secret, message);
    const off = Buffer.from(raw);
    off[off.length - 1]! ^= 1;
    const half = (raw.length - 1) / 2;
    const compressed = Buffer.concat([Buffer.of(2 + (raw.at(-1)! & 1)), raw.subarray(1, 1 + half)]);
    const hybridForm = Buffer.concat([Buffer.of(6 + (raw.at(-1)! & 1)), raw.subarray(1)]);
    for (const other of [off, compressed, hybridForm]) expect(nobleVerify(alg, other, message, signature)).toBe(false);
    for (const other of [off, compressed]) expect(codeOf(() => importPublicKey(alg, other))).toBe("key-mismatch");
    expect(codeOf(() => importPublicKey(alg, hybridForm))).toBe("key-mismatch");
  });

  test("a scalar outside the curve's order is no secret", () => {
    expect(() => nobleKeygen(alg, Buffer.alloc(secret.length))).toThrow(RangeError);
    expect(() => nobleKeygen(alg, Buffer.alloc(secret.length, 0xff))).toThrow(RangeError);
  });
});

test("[SUI-1] every algorithm of every suite is compared here, and no other", () => {
  const inSuites = new Set(Object.values(suites).flatMap((suite) => suite.algs));
  expect(inSuites).toEqual(new Set(algs.map(({ alg }) => alg)));
});

// Facts of RFC 9964, appendix A.2: the private key is 32 zero bytes, the payload a sentence, the kid the key's thumbprint.
describe.each([
  {
    alg: -49,
    name: "ML-DSA-65",
    kid: "b788acf242f1f1d6532926d816e76e1636874267f2a48c84c4e65789ab80cc02",
    publicKey: "085ba380ff386dd52e42349c6eb88489d6058ea541a4e3fb0dce9a3fd1f7a911",
    signature: "c2bc88f954417f756f94b9ae60d7de54b8700348c5b941488e191047bf32d25b",
  },
  {
    alg: -50,
    name: "ML-DSA-87",
    kid: "d9bc439f97bd6d4093e68f0f3fcf09c9a97adf888ed7308dd565247a166cb4fa",
    publicKey: "1d4a461707fc50a7ec93a9c02454778a8b82321ca460eea345e7bbfaff38a3aa",
    signature: "c788e2ed7d023ec2244076f0b656a68270a6865a65e74dbd698bae7dc782bbe6",
  },
] as const)("the COSE example of $name", ({ alg, ...known }) => {
  const seed = Buffer.alloc(32);
  const covered = encodeCbor([
    "Signature1",
    encodeCbor(
      new Map<number, CborValue>([
        [1, alg],
        [4, Buffer.from(known.kid, "hex")],
      ]),
    ),
    Buffer.alloc(0),
    Buffer.from("hello post quantum signatures"),
  ]);
  const hexOf = (bytes: Uint8Array): string => Buffer.from(sha256(bytes)).toString("hex");

  test("[COS-4] both sides have its key, and its kid is the thumbprint", () => {
    const raw = nobleKeygen(alg, seed);
    expect([hexOf(raw), hexOf(rawPublicKeyOf(alg, privateKeyOfSeed(alg, seed)!))]).toEqual([
      known.publicKey,
      known.publicKey,
    ]);
    expect(Buffer.from(thumbprint(alg, raw)).toString("hex")).toBe(known.kid);
  });

  test("[SUI-4] it is the signature that noble makes and both verify; over another message it is none", () => {
    const raw = nobleKeygen(alg, seed);
    const signature = nobleSign(alg, seed, covered);
    expect(hexOf(signature)).toBe(known.signature);
    expect(verdict(alg, raw, covered, signature)).toBe(true);
    expect(verdict(alg, raw, Buffer.concat([covered, Buffer.of(0)]), signature)).toBe(false);
  });
});

test("a key of one algorithm doesn't export as another's", () => {
  for (const { alg } of algs) {
    const { publicKey } = generateSigningKey(alg);
    for (const other of algs) {
      const code = codeOf(() => exportPublicKey(other.alg, publicKey));
      expect(code).toBe(other.alg === alg ? "no error" : "key-mismatch");
    }
  }
});
