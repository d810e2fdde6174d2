import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
  type KeyMetadata,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  verify,
} from "node:crypto";
import { describe, expect, test } from "vitest";
import { bytes, clientOf, refusalName, start } from "./client.ts";

const dayMs = 86_400_000;
type Wrapping = "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256" | "RSA_AES_KEY_WRAP_SHA_1" | "RSA_AES_KEY_WRAP_SHA_256";

async function newKey(kms: KMSClient, input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: "EXTERNAL", ...input }));
  expect(KeyMetadata).toMatchObject({ KeyState: "PendingImport", Origin: "EXTERNAL" });
  return KeyMetadata?.KeyId ?? "";
}

/** Wraps as a client of AWS KMS does. Source: Developer Guide, "Encrypt the key material". */
function wrap(PublicKey: Uint8Array, algorithm: Wrapping, material: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  const oaepHash = algorithm.endsWith("_1") ? "sha1" : "sha256";
  const seal = (secret: Uint8Array): Buffer =>
    publicEncrypt({ key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING }, secret);
  if (!algorithm.startsWith("RSA_AES")) return seal(material);
  const secret = randomBytes(32);
  const cipher = createCipheriv("id-aes256-wrap-pad", secret, Buffer.from("A65959A6", "hex"));
  return Buffer.concat([seal(secret), cipher.update(material), cipher.final()]);
}

async function parameters(
  kms: KMSClient,
  KeyId: string,
  material: Uint8Array,
  WrappingAlgorithm: Wrapping = "RSAES_OAEP_SHA_256",
): Promise<Pick<ImportKeyMaterialCommandInput, "KeyId" | "ImportToken" | "EncryptedKeyMaterial">> {
  const request = { KeyId, WrappingAlgorithm, WrappingKeySpec: "RSA_2048" as const };
  const { ImportToken, PublicKey } = await kms.send(new GetParametersForImportCommand(request));
  return { KeyId, ImportToken, EncryptedKeyMaterial: wrap(PublicKey ?? new Uint8Array(), WrappingAlgorithm, material) };
}

const forever = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" } as const;

async function importInto(
  kms: KMSClient,
  KeyId: string,
  material: Uint8Array,
  more: Partial<ImportKeyMaterialCommandInput> = forever,
): Promise<string | undefined> {
  const request = { ...(await parameters(kms, KeyId, material)), ...more };
  return (await kms.send(new ImportKeyMaterialCommand(request))).KeyMaterialId;
}

