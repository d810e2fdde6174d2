import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecapsulateCommand,
  DecryptCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  EncapsulateCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GetPublicKeyCommand,
  type KMSClient,
  type KeySpec,
  SignCommand,
} from "@aws-sdk/client-kms";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ml_kem512, ml_kem768, ml_kem1024 } from "@noble/post-quantum/ml-kem.js";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { account, bytes, clientOf, refusal, refusalName, region, start } from "./client.ts";

const EncapsulationAlgorithm = "ML_KEM" as const;
const KeyAgreementAlgorithm = "ECDH" as const;

async function newKem(kms: KMSClient, KeySpec: KeySpec): Promise<string> {
  const made = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: "ENCAPSULATE_DECAPSULATE" }));
  return made.KeyMetadata?.KeyId ?? "";
}

async function publicKeyOf(kms: KMSClient, KeyId: string): Promise<KeyObject> {
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
}

function newState(): string {
  const folder = mkdtempSync(join(tmpdir(), "kms-secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.json");
}

/** The private key as the state file holds it: a test key, taken out to check the server from outside. */
function storedKey(path: string): KeyObject {
  const file = JSON.parse(readFileSync(path, "utf8")) as { keys: { materials: { secret: string }[] }[] };
  const secret = file.keys[0]?.materials[0]?.secret ?? "";
  return createPrivateKey({ key: Buffer.from(secret, "base64"), format: "der", type: "pkcs8" });
}

// Source: AWS KMS API Reference, Encapsulate and Decapsulate; FIPS 203.
describe.each([
  ["ML_KEM_512", 768, ml_kem512],
  ["ML_KEM_768", 1088, ml_kem768],
  ["ML_KEM_1024", 1568, ml_kem1024],
] as const)("%s", (spec, size, lattice) => {
  test("what KMS encapsulates opens in KMS, and outside with the same key", async () => {
    const stateFile = newState();
    const kms = clientOf(await start({ stateFile }));
    const KeyId = await newKem(kms, spec);
    const sent = await kms.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }));
    const { SharedSecretCiphertextBlob, SharedSecret } = sent;
    const KeyArn = `arn:aws:kms:${region}:${account}:key/${KeyId}`;
    expect(sent).toMatchObject({ KeyId: KeyArn, EncapsulationAlgorithm });
    expect(SharedSecretCiphertextBlob).toHaveLength(size);
    expect(SharedSecret).toHaveLength(32);
    const request = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob };
    const opened = await kms.send(new DecapsulateCommand(request));
    expect(opened).toMatchObject({ KeyId: KeyArn, EncapsulationAlgorithm, SharedSecret });
    const outside = decapsulate(storedKey(stateFile), Buffer.from(SharedSecretCiphertextBlob ?? []));
    expect(outside).toEqual(Buffer.from(SharedSecret ?? []));
    const again = await kms.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }));
    expect(again.SharedSecret).not.toEqual(SharedSecret); // control: secrets differ
  });

  test("what node and noble encapsulate to the public key opens in KMS", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKem(kms, spec);
    const publicKey = await publicKeyOf(kms, KeyId);
    const raw = Buffer.from(publicKey.export({ format: "jwk" })["pub"] as string, "base64url");
    const { sharedKey, ciphertext } = encapsulate(publicKey);
    const noble = lattice.encapsulate(raw);
    for (const [secret, blob] of [
      [sharedKey, ciphertext],
      [noble.sharedSecret, noble.cipherText],
    ] as const) {
      const request = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: blob };
      const opened = await kms.send(new DecapsulateCommand(request));
      expect(Buffer.from(opened.SharedSecret ?? [])).toEqual(Buffer.from(secret));
    }
  });

  test("a changed or foreign ciphertext gives a stable wrong secret, never an error; a wrong length is refused", async () => {
    const kms = clientOf(await start());
    const KeyId = await newKem(kms, spec);
    const { SharedSecret, SharedSecretCiphertextBlob = new Uint8Array() } = await kms.send(
      new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }),
    );
    const open = async (blob: Uint8Array): Promise<Uint8Array | undefined> => {
      const request = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: blob };
      return (await kms.send(new DecapsulateCommand(request))).SharedSecret;
    };
    const position = fc.nat({ max: size * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(position, async (bit) => {
        const changed = Uint8Array.from(SharedSecretCiphertextBlob);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const wrong = await open(changed);
        expect(wrong).toHaveLength(32);
        expect(wrong).not.toEqual(SharedSecret);
        expect(await open(changed)).toEqual(wrong);
      }),
      { numRuns: 10 },
    );
    expect(await open(SharedSecretCiphertextBlob)).toEqual(SharedSecret); // control
    const short = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: SharedSecretCiphertextBlob.slice(1) };
    const refused = await refusal(kms.send(new DecapsulateCommand(short)));
    expect(refused).toEqual({ name: "InvalidCiphertextException", message: "" });
  });
});

