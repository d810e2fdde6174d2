// The browser's twins against node's: the same functions of the same types, and the same answers to the same bytes.
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as nativeBytes from "../src/bytes.ts";
import * as twinBytes from "../src/bytes-browser.ts";
import * as native from "../src/crypto.ts";
import * as twin from "../src/crypto-browser.ts";
import { openFile, openReceiptFile } from "../src/files-browser.ts";
import { hashes, signatureAlgs } from "../src/suites.ts";
import type { HashAlg, SignatureAlg } from "../src/suites.ts";
import { codeOf } from "./support/code-of.ts";

/** Both implementations as one type: who changes a function of one changes it of the other. */
const crypto: Readonly<Record<"native" | "twin", typeof native>> = { native, twin };
const byteFunctions: Readonly<Record<"native" | "twin", typeof nativeBytes>> = { native: nativeBytes, twin: twinBytes };

const bytes = (maxLength = 300): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const exactly = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString("hex"));

/** What both make of the same call, in hex, or the code of what they throw. */
function both(call: (of: typeof native) => Uint8Array | null): [string | null, string | null] {
  const answer = (of: typeof native): string | null => {
    let value: string | null = null;
    const code = codeOf(() => void (value = hex(call(of))));
    return code === "no error" ? value : code;
  };
  return [answer(native), answer(twin)];
}

/** Both answer alike, and not by the same failure. */
function expectAlike(call: (of: typeof native) => Uint8Array | null): void {
  const [ours, theirs] = both(call);
  expect(theirs).toBe(ours);
  expect(ours).toMatch(/^[0-9a-f]*$/);
}

const algs = Object.keys(signatureAlgs).map((name) => {
  const alg = Number(name) as SignatureAlg;
  return { alg, name: signatureAlgs[alg].name };
});
const hashAlgs = Object.keys(hashes).map((name) => Number(name) as HashAlg);

describe("the same functions", () => {
  test("every export of one is an export of the other", () => {
    expect(Object.keys(crypto.twin).toSorted()).toEqual(Object.keys(crypto.native).toSorted());
    expect(Object.keys(byteFunctions.twin).toSorted()).toEqual(Object.keys(byteFunctions.native).toSorted());
  });

  test("each says what serves it", () => {
    expect([native.cryptoBackend, twin.cryptoBackend]).toEqual(["native", "noble"]);
  });
});

describe("bytes", () => {
  test("as text, from text, joined: alike, and back to what they were", () => {
    fc.assert(
      fc.property(fc.array(bytes(), { maxLength: 5 }), (parts) => {
        const whole = nativeBytes.concatBytes(parts);
        expect(hex(twinBytes.concatBytes(parts))).toBe(hex(whole));
        expect(twinBytes.toHex(whole)).toBe(nativeBytes.toHex(whole));
        expect(twinBytes.toBase64url(whole)).toBe(nativeBytes.toBase64url(whole));
        expect(hex(twinBytes.fromHex(nativeBytes.toHex(whole)))).toBe(hex(whole));
        expect(hex(twinBytes.fromBase64url(nativeBytes.toBase64url(whole)))).toBe(hex(whole));
      }),
    );
  });

  test("base64url that nobody writes is read alike", () => {
    const character = fc.constantFrom(
      ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    );
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 20 }), (text) => {
        expect(hex(twinBytes.fromBase64url(text))).toBe(hex(nativeBytes.fromBase64url(text)));
      }),
    );
  });

  test("UTF-8 is told from what it isn't", () => {
    const seen = new Set<boolean>();
    const given = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 6 }),
      fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0x8f, 0x90, 0xa0), {
        maxLength: 5,
      }),
    );
    fc.assert(
      fc.property(given, (list) => {
        const one = Uint8Array.from(list);
        expect(twinBytes.isUtf8(one)).toBe(nativeBytes.isUtf8(one));
        seen.add(nativeBytes.isUtf8(one));
      }),
      { numRuns: 200 },
    );
    expect(seen.size).toBe(2);
  });

  test("memory is as long as asked, and zeroed where that is promised", () => {
    expect([twinBytes.allocate(5), twinBytes.uninitialized(5).length]).toEqual([new Uint8Array(5), 5]);
  });
});

