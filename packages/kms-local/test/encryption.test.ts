import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  type KMSClient,
  type KeySpec,
  ReEncryptCommand,
} from "@aws-sdk/client-kms";
import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes, clientOf, refusal, refusalName, region, start } from "./client.ts";

async function newKey(kms: KMSClient, spec: KeySpec = "SYMMETRIC_DEFAULT"): Promise<string> {
  const made = await kms.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: "ENCRYPT_DECRYPT" }));
  return made.KeyMetadata?.Arn ?? "";
}

describe("symmetric encryption", () => {
  test("a data key comes back from its ciphertext, without naming the key", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const EncryptionContext = { tenant: "a", purpose: "b" };
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }));
    const { CiphertextBlob } = made;
    const reordered = { purpose: "b", tenant: "a" };
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: reordered }));
    expect(made.Plaintext).toHaveLength(32);
    expect(opened.Plaintext).toEqual(made.Plaintext);
    expect(opened).toMatchObject({
      KeyId,
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      KeyMaterialId: made.KeyMaterialId,
    });
    expect(made.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a data key without plaintext opens as well, and sizes are as asked", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const made = await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 1024 }));
    expect(made).not.toHaveProperty("Plaintext");
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(opened.Plaintext).toHaveLength(1024);
  });

  test("another context, a damaged blob and a foreign blob are InvalidCiphertextException without message", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const Plaintext = bytes("x".repeat(64));
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { a: "1" } }));
    const blob = CiphertextBlob ?? new Uint8Array();
    const open = (body: Uint8Array, EncryptionContext?: Record<string, string>): Promise<unknown> =>
      kms.send(new DecryptCommand({ KeyId, CiphertextBlob: body, ...(EncryptionContext && { EncryptionContext }) }));
    await expect(open(blob, { a: "1" })).resolves.toMatchObject({ Plaintext }); // control
    const invalid = { name: "InvalidCiphertextException", message: "" };
    expect(await refusal(open(blob, { A: "1" }))).toEqual(invalid);
    expect(await refusal(open(blob, { a: "1", b: "2" }))).toEqual(invalid);
    expect(await refusal(open(blob))).toEqual(invalid);
    expect(await refusal(open(bytes("not a blob"), { a: "1" }))).toEqual(invalid);
    expect(await refusal(open(blob.subarray(0, -1), { a: "1" }))).toEqual(invalid);
    expect(await refusal(kms.send(new DecryptCommand({ CiphertextBlob: bytes("junk") })))).toEqual(invalid);
  });

  test("no changed byte of a blob ever opens", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("secret") }));
    const blob = CiphertextBlob ?? new Uint8Array();
    for (let i = 0; i < blob.length; i++) {
      const changed = Uint8Array.from(blob, (byte, j) => (i === j ? byte ^ 0x01 : byte));
      const name = await refusalName(kms.send(new DecryptCommand({ CiphertextBlob: changed })));
      // A changed key id names a key that isn't there; AWS doesn't tell that from one you may not use.
      expect(["InvalidCiphertextException", "AccessDeniedException"], `byte ${i}`).toContain(name);
    }
  });

  test("two different contexts never open each other", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const seal = async (EncryptionContext: Record<string, string>): Promise<Uint8Array> =>
      (await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("s"), EncryptionContext }))).CiphertextBlob ??
      new Uint8Array();
    const opens = async (blob: Uint8Array, EncryptionContext: Record<string, string>): Promise<boolean> =>
      (await refusalName(kms.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext })))) === "none";
    const part = fc.string({ unit: fc.constantFrom("a", "b", "A", ":", "=", ",", "é", "\0"), maxLength: 4 });
    const context = fc.dictionary(part, part, { maxKeys: 3 });
    const canonical = (pairs: Record<string, string>): string =>
      JSON.stringify(Object.entries(pairs).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const check = async (one: Record<string, string>, two: Record<string, string>): Promise<void> => {
      const blob = await seal(one);
      expect(await opens(blob, one)).toBe(true); // control
      expect(await opens(blob, two)).toBe(canonical(one) === canonical(two));
    };
    await check({ a: "bc" }, { ab: "c" });
    await check({ a: "b", c: "d" }, { a: "bc", d: "" });
    await check({ Tenant: "x" }, { tenant: "x" });
    await check({ tenant: "X" }, { tenant: "x" });
    await check({}, { "": "" });
    await check({ __proto__x: "1" }, {});
    await fc.assert(fc.asyncProperty(context, context, check), { numRuns: 200 });
  });

  test("a key named in the request has to be the blob's", async () => {
    const kms = clientOf(await start());
    const [one, two] = [await newKey(kms), await newKey(kms)];
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: one, Plaintext: bytes("x") }));
    expect(await refusal(kms.send(new DecryptCommand({ CiphertextBlob, KeyId: two })))).toEqual({
      name: "IncorrectKeyException",
      message: "The key ID in the request does not identify a CMK that can perform this operation.",
    });
    expect(await refusalName(kms.send(new DecryptCommand({ CiphertextBlob, KeyId: one })))).toBe("none");
  });

  test("the same blob in another Region, where its key isn't, is refused", async () => {
    const server = await start();
    const kms = clientOf(server);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: await newKey(kms), Plaintext: bytes("x") }));
    const elsewhere = clientOf(server, "AKIDROOT", "us-east-1");
    expect(await refusalName(elsewhere.send(new DecryptCommand({ CiphertextBlob })))).toBe("AccessDeniedException");
  });

  test("ReEncrypt changes key and context without showing the plaintext", async () => {
    const kms = clientOf(await start());
    const [from, to] = [await newKey(kms), await newKey(kms)];
    const sealed = await kms.send(
      new EncryptCommand({ KeyId: from, Plaintext: bytes("moved"), EncryptionContext: { v: "1" } }),
    );
    const move = {
      CiphertextBlob: sealed.CiphertextBlob,
      SourceEncryptionContext: { v: "1" },
      DestinationKeyId: to,
      DestinationEncryptionContext: { v: "2" },
    };
    const moved = await kms.send(new ReEncryptCommand(move));
    expect(moved).toMatchObject({ SourceKeyId: from, KeyId: to, SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT" });
    expect(moved.SourceKeyMaterialId).not.toBe(moved.DestinationKeyMaterialId);
    expect(moved).not.toHaveProperty("Plaintext");
    const { CiphertextBlob } = moved;
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { v: "2" } }));
    expect(opened).toMatchObject({ Plaintext: bytes("moved"), KeyId: to });
    const old = new DecryptCommand({ CiphertextBlob, EncryptionContext: { v: "1" } });
    expect(await refusalName(kms.send(old))).toBe("InvalidCiphertextException");
    const wrong = new ReEncryptCommand({ ...move, SourceEncryptionContext: { v: "3" } });
    expect(await refusalName(kms.send(wrong))).toBe("InvalidCiphertextException");
    const other = new ReEncryptCommand({ ...move, SourceKeyId: to });
    expect(await refusalName(kms.send(other))).toBe("IncorrectKeyException");
  });

  test("limits are those of AWS", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const encrypt = (size: number): Promise<unknown> =>
      kms.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array(size) }));
    expect(await refusalName(encrypt(4096))).toBe("none");
    expect(await refusalName(encrypt(4097))).toBe("ValidationException");
    expect(await refusalName(encrypt(0))).toBe("ValidationException");
    const dataKey = (members: object): Promise<unknown> => kms.send(new GenerateDataKeyCommand({ KeyId, ...members }));
    expect(await refusalName(dataKey({ NumberOfBytes: 1024 }))).toBe("none");
    for (const members of [
      { NumberOfBytes: 1025 },
      { NumberOfBytes: 0 },
      {},
      { NumberOfBytes: 1, KeySpec: "AES_128" },
    ]) {
      expect(await refusalName(dataKey(members)), JSON.stringify(members)).toBe("ValidationException");
    }
    const inContext = (size: number): Promise<unknown> =>
      dataKey({ KeySpec: "AES_256", EncryptionContext: { k: "v".repeat(size - 1) } });
    expect(await refusalName(inContext(8192))).toBe("none");
    expect(await refusalName(inContext(8193))).toBe("ValidationException");
  });

  test("DryRun answers only after everything else was checked", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") }));
    const dry = { DryRun: true };
    const dryRun = "DryRunOperationException";
    expect(await refusalName(kms.send(new DecryptCommand({ CiphertextBlob, ...dry })))).toBe(dryRun);
    expect(await refusalName(kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", ...dry })))).toBe(dryRun);
    expect(await refusalName(kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("x"), ...dry })))).toBe(dryRun);
    const wrong = new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: "1" }, ...dry });
    expect(await refusalName(kms.send(wrong))).toBe("InvalidCiphertextException");
    const without = new DecryptCommand({ KeyId, ...dry, DryRunModifiers: ["IGNORE_CIPHERTEXT"] });
    expect(await refusalName(kms.send(without))).toBe(dryRun);
    const wet = new DecryptCommand({ KeyId, DryRunModifiers: ["IGNORE_CIPHERTEXT"] });
    expect(await refusalName(kms.send(wet))).toBe("ValidationException");
  });

  test("an enclave's recipient is refused, never ignored", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const Recipient = { KeyEncryptionAlgorithm: "RSAES_OAEP_SHA_256", AttestationDocument: bytes("x") } as const;
    const request = new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", Recipient });
    expect(await refusalName(kms.send(request))).toBe("UnsupportedOperationException");
  });
});

