// Attacks through two ways to one source: by the one it is judged while all of it counted, by the other when something has lapsed.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, describeSigner, nameOf, signPolicy } from "@writ/core";
import type { Signer, SuiteName, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { signApproval } from "@writ/core/approval";
import { at, codeOf, document, evaluator, keystore, newSigner, policy, sealed, signers } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";
import { child, date, datedTrust, day, endsAt, mark, timed, untimed, verified } from "./dates-scene.ts";

const limits = { notOperations: ["train"] };
const read = { limits, permissions: [{ id: "p1", operations: ["read"], purposes: ["dpv:AcademicResearch"] }] };
const released = await policy(document({ ...read, id: "urn:acme:policy:released" }));
const release = { policy: nameOf(released), requires: { "output.k": { gte: 10 } } };
/** Two more keys of the policies' authority, each of a suite of its own, and two approvers of these suites. */
const offices = (["p384", "mldsa65"] as const).map((suite) => newSigner("urn:acme:privacy-office", suite));
const officers = (["p384", "mldsa65"] as const).map((suite) => newSigner(`urn:role:${suite}`, suite));

const trustOf = (change: (draft: TrustDraft) => void): TrustPolicy =>
  datedTrust((draft) => {
    for (const office of offices) draft.signers.push(describeSigner(office, "policy"));
    for (const one of officers) draft.signers.push(describeSigner(one, "approve"));
    change(draft);
  });
const trust = trustOf(() => undefined);
const lapsing = (suite: SuiteName, days: number): TrustPolicy =>
  trustOf((draft) => (draft.suites[suite] = { verifyUntil: date(days) }));

const before = (a: VerifiedArtifact, b: VerifiedArtifact): boolean =>
  Buffer.compare(a.core.artifactId, b.core.artifactId) < 0;
const aggregate = { operation: "aggregate", output: { k: 12 } } as const;
const derived = async (parents: readonly VerifiedArtifact[], seconds: number, by: Signer): Promise<VerifiedArtifact> =>
  verified(await child(parents, seconds, by, aggregate), seconds + 10, trust);

interface Ways {
  /** Children of both: the one has the dated way before the other, the other after it. */
  readonly both: readonly [Uint8Array, Uint8Array];
  readonly dated: Uint8Array;
  readonly undated: Uint8Array;
}

/** A child of `source` whose seal dates it, those whose seals don't, and children of both. */
async function twoWays(source: VerifiedArtifact): Promise<Ways> {
  /** Parents stand in the order of their ids. */
  const childOf = async (
    seconds: number,
    by: Signer,
    wanted: (one: VerifiedArtifact) => boolean,
  ): Promise<VerifiedArtifact> => {
    for (;;) {
      const one = await derived([source], seconds, by);
      if (wanted(one)) return one;
    }
  };
  const first = await childOf(
    100,
    timed,
    ({
      core: {
        artifactId: [byte],
      },
    }) => byte! >= 64 && byte! < 192,
  );
  const later = await childOf(120, untimed, (one) => before(first, one));
  const earlier = await childOf(120, untimed, (one) => before(one, first));
  const from = (...parents: VerifiedArtifact[]): Promise<Uint8Array> => child(parents, 200, untimed, aggregate);
  return {
    both: [await from(first, later), await from(first, earlier)],
    dated: await from(first),
    undated: await from(later),
  };
}

/** By both ways it ends as by the undated one, and the dated way alone stays. */
async function endsByTheSecond(source: VerifiedArtifact, by: TrustPolicy, days: number, code: string): Promise<void> {
  const { both, dated, undated } = await twoWays(source);
  const late = (artifact: Uint8Array): Promise<string> => codeOf(() => verified(artifact, days * day, by));
  expect(await late(dated), "control: the dated way alone").toBe("nothing was thrown");
  expect(await late(undated), "control: the undated way alone").toBe(code);
  for (const artifact of both) await endsAt(artifact, by, days, code);
}

/** A source under two policies, each by another key, both of which its children are rid of. */
async function underTwo(): Promise<VerifiedArtifact> {
  const policies = await Promise.all(
    offices.map(async (signer, index) => {
      const text = document({ ...read, id: `urn:acme:policy:${index}`, derive: { aggregate: { release } } });
      return { message: (await signPolicy(text, { evaluator, signer })).message };
    }),
  );
  const { artifact } = await sealed(randomBytes(20), { policies, releasePolicies: [released] });
  return verified(artifact, 10, trust);
}

/** A revision for which one layer was lowered by two approvals that are good for so many days. */
async function lowered(days: readonly [number, number]): Promise<VerifiedArtifact> {
  const approvers = officers.map(({ authority }) => authority);
  const declassify = { threshold: 2, approvers, atMost: limits };
  const strict = await policy(document({ ...read, id: "urn:acme:policy:strict", declassify }));
  const kept = await policy(document({ ...read, id: "urn:acme:policy:kept" }));
  const { artifact } = await sealed(randomBytes(20), { policies: [{ message: strict }, { message: kept }] });
  const first = await verified(artifact, 10, trust);
  const remove = [nameOf(strict)];
  const approvals = await Promise.all(
    officers.map((signer, index) =>
      signApproval(
        {
          sources: [first.name],
          operation: "amend",
          layers: amendedLayers(first, [], remove).layers,
          approver: `urn:person:${index}`,
          lifetimeSeconds: days[index]! * day - 20,
          clock: at(20),
        },
        signer,
      ),
    ),
  );
  const revision = await amend(first, {
    lower: { remove, approvals, ledger: { spend: () => Promise.resolve(true) } },
    custody: keystore,
    evaluator,
    signer: signers.issuer,
    clock: at(30),
  });
  return verified(revision.artifact, 40, trust);
}

describe("a source that is named by two ways and judged at two times", () => {
  test("[LIN-2] [POM-3] each policy of it counts at both, though no child is under it", async () => {
    const source = await underTwo();
    for (const suite of ["p384", "mldsa65"] as const)
      await endsByTheSecond(source, lapsing(suite, 10), 10, "suite-lapsed");
  });

  test("[LIN-2] [TRU-9] its own seal counts at both", async () => {
    await endsByTheSecond(await underTwo(), lapsing("p256", 10), 10, "suite-lapsed");
  });

  test("[TRU-8] [POM-3] what dates the policy of a marked key counts at both", async () => {
    const source = await underTwo();
    const covered = (await cover(source, { signer: signers.archive, clock: at(20) })).artifact;
    for (const office of offices) {
      const by = trustOf((draft) => {
        mark(draft, office, 5);
        draft.suites["ed25519+mldsa65"] = { verifyUntil: date(10) };
      });
      await endsByTheSecond(await verified(covered, 30, trust), by, 10, "signer-compromised");
    }
  });

  test("[APR-8] [LIN-2] each approval that it names is good at both", async () => {
    await endsByTheSecond(await lowered([10, 20]), trust, 10, "approval-expired");
    await endsByTheSecond(await lowered([20, 10]), trust, 10, "approval-expired");
    const long = await lowered([25, 25]);
    for (const suite of ["p384", "mldsa65"] as const)
      await endsByTheSecond(long, lapsing(suite, 10), 10, "suite-lapsed");
  });

  test("[TRU-8] [APR-8] what dates the approval of a marked key counts at both", async () => {
    const covered = (await cover(await lowered([25, 25]), { signer: signers.archive, clock: at(50) })).artifact;
    for (const one of officers) {
      const by = trustOf((draft) => {
        mark(draft, one, 5);
        draft.suites["ed25519+mldsa65"] = { verifyUntil: date(10) };
      });
      await endsByTheSecond(await verified(covered, 60, trust), by, 10, "signer-compromised");
    }
  });

  test("[LIN-2] [LIN-6] [POM-3] [APR-8] so is what stands behind it: policies and approvals of its own source", async () => {
    const behind = async (source: VerifiedArtifact): Promise<VerifiedArtifact> => derived([source], 80, untimed);
    await endsByTheSecond(await behind(await underTwo()), lapsing("p384", 10), 10, "suite-lapsed");
    await endsByTheSecond(await behind(await lowered([10, 20])), trust, 10, "approval-expired");
  });
});