test("an ML-KEM key is described by its algorithm, does nothing else, and answers a dry run", async () => {
  const kms = clientOf(await start());
  const KeyId = await newKem(kms, "ML_KEM_768");
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata).toMatchObject({
    KeySpec: "ML_KEM_768",
    KeyUsage: "ENCAPSULATE_DECAPSULATE",
    EncapsulationAlgorithms: ["ML_KEM"],
  });
  expect(KeyMetadata).not.toHaveProperty("CurrentKeyMaterialId");
  const sign = new SignCommand({ KeyId, Message: bytes("x"), SigningAlgorithm: "ML_DSA_SHAKE_256" });
  expect(await refusalName(kms.send(sign))).toBe("InvalidKeyUsageException");
  const dry = new EncapsulateCommand({ KeyId, EncapsulationAlgorithm, DryRun: true });
  expect(await refusalName(kms.send(dry))).toBe("DryRunOperationException");
  const wrong = new CreateKeyCommand({ KeySpec: "ML_KEM_768", KeyUsage: "SIGN_VERIFY" });
  expect(await refusalName(kms.send(wrong))).toBe("ValidationException");
  const symmetric = await kms.send(new CreateKeyCommand({}));
  const misuse = new EncapsulateCommand({ KeyId: symmetric.KeyMetadata?.KeyId, EncapsulationAlgorithm });
  expect(await refusalName(kms.send(misuse))).toBe("InvalidKeyUsageException");
});

test("a grant allows decapsulation and nothing beside it", async () => {
  const arn = `arn:aws:iam::${account}:user/kem`;
  const principals = {
    AKIDROOT: { accountId: account, arn: `arn:aws:iam::${account}:root` },
    AKIDKEM: { accountId: account, arn, identityPolicies: [] },
  };
  const server = await start({ principals, grantDelayMs: 0 });
  const [root, user] = [clientOf(server), clientOf(server, "AKIDKEM")];
  const KeyId = await newKem(root, "ML_KEM_512");
  const { SharedSecretCiphertextBlob } = await root.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }));
  const request = new DecapsulateCommand({ KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob });
  expect(await refusalName(user.send(request))).toBe("AccessDeniedException");
  await root.send(new CreateGrantCommand({ KeyId, GranteePrincipal: arn, Operations: ["Decapsulate"] }));
  expect(await refusalName(user.send(request))).toBe("none");
  expect(await refusalName(user.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm })))).toBe(
    "AccessDeniedException",
  );
});

// Source: AWS KMS API Reference, DeriveSharedSecret.
test.each([
  ["ECC_NIST_P256", "P-256"],
  ["ECC_NIST_P384", "P-384"],
  ["ECC_NIST_P521", "P-521"],
] as const)("%s: both sides of an agreement derive one secret", async (KeySpec, namedCurve) => {
  const kms = clientOf(await start());
  const made = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: "KEY_AGREEMENT" }));
  expect(made.KeyMetadata).toMatchObject({ KeyAgreementAlgorithms: ["ECDH"] });
  const KeyId = made.KeyMetadata?.KeyId ?? "";
  const peer = generateKeyPairSync("ec", { namedCurve });
  const PublicKey = peer.publicKey.export({ type: "spki", format: "der" });
  const derived = await kms.send(new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm, PublicKey }));
  expect(derived).toMatchObject({ KeyId: made.KeyMetadata?.Arn, KeyAgreementAlgorithm, KeyOrigin: "AWS_KMS" });
  const publicKey = await publicKeyOf(kms, KeyId);
  const own = diffieHellman({ privateKey: peer.privateKey, publicKey });
  expect(Buffer.from(derived.SharedSecret ?? [])).toEqual(own);
  const other = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey;
  const foreign = other.export({ type: "spki", format: "der" });
  for (const key of [foreign, bytes("junk")]) {
    const request = new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm, PublicKey: key });
    expect(await refusalName(kms.send(request))).toBe("ValidationException");
  }
});