describe("RSA encryption", () => {
  test.each([
    ["RSA_2048", 190, 214],
    ["RSA_3072", 318, 342],
    ["RSA_4096", 446, 470],
  ] as const)("%s takes at most %i bytes with SHA-256, %i with SHA-1", async (spec, sha256, sha1) => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms, spec);
    for (const [algorithm, most] of [
      ["RSAES_OAEP_SHA_256", sha256],
      ["RSAES_OAEP_SHA_1", sha1],
    ] as const) {
      const seal = (size: number): Promise<{ CiphertextBlob?: Uint8Array | undefined }> =>
        kms.send(
          new EncryptCommand({ KeyId, EncryptionAlgorithm: algorithm, Plaintext: new Uint8Array(size).fill(7) }),
        );
      const { CiphertextBlob } = await seal(most);
      const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm: algorithm }));
      expect(opened.Plaintext).toEqual(new Uint8Array(most).fill(7));
      expect(opened).not.toHaveProperty("KeyMaterialId");
      expect(await refusalName(seal(most + 1))).toBe("ValidationException");
    }
  });

  test("what node:crypto encrypts to the public key opens", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms, "RSA_2048");
    const { PublicKey, EncryptionAlgorithms } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    expect(EncryptionAlgorithms).toEqual(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]);
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const CiphertextBlob = publicEncrypt({ key, padding, oaepHash: "sha256" }, bytes("from outside"));
    const EncryptionAlgorithm = "RSAES_OAEP_SHA_256" as const;
    const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }));
    expect(opened.Plaintext).toEqual(bytes("from outside"));
    const other = new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm: "RSAES_OAEP_SHA_1" });
    expect(await refusalName(kms.send(other))).toBe("InvalidCiphertextException");
    const unnamed = new DecryptCommand({ CiphertextBlob, EncryptionAlgorithm });
    expect(await refusalName(kms.send(unnamed))).toBe("ValidationException");
    const context = new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm, EncryptionContext: { a: "1" } });
    expect(await refusalName(kms.send(context))).toBe("ValidationException");
    const symmetric = new DecryptCommand({ KeyId, CiphertextBlob });
    expect(await refusalName(kms.send(symmetric))).toBe("InvalidKeyUsageException");
  });
});

test("GenerateRandom gives as many bytes as asked, each time others", async () => {
  const kms = clientOf(await start());
  const one = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 32 }));
  const two = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 32 }));
  expect(one.Plaintext).toHaveLength(32);
  expect(one.Plaintext).not.toEqual(two.Plaintext);
  expect(await refusalName(kms.send(new GenerateRandomCommand({ NumberOfBytes: 1025 })))).toBe("ValidationException");
  expect(await refusalName(kms.send(new GenerateRandomCommand({})))).toBe("ValidationException");
  const store = new GenerateRandomCommand({ NumberOfBytes: 1, CustomKeyStoreId: "cks-1" });
  expect(await refusalName(kms.send(store))).toBe("CustomKeyStoreNotFoundException");
});

test("keys of one Region aren't found in another", async () => {
  const server = await start();
  const KeyId = await newKey(clientOf(server));
  const elsewhere = clientOf(server, "AKIDROOT", "us-east-1");
  const request = new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" });
  expect(await refusal(elsewhere.send(request))).toEqual({
    name: "NotFoundException",
    message: `Invalid arn ${region}`,
  });
  expect(await refusalName(clientOf(server).send(request))).toBe("none");
});
