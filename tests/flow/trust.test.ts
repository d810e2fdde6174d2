// The trust policy's own rules: what it is made of, and that nothing of it is remembered past it.
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { codeOf, trustWith } from "../support/scene.ts";

/** Raw encapsulation key of a fresh pair. */
function rawKem(kind: "ml-kem-768" | "ml-kem-1024"): Buffer {
  const { publicKey } = kind === "ml-kem-768" ? generateKeyPairSync("ml-kem-768") : generateKeyPairSync("ml-kem-1024");
  return publicKey.export({ format: "der", type: "spki" }).subarray(22);
}

function entry(kind: string, raw: Uint8Array, more: object = {}): object {
  return { uri: `urn:acme:kem:${kind}`, kind, publicKey: Buffer.from(raw).toString("base64url"), ...more };
}

describe("recipient keys", () => {
  const small = rawKem("ml-kem-768");
  const large = rawKem("ml-kem-1024");
  const mixed = Buffer.concat([small, Buffer.alloc(32, 9)]);
  const withKeys =
    (...keys: readonly object[]): (() => unknown) =>
    () =>
      trustWith((draft) => (draft["recipientKeys"] = keys));

  test("[TRU-13] every kind is read, with its dates", () => {
    const { recipientKeys } = trustWith(
      (draft) =>
        (draft["recipientKeys"] = [
          entry("x-wing", mixed, { notBefore: "2026-01-01T00:00:00Z" }),
          entry("ml-kem-768", small),
          entry("ml-kem-1024", large, { notAfter: "2030-01-01T00:00:00Z" }),
        ]),
    );
    expect(recipientKeys.map(({ uri, kind, notBefore, notAfter }) => [uri, kind, notBefore, notAfter])).toEqual([
      ["urn:acme:kem:x-wing", "x-wing", Date.parse("2026-01-01T00:00:00Z") / 1000, null],
      ["urn:acme:kem:ml-kem-768", "ml-kem-768", null, null],
      ["urn:acme:kem:ml-kem-1024", "ml-kem-1024", null, Date.parse("2030-01-01T00:00:00Z") / 1000],
    ]);
    expect(Buffer.from(recipientKeys[0]!.publicKey)).toEqual(mixed);
    expect(trustWith().recipientKeys).toEqual([]);
  });

  test("[TRU-13] what is no key of its kind, or stands twice, is refused", async () => {
    const beyond = Buffer.from(large);
    beyond.set([0xff, 0xff], 1533); // the last coefficient
    expect(await codeOf(withKeys(entry("ml-kem-1024", large)))).toBe("nothing was thrown");
    expect(await codeOf(withKeys(entry("ml-kem-1024", beyond)))).toBe("key-mismatch");
    expect(await codeOf(withKeys(entry("ml-kem-1024", small)))).toBe("key-mismatch");
    expect(await codeOf(withKeys(entry("x-wing", small)))).toBe("key-mismatch");
    expect(await codeOf(withKeys(entry("ml-kem-512", small)))).toBe("trust-schema");
    expect(await codeOf(withKeys(entry("ml-kem-768", small, { alg: "ML-KEM-768" })))).toBe("trust-schema");
    expect(await codeOf(withKeys(entry("ml-kem-768", small), entry("ml-kem-768", small)))).toBe("trust-schema");
    expect(await codeOf(withKeys(entry("ml-kem-768", small, { notAfter: "2030-02-30T00:00:00Z" })))).toBe(
      "trust-schema",
    );
  });
});