test("a signing key makes no agreements", async () => {
  const kms = clientOf(await start());
  const made = await kms.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }));
  const peer = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
  const KeyId = made.KeyMetadata?.KeyId;
  const request = new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm, PublicKey: peer });
  expect(await refusalName(kms.send(request))).toBe("InvalidKeyUsageException");
});

// Source: AWS KMS API Reference, GenerateDataKeyPair.
test.each([
  ["RSA_2048", "rsa"],
  ["ECC_NIST_P256", "ec"],
  ["ECC_SECG_P256K1", "ec"],
  ["ECC_NIST_EDWARDS25519", "ed25519"],
  ["ML_KEM_512", "ml-kem-512"],
  ["ML_KEM_768", "ml-kem-768"],
  ["ML_KEM_1024", "ml-kem-1024"],
] as const)("a data key pair of %s opens under its context alone", async (KeyPairSpec, type) => {
  const kms = clientOf(await start());
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  const EncryptionContext = { a: "bc" };
  const pair = await kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec, EncryptionContext }));
  expect(pair).toMatchObject({
    KeyId: KeyMetadata?.Arn,
    KeyPairSpec,
    KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
  });
  const privateKey = createPrivateKey({
    key: Buffer.from(pair.PrivateKeyPlaintext ?? []),
    format: "der",
    type: "pkcs8",
  });
  expect(privateKey.asymmetricKeyType).toBe(type);
  // AWS gives the seed alone, so that all ML-KEM private keys have one length.
  if (type.startsWith("ml-kem")) expect(pair.PrivateKeyPlaintext).toHaveLength(86);
  expect(createPublicKey(privateKey).export({ type: "spki", format: "der" })).toEqual(
    Buffer.from(pair.PublicKey ?? []),
  );
  const CiphertextBlob = pair.PrivateKeyCiphertextBlob;
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext);
  const other = new DecryptCommand({ CiphertextBlob, EncryptionContext: { ab: "c" } });
  expect(await refusalName(kms.send(other))).toBe("InvalidCiphertextException");
  const without = await kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec }));
  expect(without).not.toHaveProperty("PrivateKeyPlaintext");
  const digest = (key: Uint8Array | undefined): string =>
    createHash("sha256")
      .update(key ?? "")
      .digest("hex");
  expect(digest(without.PublicKey)).not.toBe(digest(pair.PublicKey));
});

test("data key pairs want a symmetric key outside of custom key stores, and a spec that's here", async () => {
  const kms = clientOf(await start());
  const KeyPairSpec = "ECC_NIST_P256" as const;
  const signer = await kms.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }));
  const store = await kms.send(new CreateKeyCommand({ Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-1" }));
  const plain = await kms.send(new CreateKeyCommand({}));
  const ask = (KeyId: string | undefined, spec: "ECC_NIST_P256" | "SM2", DryRun = false): Promise<string> =>
    refusalName(kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: spec, DryRun })));
  expect(await ask(signer.KeyMetadata?.KeyId, KeyPairSpec)).toBe("InvalidKeyUsageException");
  expect(await ask(store.KeyMetadata?.KeyId, KeyPairSpec)).toBe("UnsupportedOperationException");
  expect(await ask(plain.KeyMetadata?.KeyId, "SM2")).toBe("UnsupportedOperationException");
  expect(await ask(plain.KeyMetadata?.KeyId, KeyPairSpec, true)).toBe("DryRunOperationException");
  expect(await ask(plain.KeyMetadata?.KeyId, KeyPairSpec)).toBe("none");
});