async function metadata(kms: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> {
  return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
}

// Source: AWS KMS API Reference, GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial.
describe("a symmetric key", () => {
  test("works with imported material, is lost with it, and comes back with it", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const material = randomBytes(32);
    const id = await importInto(kms, KeyId, material);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await metadata(kms, KeyId)).toMatchObject({ KeyState: "Enabled", CurrentKeyMaterialId: id, ...forever });
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") }));
    const gone = await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(gone.KeyMaterialId).toBe(id);
    expect((await metadata(kms, KeyId))?.KeyState).toBe("PendingImport");
    const open = new DecryptCommand({ CiphertextBlob });
    expect(await refusalName(kms.send(open))).toBe("KMSInvalidStateException");
    const other = importInto(kms, KeyId, randomBytes(32));
    expect(await refusalName(other)).toBe("IncorrectKeyMaterialException");
    expect(await importInto(kms, KeyId, material)).toBe(id);
    expect((await kms.send(open)).Plaintext).toEqual(bytes("x"));
  });

  test("loses its material when it expires", async () => {
    const time = { now: Date.parse("2030-01-01T00:00:00Z") };
    const kms = clientOf(await start({ clock: () => time.now }));
    const KeyId = await newKey(kms);
    const material = randomBytes(32);
    const ValidTo = new Date(time.now + 10 * dayMs);
    await importInto(kms, KeyId, material, { ValidTo });
    expect(await metadata(kms, KeyId)).toMatchObject({ ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
    time.now += 10 * dayMs - 1;
    expect((await metadata(kms, KeyId))?.KeyState).toBe("Enabled");
    time.now += 1;
    const expired = await metadata(kms, KeyId);
    expect(expired?.KeyState).toBe("PendingImport");
    expect(expired).not.toHaveProperty("ValidTo");
    await importInto(kms, KeyId, material);
    expect((await metadata(kms, KeyId))?.KeyState).toBe("Enabled");
  });

  test.each<[string, Partial<ImportKeyMaterialCommandInput>]>([
    ["no date", {}],
    ["a date in the past", { ValidTo: new Date("2029-12-31T00:00:00Z") }],
    ["a date in more than a year", { ValidTo: new Date("2031-02-01T00:00:00Z") }],
    ["a date for material that doesn't expire", { ...forever, ValidTo: new Date("2030-02-01T00:00:00Z") }],
    ["an id for new material", { ...forever, ImportType: "NEW_KEY_MATERIAL", KeyMaterialId: "a".repeat(64) }],
  ])("refuses %s", async (_title, more) => {
    const kms = clientOf(await start({ clock: () => Date.parse("2030-01-01T00:00:00Z") }));
    const KeyId = await newKey(kms);
    expect(await refusalName(importInto(kms, KeyId, randomBytes(32), more))).toBe("ValidationException");
    expect((await metadata(kms, KeyId))?.KeyState).toBe("PendingImport");
  });

  test("tokens are for one key, for a day, and nobody else's; what doesn't unwrap is refused", async () => {
    const time = { now: Date.parse("2030-01-01T00:00:00Z") };
    const kms = clientOf(await start({ clock: () => time.now }));
    const [KeyId, other] = [await newKey(kms), await newKey(kms)];
    const good = { ...(await parameters(kms, KeyId, randomBytes(32))), ...forever };
    const send = (change: Partial<ImportKeyMaterialCommandInput>): Promise<string> =>
      refusalName(kms.send(new ImportKeyMaterialCommand({ ...good, ...change })));
    expect(await send({ KeyId: other })).toBe("InvalidImportTokenException");
    expect(await send({ ImportToken: bytes("junk") })).toBe("InvalidImportTokenException");
    expect(await send({ EncryptedKeyMaterial: bytes("junk") })).toBe("InvalidCiphertextException");
    const short = await parameters(kms, KeyId, randomBytes(31));
    expect(await send(short)).toBe("IncorrectKeyMaterialException");
    time.now += dayMs;
    expect(await send({})).toBe("ExpiredImportTokenException");
    time.now -= 1;
    expect(await send({})).toBe("none");
    const plain = await kms.send(new CreateKeyCommand({}));
    const ask = new DeleteImportedKeyMaterialCommand({ KeyId: plain.KeyMetadata?.KeyId });
    expect(await refusalName(kms.send(ask))).toBe("UnsupportedOperationException");
  });

  test("rotates on demand to material that was imported before, and keeps the earlier one", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKey(kms);
    const rotate = new RotateKeyOnDemandCommand({ KeyId });
    const first = await importInto(kms, KeyId, randomBytes(32));
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: bytes("old") }));
    expect(await refusalName(kms.send(rotate))).toBe("KMSInvalidStateException");
    const fresh = { ...forever, ImportType: "NEW_KEY_MATERIAL", KeyMaterialDescription: "spring" } as const;
    const second = await importInto(kms, KeyId, randomBytes(32), fresh);
    const list = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" });
    expect((await kms.send(list)).Rotations).toMatchObject([
      { KeyMaterialId: first, KeyMaterialState: "CURRENT", ImportState: "IMPORTED" },
      { KeyMaterialId: second, KeyMaterialState: "PENDING_ROTATION", KeyMaterialDescription: "spring" },
    ]);
    expect((await metadata(kms, KeyId))?.CurrentKeyMaterialId).toBe(first);
    await kms.send(rotate);
    expect((await metadata(kms, KeyId))?.CurrentKeyMaterialId).toBe(second);
    expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).KeyMaterialId).toBe(first);
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: first }));
    expect((await metadata(kms, KeyId))?.KeyState).toBe("PendingImport");
    expect((await kms.send(list)).Rotations).toMatchObject([
      { KeyMaterialId: first, ImportState: "PENDING_IMPORT" },
      { KeyMaterialId: second, ImportState: "IMPORTED", RotationType: "ON_DEMAND" },
    ]);
  });

  test("a replica waits for the same material", async () => {
    const server = await start({ transitionMs: 0 });
    const [here, there] = [clientOf(server), clientOf(server, "AKIDROOT", "us-west-2")];
    const KeyId = await newKey(here, { MultiRegion: true });
    const [material, next] = [randomBytes(32), randomBytes(32)];
    await importInto(here, KeyId, material);
    const { CiphertextBlob } = await here.send(new EncryptCommand({ KeyId, Plaintext: bytes("x") }));
    await here.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }));
    expect((await metadata(there, KeyId))?.KeyState).toBe("PendingImport");
    expect(await refusalName(importInto(there, KeyId, next))).toBe("IncorrectKeyMaterialException");
    await importInto(there, KeyId, material);
    expect((await there.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(bytes("x"));
    const fresh = { ...forever, ImportType: "NEW_KEY_MATERIAL" } as const;
    expect(await refusalName(importInto(there, KeyId, next, fresh))).toBe("UnsupportedOperationException");
    await importInto(here, KeyId, next, fresh);
    const rotate = new RotateKeyOnDemandCommand({ KeyId });
    const list = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" });
    expect((await here.send(list)).Rotations?.at(-1)?.KeyMaterialState).toBe(
      "PENDING_MULTI_REGION_IMPORT_AND_ROTATION",
    );
    expect(await refusalName(here.send(rotate))).toBe("KMSInvalidStateException");
    await importInto(there, KeyId, next);
    expect(await refusalName(here.send(rotate))).toBe("none");
    expect((await metadata(there, KeyId))?.CurrentKeyMaterialId).toBe(
      (await metadata(here, KeyId))?.CurrentKeyMaterialId,
    );
  });
});

