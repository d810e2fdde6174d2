// The authority: makes the KMS keys, signs the policies and the trust policy. Later it signs a stricter trust policy.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { KeySpec } from "@aws-sdk/client-kms";
import { custodySigner, describeSigner, parseTrust, signPolicy, signTrust } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { createEvaluator } from "@writ/evaluator";
import { account, callerArn, dataKey, layout, resultsKey, rootKey, signers, urns } from "./cast.ts";
import type { Caller, SignerPlan } from "./cast.ts";
import { expect, play, stopwatch } from "./expectation.ts";
import { licencePolicy, releasePolicy } from "./licence.ts";
import { grouped, heading, print, short, table } from "./screen.ts";

const [, , folder = "", command = ""] = process.argv;
const files = layout(folder);
const lap = stopwatch("authority", files.steps);
const day = 86_400_000;
const plans: readonly SignerPlan[] = Object.values(signers);

interface KeyPlan {
  readonly alias: string;
  readonly spec: KeySpec;
  readonly uses: readonly { readonly caller: Caller; readonly actions: readonly string[] }[];
}

const keyPlans: readonly KeyPlan[] = [
  {
    alias: dataKey,
    spec: "SYMMETRIC_DEFAULT",
    uses: [
      { caller: "producer", actions: ["kms:GenerateDataKey"] },
      { caller: "consumer", actions: ["kms:Decrypt"] },
    ],
  },
  {
    alias: resultsKey,
    spec: "SYMMETRIC_DEFAULT",
    uses: [{ caller: "consumer", actions: ["kms:GenerateDataKey", "kms:Decrypt"] }],
  },
  { alias: rootKey.alias, spec: rootKey.spec, uses: [{ caller: "authority", actions: ["kms:Sign"] }] },
  ...plans.flatMap(({ keys, caller }) =>
    keys.map(({ alias, spec }): KeyPlan => ({ alias, spec, uses: [{ caller, actions: ["kms:Sign"] }] })),
  ),
];

