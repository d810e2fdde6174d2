// Nothing that a trust policy decides is remembered past it: a warm process answers as a fresh one would, whichever member changed.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { coverBatch, derive, describeSigner, ingest } from "@writ/core";
import type { Signer, TrustPolicy } from "@writ/core";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { encodeAnchor, encodeStatement, makeStatement } from "../../packages/core/src/anchor.ts";
import {
  at,
  document,
  evaluator,
  keystore,
  newSigner,
  policy,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";

const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");
const now = 600;

const grant = await policy(
  document({ permissions: [{ id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }] }),
);
const parent = await sealed(Buffer.from("rows"), { policies: [{ message: grant }] });
const child = await derive([await ingest(parent.artifact, trust, { evaluator, clock: at(60) })], {
  operation: "aggregate",
  content: Buffer.from("sums"),
  write: () => undefined,
  recipients: [{ custody: keystore, keyUri: "local:data" }],
  signer: signers.deriver,
  evaluator,
  clock: at(100),
});
const batch = await coverBatch([await verified(parent.artifact, 120), await verified(child.artifact, 120)], {
  signer: signers.archive,
  clock: at(200),
});
const [covered, coveredChild] = [...batch.covered].map(({ artifact }) => artifact) as [Uint8Array, Uint8Array];

/** The covered artifact with an anchor more, of a suite that isn't known. */
async function withUnknownAnchor(): Promise<Uint8Array> {
  const { parts, core, anchors } = await verified(covered, 300);
  const known = makeStatement(
    { core: parts.core, keys: parts.keys, artifactId: core.artifactId, contentRoot: core.content.root },
    anchors.map(({ bytes }) => ({ anchor: bytes, root: null })),
    { kind: "cover", suite: "ed25519", issuedAt: core.issuedAt + 300 },
  );
  const anchor = encodeAnchor(encodeStatement({ ...known, suite: "falcon1024" }), []);
  const { anchors: before, ...rest } = decodeArtifact(covered);
  return encodeArtifact({ ...rest, anchors: [...before, anchor] });
}

const withoutSources = ((): Uint8Array => {
  const { attachments, ...rest } = decodeArtifact(coveredChild);
  return encodeArtifact({ ...rest, attachments: attachments.filter((bytes) => bytes[1] !== 4) });
})();
const artifacts = [parent.artifact, covered, coveredChild, withoutSources, await withUnknownAnchor()];

type Change = (draft: TrustDraft) => void;
const signerOf =
  (of: Signer, members: object): Change =>
  (draft) => {
    const found = draft.signers.find(
      ({ keys }) => JSON.stringify(keys) === JSON.stringify(describeSigner(of, "issue").keys),
    );
    Object.assign(found!, members);
  };
const requirement =
  (members: object): Change =>
  (draft) => {
    draft["required"] = [{ from: date(0), suites: ["mldsa65"], stage: "enforce", ...members }];
  };
const demand =
  (members: object): Change =>
  (draft) => {
    draft["demands"] = [{ classifications: ["internal"], ...members }];
  };
const recipientKey = {
  uri: "urn:acme:kem:1",
  kind: "ml-kem-768",
  publicKey: Buffer.alloc(1184, 1).toString("base64url"),
};
const recipient =
  (members: object): Change =>
  (draft) => {
    draft["recipientKeys"] = [{ ...recipientKey, ...members }];
  };
const fresh = describeSigner(newSigner("urn:acme:data", "p256"), "issue");

/** A change to each member of the trust policy, by the member's path in the schema; some need another member beside them. */
const changes: Readonly<Record<string, Change>> = {
  name: (draft) => (draft["name"] = "other"),
  sequence: (draft) => (draft.sequence = 2),
  expires: (draft) => (draft.expires = date(now)),
  signers: (draft) => (draft.signers = draft.signers.filter(({ authority }) => authority !== "urn:acme:archive")),
  "signers/authority": signerOf(signers.issuer, { authority: "urn:acme:other" }),
  "signers/suite": (draft) => {
    Object.assign(
      draft.signers.find(({ suite }) => suite === "p256")!,
      { suite: "ed25519" },
    );
  },
  "signers/role": signerOf(signers.deriver, { role: "anchor" }),
  "signers/keys": signerOf(signers.issuer, { keys: fresh.keys }),
  "signers/keys/thumbprint": signerOf(signers.issuer, { keys: [{ ...fresh.keys[0], thumbprint: "00".repeat(32) }] }),
  "signers/keys/publicKey": signerOf(signers.issuer, {
    keys: [{ ...describeSigner(signers.issuer, "issue").keys[0], publicKey: fresh.keys[0]!.publicKey }],
  }),
  "signers/scope": signerOf(signers.privacy, { scope: ["urn:other:"] }),
  "signers/notBefore": signerOf(signers.issuer, { notBefore: date(1) }),
  "signers/notAfter": signerOf(signers.archive, { notAfter: date(200) }),
  "signers/trustedTime": signerOf(signers.archive, { trustedTime: false }),
  "signers/invalidSince": signerOf(signers.privacy, { invalidSince: date(200) }),
  suites: (draft) => delete draft.suites["ed25519"],
  "suites/signUntil": (draft) => (draft.suites["p256"] = { signUntil: date(0) }),
  "suites/verifyUntil": (draft) => (draft.suites["ed25519+mldsa65"] = { verifyUntil: date(now) }),
  required: requirement({}),
  "required/from": requirement({ from: date(now + 1) }),
  "required/suites": requirement({ suites: ["ed25519+mldsa65"] }),
  "required/authorities": requirement({ suites: ["p256", "ed25519", "ed25519+mldsa65"], authorities: 3 }),
  "required/stage": requirement({ stage: "report-only" }),
  demands: demand({ status: true }),
  "demands/classifications": demand({ status: true, classifications: ["restricted"] }),
  "demands/status": demand({ status: true }),
  "demands/parents": demand({ parents: true }),
  "demands/receipts": demand({ receipts: true }),
  recipientKeys: recipient({}),
  "recipientKeys/uri": recipient({ uri: "urn:acme:kem:2" }),
  "recipientKeys/kind": recipient({ kind: "ml-kem-1024" }),
  "recipientKeys/publicKey": recipient({ publicKey: Buffer.alloc(1184, 2).toString("base64url") }),
  "recipientKeys/notBefore": recipient({ notBefore: date(1) }),
  "recipientKeys/notAfter": recipient({ notAfter: date(1) }),
  acceptUnknownLaterAnchors: (draft) => (draft["acceptUnknownLaterAnchors"] = true),
};

/** What differs from the plain policy only beside another member, and is compared with that one. */
const beside: Readonly<Record<string, Change>> = {
  "required/from": requirement({}),
  "demands/classifications": demand({ status: true }),
};

type Core = Pick<typeof import("@writ/core"), "decide" | "ingest" | "parseTrust">;

/** Everything that a caller can see of an ingest and a decision. */
async function answerOf(core: Core, artifact: Uint8Array, policyInForce: TrustPolicy): Promise<unknown> {
  try {
    const found = await core.ingest(artifact, policyInForce, { evaluator, clock: at(now) });
    const { evidence, checks, deadline, demand: demanded, lineage, trust: under } = found;
    const decision = await core.decide(found, request, { evaluator, receipts: "none", clock: at(now) }).then(
      ({ verdict, reasons }) => ({ verdict, reasons }),
      (fault: { code: string }) => fault.code,
    );
    const { name, sequence, recipientKeys } = under;
    const anchors = evidence.anchors.map(({ judgedAt, counts, signer }) => [judgedAt, counts, signer.authority]);
    const { standing, era, unknownLater, reported } = evidence;
    return {
      standing,
      era,
      unknownLater,
      reported,
      anchors,
      checks,
      deadline,
      demanded,
      lineage: lineage.standing,
      decision,
      name,
      sequence,
      recipientKeys,
    };
  } catch (fault) {
    return (fault as { code?: string }).code ?? String(fault);
  }
}

const plain = ((): TrustDraft => {
  let kept: TrustDraft | undefined;
  trustWith((draft) => (kept = structuredClone(draft)));
  return kept!;
})();

/** The trust policy with a change, or the code that reading it throws. */
function policyOf({ parseTrust }: Core, change: Change | undefined): TrustPolicy | string {
  const draft = structuredClone(plain);
  change?.(draft);
  try {
    return parseTrust(JSON.stringify(draft));
  } catch (fault) {
    return (fault as { code: string }).code;
  }
}

async function answers(core: Core, inForce: TrustPolicy | string): Promise<unknown> {
  if (typeof inForce === "string") return inForce;
  const all: unknown[] = [];
  for (const artifact of artifacts) all.push(await answerOf(core, artifact, inForce));
  return JSON.parse(JSON.stringify(all)) as unknown;
}

/** The answers of modules that have never seen another trust policy. */
async function cold(change: Change | undefined): Promise<unknown> {
  vi.resetModules();
  const core = await import("@writ/core");
  return answers(core, policyOf(core, change));
}

const names = Object.keys(changes);
const coldAnswers = new Map<string, unknown>([["", await cold(undefined)]]);
for (const name of names) coldAnswers.set(name, await cold(changes[name]));
vi.resetModules();
const warm = await import("@writ/core");

describe("trust policies one after another", () => {
  test("[TRU-1] there is a change here for every member that the schema has", () => {
    const schema = JSON.parse(readFileSync("schemas/trust.schema.json", "utf8")) as Schema;
    expect(
      pathsOf(schema)
        .filter((path) => path !== "version")
        .toSorted(),
    ).toEqual(names.toSorted());
  });

  test("[TRU-1] every change is one that matters", async () => {
    for (const name of names) {
      const before = beside[name] ? await cold(beside[name]) : coldAnswers.get("");
      expect(coldAnswers.get(name), name).not.toEqual(before);
    }
  });

  test(
    "[TRU-14] [BAT-4] whatever came before, the answer is that of a fresh process",
    { timeout: 60_000 },
    async () => {
      const rebuilt = (name: string): TrustPolicy | string => policyOf(warm, changes[name]);
      const kept = new Map(["", ...names].map((name) => [name, rebuilt(name)]));
      const steps = fc.array(fc.tuple(fc.constantFrom("", ...names), fc.boolean()), { minLength: 2, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          for (const [name, again] of sequence)
            expect(await answers(warm, again ? kept.get(name)! : rebuilt(name)), name).toEqual(coldAnswers.get(name));
        }),
        { numRuns: process.env["SLOW"] === "1" ? 2000 : 20 },
      );
    },
  );
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** Every member below an object, arrays and maps by their entries. */
function pathsOf({ properties, items, additionalProperties }: Schema, prefix = ""): string[] {
  const own = Object.entries(properties ?? {}).flatMap(([name, below]) => [
    `${prefix}${name}`,
    ...pathsOf(below, `${prefix}${name}/`),
  ]);
  return [
    ...own,
    ...(items ? pathsOf(items, prefix) : []),
    ...(additionalProperties ? pathsOf(additionalProperties, prefix) : []),
  ];
}
