// The classic exercise, by the AWS CLI of the system (Debian's `awscli`, for one) instead of the SDK.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KmsServer } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { account, region, start } from "./client.ts";

const run = promisify(execFile);
const found = spawnSync("aws", ["--version"], { encoding: "utf8" });
const missing = found.error !== undefined || found.status !== 0;

const user = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
const principals = {
  AKIDADMIN: { accountId: account, arn: user("admin") },
  AKIDAPP: { accountId: account, arn: user("app"), identityPolicies: [] },
  AKIDSERVICE: { accountId: account, arn: user("service"), viaService: `s3.${region}.amazonaws.com` },
};

const administration = [
  "Create",
  "Describe",
  "Enable",
  "Disable",
  "Get",
  "List",
  "Put",
  "Schedule",
  "Cancel",
  "Update",
];
const policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: user("admin") },
      Action: administration.map((verb) => `kms:${verb}*`),
      Resource: "*",
    },
    {
      Effect: "Allow",
      Principal: { AWS: user("app") },
      Action: ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:app": "orders" } },
    },
    {
      Effect: "Allow",
      Principal: { AWS: user("service") },
      Action: "kms:Encrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ],
};

interface Outcome {
  readonly json: Record<string, unknown>;
  /** The error's name, or empty. */
  readonly error: string;
}

/** One command as one principal, with nothing of the machine's own configuration. */
async function aws(server: KmsServer, accessKeyId: string, ...words: string[]): Promise<Outcome> {
  const env = {
    PATH: process.env["PATH"],
    HOME: tmpdir(),
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_DEFAULT_REGION: region,
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
  };
  const given = ["--endpoint-url", server.endpoint, "--output", "json", "kms", ...words];
  try {
    const { stdout } = await run("aws", given, { env });
    return { json: (stdout.trim() === "" ? {} : JSON.parse(stdout)) as Record<string, unknown>, error: "" };
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    return { json: {}, error: /An error occurred \((\w+)\)/.exec(stderr)?.[1] ?? stderr };
  }
}

/** Rotation every 180 days; Debian 12's CLI is older than that choice, and knows only of every year. */
async function rotate(
  as: (who: string, ...words: string[]) => Promise<Outcome>,
  key: readonly string[],
): Promise<Record<string, unknown>> {
  const enable = ["enable-key-rotation", ...key];
  const custom = await as("AKIDADMIN", ...enable, "--rotation-period-in-days", "180");
  const old = custom.error.includes("Unknown options");
  if (old) await as("AKIDADMIN", ...enable);
  const { json } = await as("AKIDADMIN", "get-key-rotation-status", ...key);
  if (!old) expect(json).toMatchObject({ RotationPeriodInDays: 180 });
  return json;
}

test("roles apart, rotation, contexts, services, disabling and deletion, by the AWS CLI", async (context) => {
  if (missing) context.skip("the command aws is not installed (Debian: apt-get install awscli)");
  const folder = mkdtempSync(join(tmpdir(), "kms-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const secretAccessKeys = { AKIDADMIN: "secret", AKIDAPP: "secret", AKIDSERVICE: "secret" };
  const server = await start({ principals, secretAccessKeys });
  const as = (who: string, ...words: string[]): Promise<Outcome> => aws(server, who, ...words);

  const made = await as("AKIDADMIN", "create-key", "--policy", JSON.stringify(policy), "--description", "orders");
  const { KeyId = "" } = made.json["KeyMetadata"] as { KeyId?: string };
  expect(KeyId).toMatch(/^[0-9a-f-]{36}$/);
  const key = ["--key-id", KeyId];
  const plain = join(folder, "plain");
  const sealed = join(folder, "sealed");
  writeFileSync(plain, "text");

  const orders = ["--encryption-context", "app=orders"];
  const dataKey = ["generate-data-key", ...key, "--key-spec", "AES_256"];
  const [adminUses, rotation, made32, otherContext, service, strange] = await Promise.all([
    as("AKIDADMIN", ...dataKey, ...orders),
    rotate(as, key),
    as("AKIDAPP", ...dataKey, ...orders),
    as("AKIDAPP", ...dataKey, "--encryption-context", "app=other"),
    as("AKIDSERVICE", "encrypt", ...key, "--plaintext", `fileb://${plain}`),
    as("AKIDAPP", "disable-key", ...key),
  ]);
  expect(adminUses.error).toBe("AccessDeniedException");
  expect(rotation).toMatchObject({ KeyRotationEnabled: true });
  expect(made32.error).toBe("");
  expect(otherContext.error).toBe("AccessDeniedException");
  expect(service.error).toBe("");
  expect(strange.error).toBe("AccessDeniedException");

  writeFileSync(sealed, Buffer.from(String(made32.json["CiphertextBlob"]), "base64"));
  const open = ["decrypt", ...key, "--ciphertext-blob", `fileb://${sealed}`];
  const [right, mismatch] = await Promise.all([
    as("AKIDAPP", ...open, ...orders),
    as("AKIDAPP", ...open, "--encryption-context", "app=orders,more=1"),
  ]);
  expect(right.json["Plaintext"]).toBe(made32.json["Plaintext"]);
  expect(mismatch.error).toBe("InvalidCiphertextException");
  expect(readFileSync(sealed, "utf8")).not.toContain(String(made32.json["Plaintext"]));

  expect((await as("AKIDADMIN", "disable-key", ...key)).error).toBe("");
  expect((await as("AKIDAPP", ...open, ...orders)).error).toBe("DisabledException");
  const deletion = await as("AKIDADMIN", "schedule-key-deletion", ...key, "--pending-window-in-days", "7");
  expect(deletion.json).toMatchObject({ KeyState: "PendingDeletion", PendingWindowInDays: 7 });
  expect((await as("AKIDAPP", ...open, ...orders)).error).toBe("KMSInvalidStateException");
});