/** Administrators apart from users; a symmetric key serves only requests whose context names the policies in force. */
function keyPolicy({ spec, uses }: KeyPlan): string {
  const root = `arn:aws:iam::${account}:root`;
  const administer = [
    "kms:Create*",
    "kms:Describe*",
    "kms:GetKeyPolicy",
    "kms:PutKeyPolicy",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
  ];
  const context = {
    Null: { "kms:EncryptionContext:writ-policy": "false", "kms:EncryptionContext:writ-artifact": "false" },
  };
  const statements = [
    { Effect: "Allow", Principal: { AWS: [callerArn("authority"), root] }, Action: administer, Resource: "*" },
    { Effect: "Allow", Principal: { AWS: root }, Action: ["kms:DescribeKey", "kms:GetPublicKey"], Resource: "*" },
    ...uses.map(({ caller, actions }) => ({
      Effect: "Allow",
      Principal: { AWS: callerArn(caller) },
      Action: actions,
      Resource: "*",
      ...(spec === "SYMMETRIC_DEFAULT" ? { Condition: context } : {}),
    })),
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

async function makeKey(kms: KMSClient, plan: KeyPlan): Promise<string> {
  const usage = plan.spec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY";
  const made = await kms.send(new CreateKeyCommand({ KeySpec: plan.spec, KeyUsage: usage, Policy: keyPolicy(plan) }));
  const arn = made.KeyMetadata?.Arn ?? "";
  await kms.send(new CreateAliasCommand({ AliasName: plan.alias, TargetKeyId: arn }));
  return arn;
}

function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Whose signatures count, and what evidence artifacts need: `stage` says whether a missing hybrid anchor is reported or refused. */
async function signTrustPolicy(sequence: number, stage: "report-only" | "enforce"): Promise<number> {
  const custody = awsCustody();
  const now = Date.now();
  const described = await Promise.all(
    plans.map(async ({ authority, suite, role, keys, former }) => {
      const signer = await custodySigner(
        authority,
        suite,
        custody,
        keys.map(({ alias }) => `aws-kms:${alias}`),
      );
      const dates = former ? { notAfter: instant(now - 30 * day), invalidSince: instant(now - 60 * day) } : {};
      return { ...describeSigner(signer, role), ...(role === "anchor" ? { trustedTime: true } : {}), ...dates };
    }),
  );
  const classical = { signUntil: instant(now + 2 * 365 * day), verifyUntil: instant(now + 4 * 365 * day) };
  const text = JSON.stringify({
    version: 1,
    name: "strike study",
    sequence,
    expires: instant(now + 30 * day),
    signers: described,
    suites: { ed25519: classical, p256: classical, "ed25519+mldsa65": {} },
    required: [{ from: instant(now - day), suites: ["ed25519+mldsa65"], stage }],
    demands: [{ classifications: ["public", "internal", "confidential", "restricted"], parents: true, receipts: true }],
  });
  parseTrust(text);
  const root = await custodySigner(urns.licensor, "p256", custody, [`aws-kms:${rootKey.alias}`]);
  const signed = await signTrust(text, root);
  writeFileSync(files.trust, signed);
  const [key] = root.keys;
  writeFileSync(
    files.rootPin,
    JSON.stringify({ alg: key!.alg, publicKey: Buffer.from(key!.publicKey).toString("base64url") }),
  );
  return signed.length;
}

async function found(): Promise<void> {
  heading(1, "The authority makes keys and signs a licence and a trust policy");
  for (const file of [files.trust, files.receipts, files.trail]) mkdirSync(dirname(file), { recursive: true });
  const kms = new KMSClient();
  const arns = await Promise.all(keyPlans.map((plan) => makeKey(kms, plan)));
  const used = keyPlans.map(({ alias, spec, uses }, index) => [
    alias,
    spec,
    uses.map(({ caller, actions }) => `${caller}: ${actions.map((action) => action.slice(4)).join(", ")}`).join("; "),
    arns[index]!.slice(-12),
  ]);
  table(used, ["cyan", undefined, undefined, "dim"]);
  expect("authority: no key serves two duties", new Set(arns).size === keyPlans.length, `${arns.length} keys`);
  writeFileSync(files.dataKeyUri, `aws-kms:${dataKey}`);
  lap("keys");

  const { licensor } = signers;
  const evaluator = createEvaluator();
  const signer = await custodySigner(
    licensor.authority,
    licensor.suite,
    awsCustody(),
    licensor.keys.map(({ alias }) => `aws-kms:${alias}`),
  );
  const release = await signPolicy(JSON.stringify(releasePolicy), { evaluator, signer });
  const licence = await signPolicy(JSON.stringify(licencePolicy(release.digest)), { evaluator, signer });
  writeFileSync(files.release, release.message);
  writeFileSync(files.licence, licence.message);
  const trustBytes = await signTrustPolicy(1, "report-only");
  print();
  table([
    [
      "licence",
      short(licence.digest),
      `${grouped(licence.message.length)} B`,
      "research and statistics; EU, US; no training, no advertising",
    ],
    ["", "", "", "attribution at each use; delete within 365 days"],
    [
      "release",
      short(release.digest),
      `${grouped(release.message.length)} B`,
      "what aggregates of 10 rows or more come under: read, share",
    ],
    ["trust", "sequence 1", `${grouped(trustBytes)} B`, "7 signers; hybrid anchors: missing ones are reported"],
  ]);
  lap("policies, trust policy");
}

async function tighten(): Promise<void> {
  const trustBytes = await signTrustPolicy(2, "enforce");
  print();
  table([["trust", "sequence 2", `${grouped(trustBytes)} B`, "hybrid anchors are required from now on"]]);
  lap("stricter trust policy");
}

await play(command === "tighten" ? tighten : found);