test("an imported RSA key signs as itself", async () => {
  const kms = clientOf(await start());
  const KeyId = await newKey(kms, { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = own.privateKey.export({ type: "pkcs8", format: "der" });
  const direct = { KeyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
  expect(await refusalName(kms.send(new GetParametersForImportCommand(direct)))).toBe("UnsupportedOperationException");
  const request = { ...(await parameters(kms, KeyId, der, "RSA_AES_KEY_WRAP_SHA_256")), ...forever };
  expect(await kms.send(new ImportKeyMaterialCommand(request))).not.toHaveProperty("KeyMaterialId");
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  expect(Buffer.from(PublicKey ?? [])).toEqual(own.publicKey.export({ type: "spki", format: "der" }));
  const Message = bytes("m");
  const { Signature } = await kms.send(
    new SignCommand({ KeyId, Message, SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256" }),
  );
  expect(verify("sha256", Message, own.publicKey, Buffer.from(Signature ?? []))).toBe(true);
  const another = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs8",
    format: "der",
  });
  const changed = { ...(await parameters(kms, KeyId, another, "RSA_AES_KEY_WRAP_SHA_1")), ...forever };
  expect(await refusalName(kms.send(new ImportKeyMaterialCommand(changed)))).toBe("IncorrectKeyMaterialException");
});

test("imported curves and HMAC keys fit their spec, or are refused", async () => {
  const kms = clientOf(await start());
  const curve = await newKey(kms, { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const der = (namedCurve: string): Buffer =>
    generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "der" });
  expect(await refusalName(importInto(kms, curve, der("secp256k1")))).toBe("IncorrectKeyMaterialException");
  expect(await refusalName(importInto(kms, curve, bytes("no DER")))).toBe("IncorrectKeyMaterialException");
  await importInto(kms, curve, der("P-256"));
  expect((await metadata(kms, curve))?.KeyState).toBe("Enabled");
  const mac = await newKey(kms, { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const secret = randomBytes(32);
  await importInto(kms, mac, secret);
  const request = { KeyId: mac, Message: bytes("m"), MacAlgorithm: "HMAC_SHA_256" as const };
  const { Mac } = await kms.send(new GenerateMacCommand(request));
  expect(Buffer.from(Mac ?? [])).toEqual(createHmac("sha256", secret).update("m").digest());
});
