// Who takes part, which keys they have, and where things lie. Nothing here is secret: keys stay in the KMS.
import type { Principal } from "@writ/kms-local";
import type { Role, SuiteName } from "@writ/core";
import { join } from "node:path";

/** The account that owns every key of the demo, and one that owns none. */
export const account = "111122223333";
export const otherAccount = "444455556666";
export const region = "eu-central-1";

/** Who calls the KMS. `former` once held the keys of issuer and licensor; `outsider` is another account's administrator. */
export const callers = ["authority", "producer", "consumer", "migration", "former", "outsider"] as const;
export type Caller = (typeof callers)[number];

/** An access key id says who calls; the local KMS asks for no secret. */
export function accessKeyId(caller: Caller): string {
  return `AKIDDEMO${caller.toUpperCase()}`;
}

export function callerArn(caller: Caller): string {
  return `arn:aws:iam::${caller === "outsider" ? otherAccount : account}:role/${caller}`;
}

export const principals: Readonly<Record<string, Principal>> = Object.fromEntries(
  callers.map((caller) => [
    accessKeyId(caller),
    { accountId: caller === "outsider" ? otherAccount : account, arn: callerArn(caller) },
  ]),
);

/** Organisations and what they are known by in policies and artifacts. */
export const urns = {
  licensor: "urn:example:authority:data-office",
  issuer: "urn:example:service:data-publisher",
  consumer: "urn:example:service:strike-statistics",
  institute: "urn:example:org:safety-institute",
  archive: "urn:example:service:archive",
  auditor: "urn:example:office:data-audit",
  licence: "urn:example:policy:dataset-licence",
  release: "urn:example:policy:released-aggregates",
} as const;

/** A signer of the trust policy: which keys, who may sign with them, what the signatures count for. */
export interface SignerPlan {
  readonly authority: string;
  readonly suite: SuiteName;
  readonly role: Role;
  readonly keys: readonly { readonly alias: string; readonly spec: KeySpec }[];
  readonly caller: Caller;
  /** A key that somebody left with: nothing counts that only it signed. */
  readonly former?: true;
}
type KeySpec = "ECC_NIST_P256" | "ECC_NIST_EDWARDS25519" | "ML_DSA_65";

function alias(name: string): string {
  return `alias/writ-demo/${name}`;
}

/** One key, one signer, one role. */
export const signers = {
  licensor: {
    authority: urns.licensor,
    suite: "ed25519",
    role: "policy",
    keys: [{ alias: alias("policy"), spec: "ECC_NIST_EDWARDS25519" }],
    caller: "authority",
  },
  issuer: {
    authority: urns.issuer,
    suite: "p256",
    role: "issue",
    keys: [{ alias: alias("issue"), spec: "ECC_NIST_P256" }],
    caller: "producer",
  },
  deriver: {
    authority: urns.consumer,
    suite: "p256",
    role: "derive",
    keys: [{ alias: alias("derive"), spec: "ECC_NIST_P256" }],
    caller: "consumer",
  },
  receipts: {
    authority: urns.consumer,
    suite: "ed25519",
    role: "receipt",
    keys: [{ alias: alias("receipt"), spec: "ECC_NIST_EDWARDS25519" }],
    caller: "consumer",
  },
  archive: {
    authority: urns.archive,
    suite: "ed25519+mldsa65",
    role: "anchor",
    keys: [
      { alias: alias("anchor-ed25519"), spec: "ECC_NIST_EDWARDS25519" },
      { alias: alias("anchor-mldsa65"), spec: "ML_DSA_65" },
    ],
    caller: "migration",
  },
  formerLicensor: {
    authority: urns.licensor,
    suite: "ed25519",
    role: "policy",
    keys: [{ alias: alias("former-policy"), spec: "ECC_NIST_EDWARDS25519" }],
    caller: "former",
    former: true,
  },
  formerIssuer: {
    authority: urns.issuer,
    suite: "p256",
    role: "issue",
    keys: [{ alias: alias("former-issue"), spec: "ECC_NIST_P256" }],
    caller: "former",
    former: true,
  },
} as const satisfies Record<string, SignerPlan>;

/** Signs trust policies; consumers pin it. P-256, because KMS signs what is longer than 4096 bytes by its digest alone. */
export const rootKey = { alias: alias("root"), spec: "ECC_NIST_P256" } as const;

/** Symmetric keys: what the producer wraps to and the consumer opens, and the consumer's own. */
export const dataKey: string = alias("data");
export const resultsKey: string = alias("results");

/** A pair of the encryption context that is authenticated and nowhere stored: whoever opens has to know it. */
export const projectPair: ReadonlyMap<string, string> = new Map([["project", "strike-study-7"]]);

/** The files of one run. */
export function layout(folder: string) {
  return {
    rootPin: join(folder, "public", "root.json"),
    trust: join(folder, "public", "trust.signed"),
    licence: join(folder, "public", "licence.policy"),
    release: join(folder, "public", "release.policy"),
    dataKeyUri: join(folder, "public", "data-key.txt"),
    corpus: join(folder, "corpus"),
    old: join(folder, "old-copies"),
    receipts: join(folder, "consumer", "receipts.log"),
    trail: join(folder, "kms", "trail.jsonl"),
    steps: join(folder, "steps.jsonl"),
  } as const;
}
