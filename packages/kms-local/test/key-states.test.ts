import {
  CreateKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  type KeySpec,
  type KeyUsageType,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
} from "@aws-sdk/client-kms";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { account, clientOf, region, start } from "./client.ts";
import facts from "./key-state-table.json" with { type: "json" };

const signs = new Set(["Sign", "Verify", "GetPublicKey"]);
const macs = new Set(["GenerateMac", "VerifyMac"]);
const encapsulates = new Set(["Encapsulate", "Decapsulate"]);
const multiRegion = new Set(["ReplicateKey", "UpdatePrimaryRegion"]);
const imports = new Set(["GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial"]);

// Operations newer than the table follow the row of their kind.
const use = facts.table.Sign;
const newer: Readonly<Record<string, readonly string[]>> = {
  Encapsulate: use,
  Decapsulate: use,
  DeriveSharedSecret: use,
  ListKeyRotations: facts.table.ListResourceTags.map(() => "ok"),
  RotateKeyOnDemand: ["ok", "fail:1", "fail:3", "fail:5", "fail:7", "fail:14", "ok"],
};

const peer = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "der" });
const encapsulation = { EncapsulationAlgorithm: "ML_KEM" };
const pair = { KeyPairSpec: "ECC_NIST_P256" };

/** A key that the operation is made for. */
function kindFor(operation: string): { KeySpec: KeySpec; KeyUsage: KeyUsageType } {
  if (signs.has(operation)) return { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" };
  if (macs.has(operation)) return { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" };
  if (encapsulates.has(operation)) return { KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" };
  if (operation === "DeriveSharedSecret") return { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" };
  return { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" };
}

const arn = `arn:aws:kms:${region}:${account}:key/`;
const signing = { Message: "eA==", SigningAlgorithm: "ECDSA_SHA_256" };
const mac = { Message: "eA==", MacAlgorithm: "HMAC_SHA_256" };
const noExpiry = "KEY_MATERIAL_DOES_NOT_EXPIRE";
const grantee = { GranteePrincipal: `arn:aws:iam::${account}:role/app`, Operations: ["DescribeKey"] };

/** A request that is right in all but the key's state. */
function requestFor(operation: string, keyId: string): object {
  const KeyId = operation === "RetireGrant" ? `${arn}${keyId}` : keyId;
  const requests: Readonly<Record<string, object>> = {
    CreateAlias: { AliasName: "alias/new", TargetKeyId: KeyId },
    UpdateAlias: { AliasName: "alias/other", TargetKeyId: KeyId },
    DeleteAlias: { AliasName: "alias/this" },
    CreateGrant: { KeyId, ...grantee },
    Decrypt: { KeyId, CiphertextBlob: "eA==" },
    ReEncrypt: { SourceKeyId: KeyId, CiphertextBlob: "eA==", DestinationKeyId: KeyId },
    Encrypt: { KeyId, Plaintext: "eA==" },
    GenerateDataKey: { KeyId, KeySpec: "AES_256" },
    GenerateDataKeyWithoutPlaintext: { KeyId, KeySpec: "AES_256" },
    GenerateMac: { KeyId, ...mac },
    VerifyMac: { KeyId, ...mac, Mac: "eA==" },
    Sign: { KeyId, ...signing },
    Verify: { KeyId, ...signing, Signature: "eA==" },
    PutKeyPolicy: { KeyId, Policy: JSON.stringify(rootPolicy) },
    RetireGrant: { KeyId, GrantId: "a".repeat(64) },
    RevokeGrant: { KeyId, GrantId: "a".repeat(64) },
    TagResource: { KeyId, Tags: [{ TagKey: "a", TagValue: "b" }] },
    UntagResource: { KeyId, TagKeys: ["a"] },
    Encapsulate: { KeyId, ...encapsulation },
    Decapsulate: { KeyId, ...encapsulation, SharedSecretCiphertextBlob: "eA==" },
    DeriveSharedSecret: { KeyId, KeyAgreementAlgorithm: "ECDH", PublicKey: peer.toString("base64") },
    GenerateDataKeyPair: { KeyId, ...pair },
    GenerateDataKeyPairWithoutPlaintext: { KeyId, ...pair },
    GetParametersForImport: { KeyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" },
    ImportKeyMaterial: { KeyId, ImportToken: "eA==", EncryptedKeyMaterial: "eA==", ExpirationModel: noExpiry },
    ReplicateKey: { KeyId, ReplicaRegion: "us-west-2" },
    UpdatePrimaryRegion: { KeyId, PrimaryRegion: "us-east-1" },
    UpdateKeyDescription: { KeyId, Description: "new" },
  };
  return requests[operation] ?? { KeyId };
}

const rootPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "kms:*", Resource: "*" }],
};

/** What the table's cell asks for: null where the state is no obstacle. */
function expected(cell: string, keyArn: string): { type: string; message: RegExp } | null {
  const notes = cell.split(":")[1]?.split(",") ?? [];
  // Note 10: an alias may leave a key that is pending deletion, not come to it.
  if (!cell.startsWith("fail") && !notes.includes("10")) return null;
  const invalidState = (what: string): { type: string; message: RegExp } => ({
    type: "KMSInvalidStateException",
    message: new RegExp(`^${keyArn} is ${what}\\.$`),
  });
  if (notes.includes("1")) return { type: "DisabledException", message: new RegExp(`^${keyArn} is disabled\\.$`) };
  if (notes.includes("8")) return invalidState("pending deletion"); // the key takes imported material
  if (notes.includes("3") || notes.includes("10")) return invalidState("pending deletion");
  if (notes.includes("4")) return invalidState("not pending deletion");
  if (notes.includes("5")) return invalidState("pending import");
  if (notes.includes("11")) return invalidState("unavailable");
  if (notes.includes("14")) return invalidState("creating");
  if (notes.includes("15")) return invalidState("updating");
  const origin = new RegExp(`^${keyArn} origin is (EXTERNAL|AWS_CLOUDHSM) which is not valid for this operation\\.$`);
  return { type: "UnsupportedOperationException", message: origin };
}

/** The outcomes that a request in `requestFor` may have once the state let it pass. */
const past = new Set([
  "",
  "InvalidCiphertextException",
  "InvalidImportTokenException",
  "KMSInvalidSignatureException",
  "KMSInvalidMacException",
]);

interface StoredKey {
  keyId: string;
  state: string;
  origin: string;
  spec: string;
  usage: string;
  materials: unknown[];
  grants: unknown[];
  [member: string]: unknown;
}

interface Base {
  readonly json: string;
  readonly keyId: string;
  readonly otherId: string;
}

const bases = new Map<string, Base>();

/** A state file with two keys that the operation is made for, as the server wrote it; made once. */
async function baseFor(operation: string): Promise<Base> {
  const known = bases.get(operation);
  if (known) return known;
  const path = newFile();
  const server = await start({ stateFile: path, transitionMs: 0 });
  const kms = clientOf(server);
  const kind = kindFor(operation);
  const MultiRegion = multiRegion.has(operation);
  const Origin = imports.has(operation) ? "EXTERNAL" : "AWS_KMS";
  const made = await kms.send(new CreateKeyCommand({ ...kind, MultiRegion, Origin }));
  const other = await kms.send(new CreateKeyCommand(kind));
  if (MultiRegion && operation === "UpdatePrimaryRegion") {
    await kms.send(new ReplicateKeyCommand({ KeyId: made.KeyMetadata?.KeyId, ReplicaRegion: "us-east-1" }));
  }
  await server.close();
  const [keyId = "", otherId = ""] = [made, other].map(({ KeyMetadata }) => KeyMetadata?.KeyId);
  const base = { json: readFileSync(path, "utf8"), keyId, otherId };
  bases.set(operation, base);
  return base;
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "kms-states-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.json");
}

/** A state file whose first key is in the wanted state, made from keys that the server wrote itself. */
async function stateWith(state: string, operation: string): Promise<{ path: string; keyId: string }> {
  const base = await baseFor(operation);
  const path = newFile();
  const kind = kindFor(operation);
  const file = JSON.parse(base.json) as { keys: StoredKey[]; aliases: object[] };
  const key = file.keys.find((each) => each.keyId === base.keyId && each["region"] === region);
  if (!key) throw new RangeError("the key was not kept");
  key.state = state;
  if (state === "PendingImport") Object.assign(key, { origin: "EXTERNAL", materials: [] });
  if (state === "Unavailable" && kind.KeySpec === "SYMMETRIC_DEFAULT") Object.assign(key, { origin: "AWS_CLOUDHSM" });
  if (state === "PendingDeletion") Object.assign(key, { deletion: { date: Date.now() + 86_400_000 } });
  key.grants = [
    {
      id: "a".repeat(64),
      tokens: [],
      grantee: grantee.GranteePrincipal,
      issuingAccount: account,
      operations: ["DescribeKey"],
      createdAt: 0,
    },
  ];
  const alias = { accountId: account, region, createdAt: 0, updatedAt: 0 };
  file.aliases = [
    { ...alias, name: "alias/this", targetKeyId: key.keyId },
    { ...alias, name: "alias/other", targetKeyId: base.otherId },
  ];
  writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
  return { path, keyId: key.keyId };
}

async function post(endpoint: string, operation: string, body: object): Promise<{ type: string; message: string }> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "X-Amz-Target": `TrentService.${operation}`,
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIDROOT/20260101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const { __type: type = "", message = "" } = (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  return answer.ok ? { type: "", message: "" } : { type, message };
}

describe.each(facts.states.map((state, column) => ({ state, column })))("a key that is $state", ({ state, column }) => {
  test.each(Object.entries({ ...facts.table, ...newer }))("%s", async (operation, cells) => {
    const cell = cells[column] ?? "";
    const { path, keyId } = await stateWith(state, operation);
    const server = await start({ stateFile: path });
    const outcome = await post(server.endpoint, operation, requestFor(operation, keyId));
    if (cell !== "n/a") {
      const wanted = expected(cell, `${arn}${keyId}`);
      if (wanted) {
        expect(outcome.type).toBe(wanted.type);
        expect(outcome.message).toMatch(wanted.message);
      } else {
        expect([...past], `${cell}: ${outcome.message}`).toContain(outcome.type);
      }
    }
  });
});

test("an unavailable key stays so when enabled, and a key that's pending import can't rotate", async () => {
  const { path, keyId } = await stateWith("Unavailable", "EnableKey");
  const kms = clientOf(await start({ stateFile: path }));
  await kms.send(new EnableKeyCommand({ KeyId: keyId }));
  const file = JSON.parse(readFileSync(path, "utf8")) as { keys: StoredKey[] };
  expect(file.keys.find((key) => key.keyId === keyId)?.state).toBe("Unavailable");
  const rotation = kms.send(new EnableKeyRotationCommand({ KeyId: keyId }));
  await expect(rotation).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  await kms.send(new PutKeyPolicyCommand({ KeyId: keyId, Policy: JSON.stringify(rootPolicy) }));
});
