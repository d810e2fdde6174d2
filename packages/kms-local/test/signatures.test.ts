import {
  CreateKeyCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  type KMSClient,
  type KeySpec,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { constants, createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bytes, clientOf, refusal, refusalName, start } from "./client.ts";

async function newKey(kms: KMSClient, spec: KeySpec): Promise<{ KeyId: string; publicKey: KeyObject }> {
  const made = await kms.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: "SIGN_VERIFY" }));
  const KeyId = made.KeyMetadata?.Arn ?? "";
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  return { KeyId, publicKey: createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" }) };
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const message = bytes("what is signed");

interface Row {
  readonly spec: KeySpec;
  readonly algorithm: SigningAlgorithmSpec;
  readonly hash: string | null;
  readonly options?: object;
}

const rows: readonly Row[] = [
  { spec: "ECC_NIST_P256", algorithm: "ECDSA_SHA_256", hash: "sha256" },
  { spec: "ECC_NIST_P384", algorithm: "ECDSA_SHA_384", hash: "sha384" },
  { spec: "ECC_NIST_P521", algorithm: "ECDSA_SHA_512", hash: "sha512" },
  { spec: "ECC_SECG_P256K1", algorithm: "ECDSA_SHA_256", hash: "sha256" },
  { spec: "ECC_NIST_EDWARDS25519", algorithm: "ED25519_SHA_512", hash: null },
  { spec: "ML_DSA_44", algorithm: "ML_DSA_SHAKE_256", hash: null },
  { spec: "ML_DSA_65", algorithm: "ML_DSA_SHAKE_256", hash: null },
  { spec: "ML_DSA_87", algorithm: "ML_DSA_SHAKE_256", hash: null },
  { spec: "RSA_2048", algorithm: "RSASSA_PKCS1_V1_5_SHA_256", hash: "sha256" },
  { spec: "RSA_2048", algorithm: "RSASSA_PKCS1_V1_5_SHA_384", hash: "sha384" },
  { spec: "RSA_3072", algorithm: "RSASSA_PKCS1_V1_5_SHA_512", hash: "sha512" },
  { spec: "RSA_2048", algorithm: "RSASSA_PSS_SHA_256", hash: "sha256", options: pss },
  { spec: "RSA_2048", algorithm: "RSASSA_PSS_SHA_384", hash: "sha384", options: pss },
  { spec: "RSA_3072", algorithm: "RSASSA_PSS_SHA_512", hash: "sha512", options: pss },
];

describe.each(rows)("$spec with $algorithm", ({ spec, algorithm, hash, options }) => {
  const check = (key: KeyObject, signature: Uint8Array, over: Uint8Array = message): boolean =>
    verify(hash, over, { key, ...options }, signature);

  test("RAW: node:crypto accepts the signature, and not for another message", async () => {
    const kms = clientOf(await start());
    const { KeyId, publicKey } = await newKey(kms, spec);
    const signed = await kms.send(new SignCommand({ KeyId, Message: message, SigningAlgorithm: algorithm }));
    const signature = signed.Signature ?? new Uint8Array();
    expect(signed).toMatchObject({ KeyId, SigningAlgorithm: algorithm });
    expect(check(publicKey, signature)).toBe(true);
    expect(check(publicKey, signature, bytes("another"))).toBe(false);
    const ask = { KeyId, SigningAlgorithm: algorithm, Signature: signature };
    const verified = await kms.send(new VerifyCommand({ ...ask, Message: message }));
    expect(verified).toMatchObject({ KeyId, SignatureValid: true, SigningAlgorithm: algorithm });
    const invalid = { name: "KMSInvalidSignatureException", message: "" };
    expect(await refusal(kms.send(new VerifyCommand({ ...ask, Message: bytes("another") })))).toEqual(invalid);
    const junk = new VerifyCommand({ ...ask, Message: message, Signature: bytes("junk") });
    expect(await refusal(kms.send(junk))).toEqual(invalid);
  });
});

const hashed = rows.flatMap((row) => (row.hash === null ? [] : [{ ...row, hash: row.hash }]));

describe.each(hashed)("$spec with $algorithm", ({ spec, algorithm, hash, options }) => {
  const check = (key: KeyObject, signature: Uint8Array, over: Uint8Array = message): boolean =>
    verify(hash, over, { key, ...options }, signature);

  test("DIGEST: signed as it is, not hashed again", async () => {
    const kms = clientOf(await start());
    const { KeyId, publicKey } = await newKey(kms, spec);
    const digest = createHash(hash).update(message).digest();
    const ask = { KeyId, Message: digest, MessageType: "DIGEST", SigningAlgorithm: algorithm } as const;
    const { Signature = new Uint8Array() } = await kms.send(new SignCommand(ask));
    expect(check(publicKey, Signature)).toBe(true);
    expect(check(publicKey, Signature, digest)).toBe(false);
    // What was signed over the message verifies over its digest, and the other way round.
    const raw = await kms.send(new SignCommand({ KeyId, Message: message, SigningAlgorithm: algorithm }));
    expect(await refusalName(kms.send(new VerifyCommand({ ...ask, Signature: raw.Signature })))).toBe("none");
    const again = new VerifyCommand({ KeyId, Message: message, SigningAlgorithm: algorithm, Signature });
    expect(await refusalName(kms.send(again))).toBe("none");
    for (let i = 0; i < Signature.length; i += 7) {
      const changed = Uint8Array.from(Signature, (byte, j) => (i === j ? byte ^ 0x40 : byte));
      const bad = new VerifyCommand({ ...ask, Signature: changed });
      expect(await refusalName(kms.send(bad)), `byte ${i}`).toBe("KMSInvalidSignatureException");
    }
    const short = new SignCommand({ ...ask, Message: digest.subarray(1) });
    expect(await refusal(kms.send(short))).toEqual({
      name: "ValidationException",
      message: `Digest is invalid length for algorithm ${algorithm}.`,
    });
  });
});

test("PSS with another salt length is no signature, over the message or its digest", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kms-pss-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, "state.json");
  const kms = clientOf(await start({ stateFile }));
  const { KeyId } = await newKey(kms, "RSA_2048");
  const { keys } = JSON.parse(readFileSync(stateFile, "utf8")) as { keys: { materials: { secret: string }[] }[] };
  const der = Buffer.from(keys[0]?.materials[0]?.secret ?? "", "base64");
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const digest = createHash("sha256").update(message).digest();
  for (const [saltLength, name] of [
    [32, "none"],
    [20, "KMSInvalidSignatureException"],
    [0, "KMSInvalidSignatureException"],
  ] as const) {
    const Signature = sign("sha256", message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
    const ask = { KeyId, Signature, SigningAlgorithm: "RSASSA_PSS_SHA_256" } as const;
    expect(await refusalName(kms.send(new VerifyCommand({ ...ask, Message: message }))), `RAW ${saltLength}`).toBe(
      name,
    );
    const over = new VerifyCommand({ ...ask, Message: digest, MessageType: "DIGEST" });
    expect(await refusalName(kms.send(over)), `DIGEST ${saltLength}`).toBe(name);
  }
});

