import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type KMSClient,
  type KeySpec,
  type KeyUsageType,
  ListGrantsCommand,
  ListKeysCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  ListResourceTagsCommand,
  VerifyCommand,
} from "@aws-sdk/client-kms";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StateFileError, startKms } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { account, bytes, clientOf, refusalName, start } from "./client.ts";

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kms-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function newKey(kms: KMSClient, KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> {
  return (await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }))).KeyMetadata?.Arn ?? "";
}

test("everything survives a restart", async () => {
  const stateFile = join(newFolder(), "state.json");
  const one = await start({ stateFile });
  const before = clientOf(one);
  const KeyId = await newKey(before, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
  const sealed = await before.send(
    new EncryptCommand({ KeyId, Plaintext: bytes("kept"), EncryptionContext: { a: "1" } }),
  );
  await before.send(new RotateKeyOnDemandCommand({ KeyId }));
  await before.send(new CreateAliasCommand({ AliasName: "alias/kept", TargetKeyId: KeyId }));
  const Tags = [{ TagKey: "__proto__", TagValue: "x" }];
  await before.send(new TagResourceCommand({ KeyId, Tags }));
  const GranteePrincipal = `arn:aws:iam::${account}:role/a`;
  const Constraints = { EncryptionContextSubset: { a: "1" } };
  const grant = { KeyId, GranteePrincipal, Operations: ["Decrypt" as const], Constraints, Name: "n" };
  const { GrantId } = await before.send(new CreateGrantCommand(grant));
  const signers = [
    ["ECC_NIST_P384", "ECDSA_SHA_384"],
    ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512"],
    ["ML_DSA_65", "ML_DSA_SHAKE_256"],
    ["RSA_2048", "RSASSA_PSS_SHA_256"],
  ] as const;
  const Message = bytes("signed before");
  const signed = [];
  for (const [spec, SigningAlgorithm] of signers) {
    const signer = await newKey(before, spec, "SIGN_VERIFY");
    const { Signature } = await before.send(new SignCommand({ KeyId: signer, Message, SigningAlgorithm }));
    signed.push({ KeyId: signer, Message, SigningAlgorithm, Signature });
  }
  const doomed = await newKey(before, "HMAC_256", "GENERATE_VERIFY_MAC");
  await before.send(new ScheduleKeyDeletionCommand({ KeyId: doomed }));
  const described = await before.send(new DescribeKeyCommand({ KeyId: "alias/kept" }));
  await one.close();

  const after = clientOf(await start({ stateFile, grantDelayMs: 0 }));
  expect((await after.send(new DescribeKeyCommand({ KeyId: "alias/kept" }))).KeyMetadata).toEqual(
    described.KeyMetadata,
  );
  const { CiphertextBlob } = sealed;
  const opened = await after.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: "1" } }));
  expect(opened.Plaintext).toEqual(bytes("kept"));
  for (const each of signed) expect(await refusalName(after.send(new VerifyCommand(each)))).toBe("none");
  expect((await after.send(new ListGrantsCommand({ KeyId }))).Grants).toMatchObject([
    { GrantId, Constraints, Name: "n" },
  ]);
  expect((await after.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual(Tags);
  expect((await after.send(new DescribeKeyCommand({ KeyId: doomed }))).KeyMetadata?.KeyState).toBe("PendingDeletion");
});

test("the file is 0600, whole, versioned, alone, and there before the answer", async () => {
  const folder = newFolder();
  const stateFile = join(folder, "state.json");
  const kms = clientOf(await start({ stateFile }));
  expect(existsSync(stateFile)).toBe(false);
  for (let i = 1; i <= 3; i++) {
    await newKey(kms, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
    const file = JSON.parse(readFileSync(stateFile, "utf8")) as { version: number; keys: unknown[] };
    expect(file).toMatchObject({ format: "kms-local", version: 1 });
    expect(file.keys).toHaveLength(i);
  }
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

test("a change that can't be kept is refused and undone", async () => {
  const folder = newFolder();
  const stateFile = join(folder, "state.json");
  const kms = clientOf(await start({ stateFile }));
  await newKey(kms, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT");
  const content = readFileSync(stateFile, "utf8");
  writeFileSync(stateFile, `${content} `); // another process wrote
  const warnings: unknown[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  expect(await refusalName(kms.send(new CreateKeyCommand({})))).toBe("KMSInternalException");
  expect((await kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  expect(readFileSync(stateFile, "utf8")).toBe(`${content} `);
  expect(warnings).toEqual([`state file \`${stateFile}\` was changed by another process`]);
});

test.each<[string, StateFileError["code"], string, number]>([
  ["is no JSON", "state-file-malformed", "{", 0o600],
  ["is empty", "state-file-malformed", "", 0o600],
  ["is null", "state-file-malformed", "null", 0o600],
  ["has another version", "state-file-malformed", '{"format":"kms-local","version":2,"keys":[],"aliases":[]}', 0o600],
  ["has half a key", "state-file-malformed", '{"format":"kms-local","version":1,"keys":[{}],"aliases":[]}', 0o600],
  ["is open to others", "state-file-exposed", '{"format":"kms-local","version":1,"keys":[],"aliases":[]}', 0o644],
])("a file that %s is refused and left alone", async (_title, code, content, mode) => {
  const stateFile = join(newFolder(), "state.json");
  writeFileSync(stateFile, content);
  chmodSync(stateFile, mode);
  await expect(startKms({ stateFile })).rejects.toThrow(StateFileError);
  await expect(startKms({ stateFile })).rejects.toMatchObject({ code });
  expect(readFileSync(stateFile, "utf8")).toBe(content);
});

test("a folder is no state file, and an empty state is one", async () => {
  const folder = newFolder();
  await expect(startKms({ stateFile: folder })).rejects.toMatchObject({ code: "state-file-unreadable" });
  const stateFile = join(folder, "state.json");
  writeFileSync(stateFile, '{"format":"kms-local","version":1,"keys":[],"aliases":[]}', { mode: 0o600 });
  expect((await clientOf(await start({ stateFile })).send(new ListKeysCommand({}))).Keys).toEqual([]);
});