describe("hashes, MACs and derived keys", () => {
  test("alike", () => {
    fc.assert(
      fc.property(bytes(), exactly(32), fc.integer({ min: 1, max: 48 }), (message, key, size) => {
        for (const alg of hashAlgs) {
          expectAlike((of) => of.hash(alg, message));
          expectAlike((of) => of.createHash(hashes[alg].text).update(message.subarray(0, 7)).update(message).digest());
          expect(twin.hashHex(alg, message)).toBe(native.hashHex(alg, message));
        }
        expectAlike((of) => of.sha256(message));
        expectAlike((of) => of.sha3(message));
        expectAlike((of) => of.shake256(message, size));
        expectAlike((of) => of.hmacSha384(key, message));
        expectAlike((of) => of.hmacSha384(of.createSecretKey(key), message));
        expectAlike((of) => of.hkdfSha384(of.createSecretKey(key), message, size));
        expectAlike((of) => of.hkdfExpandSha384(of.createSecretKey(key), message, size));
      }),
      { numRuns: 50 },
    );
  });

  test("a block of HKDF is 48 bytes, scrypt the same key", () => {
    for (const of of [native, twin])
      expect(() => of.hkdfExpandSha384(of.createSecretKey(new Uint8Array(32)), new Uint8Array(), 49)).toThrow(
        RangeError,
      );
    const numbers = { N: 16, r: 8, p: 1, maxmem: 1 << 20 };
    expectAlike((of) => of.scryptSync("passphrase", Uint8Array.of(1, 2, 3), 32, numbers));
  });

  test("comparison: by value, and of one length alone", () => {
    fc.assert(
      fc.property(exactly(8), exactly(8), (a, b) => {
        expect(twin.timingSafeEqual(a, b)).toBe(native.timingSafeEqual(a, b));
        expect(twin.timingSafeEqual(a, Uint8Array.from(a))).toBe(true);
      }),
    );
    for (const of of [native, twin])
      expect(() => of.timingSafeEqual(new Uint8Array(1), new Uint8Array(2))).toThrow(RangeError);
  });

  test("random bytes of every size, also beyond what one call of the platform gives", () => {
    for (const size of [0, 1, 16, 65_536, 200_000]) expect(twin.randomBytes(size).length).toBe(size);
    expect(hex(twin.randomBytes(32))).not.toBe(hex(twin.randomBytes(32)));
    expect(
      twin
        .randomBytes(200_000)
        .subarray(199_000)
        .some((byte) => byte !== 0),
    ).toBe(true);
    expect(twin.randomNonce(16).length).toBe(native.randomNonce(16).length);
  });
});

test("[CON-8] a hash beside other work: alike, and of the bytes as they were when it was asked for", async () => {
  await fc.assert(
    fc.asyncProperty(bytes(), fc.constantFrom<HashAlg[]>(-16, -43, -44), async (message, alg) => {
      const input = Uint8Array.from(message);
      const asked = [native, twin].map((of) => of.hashAside(alg, input));
      input.fill(0xff);
      input.buffer.transfer();
      for (const digest of await Promise.all(asked)) expect(digest).toEqual(Uint8Array.from(native.hash(alg, message)));
    }),
    { numRuns: 50 },
  );
});