describe("ML-DSA over an external mu", () => {
  test.each(["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"] as const)(
    "%s: equals the signature over the message",
    async (spec) => {
      const kms = clientOf(await start());
      const { KeyId, publicKey } = await newKey(kms, spec);
      // Source: FIPS 204 algorithms 2 and 7: mu = H(H(pk, 64) || 0 || |ctx| || ctx || M, 64)
      const raw = Buffer.from(publicKey.export({ format: "jwk" }).pub as string, "base64url");
      const shake = (...parts: Uint8Array[]): Buffer =>
        createHash("shake256", { outputLength: 64 }).update(Buffer.concat(parts)).digest();
      const mu = shake(shake(raw), Buffer.of(0, 0), message);
      const ask = { KeyId, Message: mu, MessageType: "EXTERNAL_MU", SigningAlgorithm: "ML_DSA_SHAKE_256" } as const;
      const { Signature = new Uint8Array() } = await kms.send(new SignCommand(ask));
      expect(verify(null, message, publicKey, Signature)).toBe(true);
      expect(verify(null, mu, publicKey, Signature)).toBe(false);
      const native = await kms.send(new SignCommand({ ...ask, Message: message, MessageType: "RAW" }));
      expect(await refusalName(kms.send(new VerifyCommand({ ...ask, Signature: native.Signature })))).toBe("none");
      const other = new VerifyCommand({ ...ask, Message: shake(mu), Signature: native.Signature });
      expect(await refusalName(kms.send(other))).toBe("KMSInvalidSignatureException");
      const short = new SignCommand({ ...ask, Message: mu.subarray(1) });
      expect(await refusalName(kms.send(short))).toBe("ValidationException");
    },
  );
});

