// Key encapsulation: native and noble are each other's oracle, both ways, for every mechanism.
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { ml_kem1024, ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decapsulate, encapsulate, kemOfCiphertext, kemPublicKey } from "../src/kem.ts";
import { cryptoBackend } from "../src/crypto.ts";
import { nobleAgreementKey, nobleDecapsulate, nobleEncapsulate } from "../src/crypto-noble.ts";
import { kems } from "../src/suites.ts";
import { codeOf } from "./support/code-of.ts";

const oracles = { "x-wing": ml_kem768_x25519, "ml-kem-768": ml_kem768, "ml-kem-1024": ml_kem1024 } as const;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const seeds = (sizeBytes: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: sizeBytes, maxLength: sizeBytes });

describe.each(["x-wing", "ml-kem-768", "ml-kem-1024"] as const)("%s", (kind) => {
  const oracle = oracles[kind];
  const facts = kems[kind];

  test("[RCP-11] what one encapsulates the other decapsulates, and both have the same public key", () => {
    expect(cryptoBackend, "the native side is under test").toBe("native");
    fc.assert(
      fc.property(seeds(facts.seedBytes), (seed) => {
        const { publicKey, secretKey } = oracle.keygen(seed);
        expect(hex(kemPublicKey(kind, seed))).toBe(hex(publicKey));
        const ours = encapsulate(kind, publicKey);
        expect([ours.ciphertext.length, ours.secret.length]).toEqual([facts.ciphertextBytes, 32]);
        expect(hex(oracle.decapsulate(ours.ciphertext, secretKey))).toBe(hex(ours.secret));
        const theirs = oracle.encapsulate(publicKey);
        expect(hex(decapsulate(kind, seed, theirs.cipherText)!)).toBe(hex(theirs.sharedSecret));
      }),
      { numRuns: 15 },
    );
  });

  test("[RCP-11] another key, and a changed ciphertext, give another secret, the oracle's", () => {
    const seed = new Uint8Array(facts.seedBytes).fill(7);
    const other = new Uint8Array(facts.seedBytes).fill(8);
    const { ciphertext, secret } = encapsulate(kind, kemPublicKey(kind, seed));
    expect(hex(decapsulate(kind, seed, ciphertext)!), "control").toBe(hex(secret));
    expect(hex(decapsulate(kind, other, ciphertext)!)).not.toBe(hex(secret));
    for (const at of [0, 500, facts.ciphertextBytes - 1]) {
      const changed = Uint8Array.from(ciphertext);
      changed[at]! ^= 1;
      const found = hex(decapsulate(kind, seed, changed)!);
      expect(found).not.toBe(hex(secret));
      expect(found).toBe(hex(oracle.decapsulate(changed, oracle.keygen(seed).secretKey)));
    }
  });

  test("[RCP-11] bytes that are no key or no ciphertext are refused", () => {
    const seed = new Uint8Array(facts.seedBytes).fill(1);
    const publicKey = kemPublicKey(kind, seed);
    expect(() => kemPublicKey(kind, seed.subarray(1))).toThrow(TypeError);
    expect(codeOf(() => encapsulate(kind, publicKey.subarray(1)))).toBe("key-mismatch");
    expect(codeOf(() => encapsulate(kind, Uint8Array.from(publicKey).fill(255, 0, 3)))).toBe("key-mismatch");
    const { ciphertext } = encapsulate(kind, publicKey);
    expect(decapsulate(kind, seed, ciphertext.subarray(1))).toBeNull();
    expect(decapsulate(kind, seed, ciphertext), "control").not.toBeNull();
    expect(kemOfCiphertext(ciphertext.length)).toBe(kind);
    expect(kemOfCiphertext(ciphertext.length + 1)).toBeNull();
  });
});

test("[RCP-11] a point of small order agrees on nothing", () => {
  const seed = new Uint8Array(32).fill(3);
  const publicKey = kemPublicKey("x-wing", seed);
  const zeroPoint = Buffer.concat([publicKey.subarray(0, 1184), Buffer.alloc(32)]);
  expect(codeOf(() => encapsulate("x-wing", zeroPoint))).toBe("key-mismatch");
  const { ciphertext } = encapsulate("x-wing", publicKey);
  expect(decapsulate("x-wing", seed, Uint8Array.from(ciphertext).fill(0, 1088))).toBeNull();
  expect(decapsulate("x-wing", seed, ciphertext), "control").not.toBeNull();
});

// The ciphertext follows from `eseed`; its beginning and the secret are as the draft prints them.
test.each([
  {
    seed: "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
    eseed:
      "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
    publicKey: "e2236b35a8c24b39b10aa1323a96a919",
    ciphertext: "b83aa828d4d62b9a83ceffe1d3d3bb1e",
    secret: "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
  },
  {
    seed: "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
    eseed:
      "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
    publicKey: "0333285fa253661508c9fb444852caa4",
    ciphertext: "c93beb22326705699bbc3d1d0aa6339b",
    secret: "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
  },
])("[RCP-11] known answer of draft-connolly-cfrg-xwing-kem-08, appendix C: $publicKey", (known) => {
  const seed = Buffer.from(known.seed, "hex");
  const publicKey = kemPublicKey("x-wing", seed);
  expect(hex(publicKey)).toMatch(new RegExp(`^${known.publicKey}`));
  const { cipherText } = ml_kem768_x25519.encapsulate(publicKey, Buffer.from(known.eseed, "hex"));
  expect(hex(cipherText)).toMatch(new RegExp(`^${known.ciphertext}`));
  expect(hex(decapsulate("x-wing", seed, cipherText)!)).toBe(known.secret);
});

test("[RCP-11] the noble twin agrees with native ML-KEM and X25519", () => {
  for (const kind of ["ml-kem-768", "ml-kem-1024"] as const) {
    const seed = new Uint8Array(64).fill(5);
    const publicKey = nobleAgreementKey(kind, seed);
    expect(hex(publicKey)).toBe(hex(kemPublicKey(kind, seed)));
    const { ciphertext, secret } = nobleEncapsulate(kind, publicKey);
    expect(hex(decapsulate(kind, seed, ciphertext)!)).toBe(hex(secret));
    expect(hex(nobleDecapsulate(kind, seed, ciphertext))).toBe(hex(secret));
  }
});