describe("AES", () => {
  test("[RCP-6] key wrap: alike, undone, and anything else is one code", () => {
    const sizes = fc.constantFrom(16, 24, 32, 40, 64);
    fc.assert(
      fc.property(exactly(32), sizes.chain(exactly), fc.nat(), (kek, key, at) => {
        expectAlike((of) => of.aesKwWrap(of.createSecretKey(kek), key));
        const wrapped = native.aesKwWrap(native.createSecretKey(kek), key);
        expectAlike((of) => of.aesKwUnwrap(of.createSecretKey(kek), wrapped));
        const flipped = Uint8Array.from(wrapped).fill(
          wrapped[at % wrapped.length]! ^ 1,
          at % wrapped.length,
          (at % wrapped.length) + 1,
        );
        for (const bad of [flipped, wrapped.subarray(8), wrapped.subarray(1), new Uint8Array()])
          expect(both((of) => of.aesKwUnwrap(of.createSecretKey(kek), bad))).toEqual([
            "unwrap-failed",
            "unwrap-failed",
          ]);
      }),
      { numRuns: 50 },
    );
  });

  test("GCM: alike, undone, and a changed bit opens nothing and leaves nothing", () => {
    fc.assert(
      fc.property(exactly(32), exactly(12), bytes(40), bytes(), fc.nat(), (key, iv, aad, plaintext, at) => {
        const sealed = native.aesGcmSeal(key, iv, aad, plaintext);
        expectAlike((of) => of.aesGcmSeal(of.createSecretKey(key), iv, aad, plaintext));
        expectAlike((of) => of.aesGcmOpen(key, iv, aad, sealed));
        expectAlike((of) => {
          const out = new Uint8Array(plaintext.length + 16);
          const running = of.createHash("sha256");
          of.aesGcmSealInto(of.createSecretKey(key), iv, aad, plaintext, out, running);
          return nativeBytes.concatBytes([out, running.digest()]);
        });
        expectAlike((of) =>
          of.aesGcmOpenInto(of.createSecretKey(key), iv, aad, sealed, new Uint8Array(plaintext.length)),
        );
        const bad = Uint8Array.from(sealed);
        bad[at % bad.length]! ^= 1 << (at % 8);
        for (const of of [native, twin]) {
          const out = new Uint8Array(plaintext.length).fill(7);
          expect(of.aesGcmOpen(key, iv, aad, bad)).toBeNull();
          expect(of.aesGcmOpen(key, iv, aad, sealed.subarray(0, 15))).toBeNull();
          expect(of.aesGcmOpenInto(of.createSecretKey(key), iv, aad, bad, out)).toBeNull();
          expect(out.every((byte) => byte === 0)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(algs)("$name", ({ alg }) => {
  const { secretBytes, publicKeyBytes } = signatureAlgs[alg];

  test("[SUI-4] keys of a seed, and each verifies what the other signs and nothing else", () => {
    fc.assert(
      fc.property(exactly(secretBytes), bytes(), fc.nat(), (seed, message, at) => {
        const keys = [native, twin].map((of) => ({ of, key: of.privateKeyOfSeed(alg, seed) }));
        if (keys.some(({ key }) => key === null)) return expect(keys.every(({ key }) => key === null)).toBe(true);
        expectAlike((of) => of.rawPublicKeyOf(alg, of.privateKeyOfSeed(alg, seed)!));
        const raw = native.rawPublicKeyOf(alg, keys[0]!.key!);
        for (const { of, key } of keys) {
          const signature = of.signBytes(alg, key!, message);
          const bad = Uint8Array.from(signature);
          bad[at % bad.length]! ^= 1 << (at % 8);
          for (const other of [native, twin]) {
            const publicKey = other.importPublicKey(alg, raw);
            expect(other.verifyBytes(alg, publicKey, message, signature)).toBe(true);
            expect(other.verifyBytes(alg, publicKey, message, bad)).toBe(false);
            expect(other.verifyBytes(alg, publicKey, message, signature.subarray(1))).toBe(false);
          }
        }
      }),
      { numRuns: 5 },
    );
  });

  test("keys that are none are refused alike", () => {
    const raw = native.exportPublicKey(alg, native.generateSigningKey(alg).publicKey);
    const off = Uint8Array.from(raw);
    off[off.length - 1]! ^= 1; // beside the curve
    const hybridForm = Uint8Array.from(raw);
    hybridForm[0] = 6;
    for (const given of [raw, off, hybridForm, raw.subarray(1), new Uint8Array(publicKeyBytes)]) {
      const [ours, theirs] = [native, twin].map((of) => codeOf(() => void of.importPublicKey(alg, given)));
      expect(theirs).toBe(ours);
    }
    for (const size of [0, secretBytes - 1, secretBytes + 1])
      expect([native, twin].map((of) => of.privateKeyOfSeed(alg, new Uint8Array(size)))).toEqual([null, null]);
    if (signatureAlgs[alg].curve === undefined) return;
    for (const fill of [0, 0xff])
      expect([native, twin].map((of) => of.privateKeyOfSeed(alg, new Uint8Array(secretBytes).fill(fill)))).toEqual([
        null,
        null,
      ]);
  });

  test("a fresh pair belongs together and to no other algorithm", () => {
    const { publicKey, privateKey } = twin.generateSigningKey(alg);
    expect(hex(twin.exportPublicKey(alg, publicKey))).toBe(hex(twin.rawPublicKeyOf(alg, privateKey)));
    const message = Uint8Array.of(1, 2, 3);
    expect(twin.verifyBytes(alg, publicKey, message, twin.signBytes(alg, privateKey, message))).toBe(true);
    const other = algs.find((one) => one.alg !== alg)!.alg;
    for (const call of [
      () => twin.exportPublicKey(other, publicKey),
      () => twin.rawPublicKeyOf(other, privateKey),
      () => twin.signBytes(other, privateKey, message),
      () => twin.exportPublicKey(alg, privateKey),
    ])
      expect(codeOf(call)).toBe("key-mismatch");
  });
});

describe("key agreement", () => {
  test.each(["ml-kem-768", "ml-kem-1024"] as const)("%s: each opens what the other closes", (alg) => {
    fc.assert(
      fc.property(exactly(64), (seed) => {
        expectAlike((of) => of.agreementPublicKey(alg, seed));
        const publicKey = native.agreementPublicKey(alg, seed);
        for (const [from, to] of [
          [native, twin],
          [twin, native],
        ] as const) {
          const { ciphertext, secret } = from.mlKemEncapsulate(alg, publicKey);
          expect(hex(to.mlKemDecapsulate(alg, seed, ciphertext))).toBe(hex(secret));
          ciphertext[0]! ^= 1;
          expectAlike((of) => of.mlKemDecapsulate(alg, seed, ciphertext)); // implicit rejection, the same on both sides
        }
      }),
      { numRuns: 5 },
    );
  });

  test("X25519: alike, and a point of small order agrees on nothing", () => {
    fc.assert(
      fc.property(exactly(32), exactly(32), (scalar, other) => {
        expectAlike((of) => of.agreementPublicKey("x25519", scalar));
        const point = native.agreementPublicKey("x25519", other);
        expectAlike((of) => of.x25519(scalar, point));
        for (const of of [native, twin]) expect(() => of.x25519(scalar, new Uint8Array(32))).toThrow();
      }),
      { numRuns: 20 },
    );
  });
});

describe("keys of the twin", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index + 100);

  test("show no byte to JSON, inspection, spreading, names and copies", () => {
    const key = twin.createSecretKey(secret);
    const shown = [
      JSON.stringify(key),
      inspect(key, { showHidden: true, depth: 9 }),
      `${key as unknown as string}`,
      JSON.stringify(Object.assign({}, key)),
      inspect(structuredClone(key), { showHidden: true }),
      JSON.stringify(Reflect.ownKeys(key)),
    ].join(" ");
    for (const form of [secret.subarray(0, 3).join(","), secret.subarray(0, 3).join(", "), "646566", "def"])
      expect(shown).not.toContain(form);
    expect(shown).toContain("symmetricKeySize");
  });

  test("are told by type and size, hold a copy, and a look-alike is none", () => {
    const given = Uint8Array.from(secret);
    const key = twin.createSecretKey(given);
    given.fill(0);
    expect(hex(twin.hmacSha384(key, secret))).toBe(hex(native.hmacSha384(secret, secret)));
    expect([key.type, key.symmetricKeySize]).toEqual(["secret", 32]);
    expect([
      twin.isSecretKey(key, 32),
      twin.isSecretKey(key, 16),
      twin.isSecretKey(Object.assign({}, key), 32),
    ]).toEqual([true, false, false]);
    expect(twin.isSecretKey(twin.generateSigningKey(-19).privateKey, 32)).toBe(false);
    for (const other of [native.createSecretKey(secret), structuredClone(key), twin.generateSigningKey(-19).privateKey])
      expect(() => twin.hmacSha384(other, secret)).toThrow(TypeError);
  });
});

test("a browser opens no files, and says so at once", () => {
  expect(() => openFile("content")).toThrow(TypeError);
  expect(() => openReceiptFile("receipts")).toThrow(TypeError);
});
