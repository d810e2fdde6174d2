// Approvals that don't count, and until when what was approved, released or signed by others holds: the deadline says it beforehand.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { derive, describeSigner, ingest, parsePolicy, signPolicy } from "@writ/core";
import type { Digest, DeriveOptions, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { readApproval, signApproval, useApprovals } from "@writ/core/approval";
import type { ApprovalLedger } from "@writ/core/approval";
import {
  at,
  codeOf,
  document,
  evaluator,
  keystore,
  newSigner,
  policy,
  sealed,
  signers,
  start,
  trustWith,
} from "../support/scene.ts";

const day = 86_400;
const date = (after: number): string => new Date(start + after * 1000).toISOString().replace(".000Z", "Z");
const officer = newSigner("urn:role:dpo", "p384");
const intern = newSigner("urn:role:intern", "ed25519");
const agency = newSigner("urn:agency", "p384");

/** The scene's trust policy with those who approve and a second authority; `lapsed` is when p384 ends, in seconds. */
const trusting = (lapsed?: number): TrustPolicy =>
  trustWith((draft) => {
    draft.signers.push(
      describeSigner(officer, "approve"),
      describeSigner(intern, "approve"),
      describeSigner(agency, "policy"),
    );
    if (lapsed !== undefined) draft.suites["p384"] = { verifyUntil: date(lapsed) };
  });
const trust = trusting();

const grant = {
  permissions: [{ id: "s1", operations: ["read", "aggregate", "transform"], purposes: ["dpv:AcademicResearch"] }],
};
const looser = await policy(document({ ...grant, id: "urn:acme:policy:looser", limits: { notOperations: ["train"] } }));
const strict = await policy(
  document({
    ...grant,
    id: "urn:acme:policy:strict",
    limits: { notOperations: ["train", "profile"] },
    declassify: { threshold: 1, approvers: [officer.authority], atMost: { notOperations: ["train"] } },
  }),
);

const verify = (artifact: Uint8Array, seconds: number, by = trust): Promise<VerifiedArtifact> =>
  ingest(artifact, by, { evaluator, clock: at(seconds) });
const first = await verify((await sealed(randomBytes(9), { policies: [{ message: strict }] })).artifact, 60);
const remove = [parsePolicy(strict).digest];

const approval = (by: typeof officer, approver: string, lifetimeSeconds = 20 * day): Promise<Uint8Array> =>
  signApproval(
    {
      sources: [first.name],
      operation: "amend",
      layers: amendedLayers(first, [{ message: looser }], remove).layers,
      approver,
      lifetimeSeconds,
      clock: at(100),
    },
    by,
  );

/** A ledger that keeps what was spent. */
function spending(): ApprovalLedger & { readonly spent: Digest[] } {
  const spent: Digest[] = [];
  return { spent, spend: (names) => Promise.resolve(spent.push(...names) >= 0) };
}

async function lowered(approvals: readonly Uint8Array[], ledger = spending(), of = first): Promise<Uint8Array> {
  const { artifact } = await amend(of, {
    add: [{ message: looser }],
    lower: { remove, approvals, ledger },
    custody: keystore,
    evaluator,
    signer: signers.issuer,
    clock: at(120),
  });
  return artifact;
}

async function derived(of: VerifiedArtifact, change: Partial<DeriveOptions> = {}): Promise<Uint8Array> {
  const { artifact } = await derive([of], {
    operation: "transform",
    content: randomBytes(9),
    write: () => undefined,
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.deriver,
    clock: at(300),
    ...change,
  });
  return artifact;
}

/** Ingest refuses from `seconds` on and the artifact says so beforehand. */
async function endsAt(artifact: Uint8Array, by: TrustPolicy, seconds: number, code: string): Promise<void> {
  const before = await verify(artifact, seconds - 1, by);
  expect(before.deadline).toEqual({ at: start / 1000 + seconds, code: "suite-lapsed" });
  expect(await codeOf(() => verify(artifact, seconds, by))).toBe(code);
}

describe("approvals that don't count", () => {
  test("[APR-3] [APR-5] [APR-7] are neither named nor used up", async () => {
    const [counting, beside] = [await approval(officer, "urn:person:ada"), await approval(intern, "urn:person:eve")];
    const nameOf_ = (message: Uint8Array): Digest => readApproval(message, trust, start / 1000 + 110).name;
    const ledger = spending();
    const revision = await verify(await lowered([beside, counting], ledger), 200);
    expect(revision.core.lineage.approvals).toEqual([nameOf_(counting)]);
    expect(ledger.spent).toEqual([nameOf_(counting)]);
    expect(await codeOf(() => lowered([beside])), "control").toBe("approval-missing");
  });

  test("[APR-4] one that waives a duty waives no other of the same policy", async () => {
    const waives = { policy: remove[0]!, duty: "briefing" };
    const draft = { sources: [first.name], operation: "read", approver: "urn:person:ada", lifetimeSeconds: day };
    const message = await signApproval({ ...draft, waives, clock: at(100) }, officer);
    const use = (duty: string): Promise<readonly Digest[]> => {
      const change = { sources: [first.name], operation: "read", waives: { ...waives, duty } };
      return useApprovals([message], trust, change, { ledger: spending(), clock: at(120) });
    };
    expect(await codeOf(() => use("report"))).toBe("approval-mismatch");
    expect(await use("briefing"), "control").toHaveLength(1);
  });
});

describe("deadlines", () => {
  test("[RAN-2] [APR-8] an approval's suite ends a revision that nothing dates", async () => {
    const revision = await lowered([await approval(officer, "urn:person:ada")]);
    await endsAt(revision, trusting(10 * day), 10 * day, "suite-lapsed");
  });

  test("[RAN-2] [APR-8] and what is derived from it, as its end does", async () => {
    const revision = await verify(await lowered([await approval(officer, "urn:person:ada")]), 200);
    const child = await derived(revision);
    await endsAt(child, trusting(10 * day), 10 * day, "suite-lapsed");
    await endsAt(child, trust, 20 * day + 100, "approval-expired");
  });

  test("[RAN-2] [LIN-2] the suite of a policy that only a source has ends what was released from it", async () => {
    const released = await policy(document({ ...grant, id: "urn:acme:policy:released" }));
    const release = { policy: parsePolicy(released).digest, requires: { "output.k": { gte: 10 } } };
    const text = document({
      ...grant,
      id: "urn:agency:policy:rows",
      authority: agency.authority,
      derive: { aggregate: { release } },
    });
    const { message } = await signPolicy(text, { evaluator, signer: agency });
    const source = await sealed(randomBytes(9), { policies: [{ message }], releasePolicies: [released] });
    const of = await verify(source.artifact, 60);
    const child = await derived(of, { operation: "aggregate", output: { k: 12 } });
    const { policies } = await verify(child, 400);
    expect(
      policies.map(({ id }) => id),
      "control",
    ).toEqual(["urn:acme:policy:released"]);
    await endsAt(child, trusting(10 * day), 10 * day, "suite-lapsed");
  });
});