test("what node:crypto signs, Verify accepts only from the right key", async () => {
  const kms = clientOf(await start());
  const { KeyId } = await newKey(kms, "ECC_NIST_P256");
  const foreign = (await import("node:crypto")).generateKeyPairSync("ec", { namedCurve: "P-256" });
  const Signature = sign("sha256", message, foreign.privateKey);
  const ask = new VerifyCommand({ KeyId, Message: message, SigningAlgorithm: "ECDSA_SHA_256", Signature });
  expect(await refusalName(kms.send(ask))).toBe("KMSInvalidSignatureException");
});

test.each<[KeySpec, SigningAlgorithmSpec, MessageType, string]>([
  ["ECC_NIST_P256", "ECDSA_SHA_384", "RAW", "InvalidKeyUsageException"],
  ["ECC_NIST_P256", "ML_DSA_SHAKE_256", "RAW", "InvalidKeyUsageException"],
  ["ECC_NIST_P256", "ECDSA_SHA_256", "EXTERNAL_MU", "ValidationException"],
  ["ML_DSA_65", "ML_DSA_SHAKE_256", "DIGEST", "ValidationException"],
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "DIGEST", "ValidationException"],
  ["ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "DIGEST", "UnsupportedOperationException"],
])("%s with %s over %s is %s", async (spec, SigningAlgorithm, MessageType, name) => {
  const kms = clientOf(await start());
  const { KeyId } = await newKey(kms, spec);
  const request = new SignCommand({ KeyId, Message: new Uint8Array(64), MessageType, SigningAlgorithm });
  expect(await refusalName(kms.send(request))).toBe(name);
});

test("messages have 1 to 4096 bytes, keys for encryption don't sign, DryRun doesn't either", async () => {
  const kms = clientOf(await start());
  const { KeyId } = await newKey(kms, "ECC_NIST_P256");
  const ask = (size: number, more: object = {}): Promise<unknown> =>
    kms.send(new SignCommand({ KeyId, Message: new Uint8Array(size), SigningAlgorithm: "ECDSA_SHA_256", ...more }));
  expect(await refusalName(ask(4096))).toBe("none");
  expect(await refusalName(ask(4097))).toBe("ValidationException");
  expect(await refusalName(ask(0))).toBe("ValidationException");
  expect(await refusalName(ask(1, { DryRun: true }))).toBe("DryRunOperationException");
  const symmetric = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
  expect(await refusal(ask(1, { KeyId: symmetric }))).toEqual({
    name: "InvalidKeyUsageException",
    message: `${symmetric} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
  });
  const publicKey = kms.send(new GetPublicKeyCommand({ KeyId: symmetric }));
  expect(await refusalName(publicKey)).toBe("UnsupportedOperationException");
});

test.each(["HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"] as const)("%s makes and checks codes", async (spec) => {
  const kms = clientOf(await start());
  const made = await kms.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: "GENERATE_VERIFY_MAC" }));
  const KeyId = made.KeyMetadata?.Arn ?? "";
  const MacAlgorithm = spec.replace("HMAC_", "HMAC_SHA_") as "HMAC_SHA_256";
  const { Mac } = await kms.send(new GenerateMacCommand({ KeyId, Message: message, MacAlgorithm }));
  expect(Mac).toHaveLength(Number(spec.slice(5)) / 8);
  const verified = await kms.send(new VerifyMacCommand({ KeyId, Message: message, MacAlgorithm, Mac }));
  expect(verified.MacValid).toBe(true);
  const wrong = new VerifyMacCommand({ KeyId, Message: bytes("another"), MacAlgorithm, Mac });
  expect(await refusal(kms.send(wrong))).toEqual({ name: "KMSInvalidMacException", message: "" });
});
