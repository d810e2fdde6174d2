// Attacks through the times at which sources are judged: many times for one source, one time now that is two later, and keys that are
// marked under evidence that ends.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cover, ingest } from "@writ/core";
import type { Evaluator, Signer, VerifiedArtifact } from "@writ/core";
import { amend, amendedLayers } from "@writ/core/amend";
import { signApproval } from "@writ/core/approval";
import { at, document, evaluator, keystore, policy, sealed, signers } from "../support/scene.ts";
import { child, date, datedTrust, day, endsAt, mark, officer, timed, trust, untimed, verified } from "./dates-scene.ts";

describe("times at which sources are judged", () => {
  test("[LIN-2] [LIN-4] who names one source at many times has its layers computed again once, not at each time", async () => {
    let computed = 0;
    const counting: Evaluator = {
      id: evaluator.id,
      prepare: (source) => evaluator.prepare(source),
      needs: (layers, asked) => evaluator.needs(layers, asked),
      evaluate: (layers, asked, state) => evaluator.evaluate(layers, asked, state),
      childLayers: (...of) => {
        computed += 1;
        return evaluator.childLayers(...of);
      },
      emptyMeet: (layers) => evaluator.emptyMeet(layers),
      looserThanAtMost: (lowered, layers) => evaluator.looserThanAtMost(lowered, layers),
    };
    const many = 8;
    let head = await verified((await sealed(randomBytes(20), { signer: untimed })).artifact, 10);
    for (let n = 1; n < many; n += 1) head = await verified(await child([head], n, untimed), 10 + n);
    const aunts: VerifiedArtifact[] = [];
    for (let n = 0; n < many; n += 1) aunts.push(await verified(await child([head], 100 + n, timed), 200));
    const last = await child(aunts, 300, timed);
    const found = await ingest(last, trust, { evaluator: counting, clock: at(400) });
    expect(found.lineage).toMatchObject({ standing: "checked" });
    expect(found.lineage.sources).toHaveLength(2 * many);
    const lists = 1 + many; // those of the aunts, and of each in the chain; who derives from one list by one operation has one answer
    expect(computed).toBeLessThanOrEqual(lists);
    expect(computed, "control: each list was looked at").toBe(lists);
  });

  test("[LIN-2] [RAN-2] [DEC-6] two that name a source at one time now may not later: the first to lapse ends it", async () => {
    const origin = await verified((await sealed()).artifact, 10);
    const shared = await verified(await child([origin], 20, signers.deriver), 30);
    const [left, right] = [await child([shared], 40, signers.deriver), await child([shared], 50, signers.deriver)];
    const dated = async (artifact: Uint8Array, signer: Signer): Promise<VerifiedArtifact> =>
      verified((await cover(await verified(artifact, 60), { signer, clock: at(60) })).artifact, 70);
    const pair = [await dated(left, signers.archive), await dated(right, signers.second)];
    expect(new Set(pair.map(({ evidence }) => evidence.judgedAt)).size, "control: one time").toBe(1);
    const last = await child(pair, 80, signers.deriver);
    for (const suite of ["mldsa65", "ed25519+mldsa65"]) {
      const by = datedTrust((draft) => {
        draft.suites["p256"] = { verifyUntil: date(50) };
        draft.suites[suite] = { verifyUntil: date(100) };
      });
      await endsAt(last, by, 100, "suite-lapsed");
    }
  });

  test("[TRU-8] [RAN-2] [DEC-6] a marked policy key counts no longer than what dates the seal before the mark", async () => {
    const original = await verified((await sealed()).artifact, 10);
    const covered = (await cover(original, { signer: signers.archive, clock: at(20) })).artifact;
    const by = datedTrust((draft) => {
      mark(draft, signers.privacy, 30);
      draft.suites["ed25519+mldsa65"] = { verifyUntil: date(100) };
    });
    await endsAt(covered, by, 100, "signer-compromised");
    const derived = await verified(await child([await verified(covered, 30)], 40, signers.deriver), 50);
    const again = (await cover(derived, { signer: signers.archive, clock: at(60) })).artifact;
    await endsAt(again, by, 100, "signer-compromised");
  });

  test("[TRU-8] [APR-8] [RAN-2] a marked approver counts no longer than what dates the seal before the mark", async () => {
    const free = {
      limits: { notOperations: ["train"] },
      permissions: [{ id: "p", operations: ["read"], purposes: ["dpv:AcademicResearch"] }],
    };
    const lowered = await policy(
      document({
        ...free,
        id: "urn:acme:policy:lowered",
        declassify: { threshold: 1, approvers: ["urn:role:dpo"], atMost: { notOperations: ["train"] } },
      }),
    );
    const kept = await policy(document({ ...free, id: "urn:acme:policy:kept" }));
    const before = await verified(
      (await sealed(undefined, { policies: [{ message: lowered }, { message: kept }] })).artifact,
      10,
    );
    const remove = [before.policies.find(({ id }) => id === "urn:acme:policy:lowered")!.digest];
    const message = await signApproval(
      {
        sources: [before.name],
        operation: "amend",
        layers: amendedLayers(before, [], remove).layers,
        approver: "urn:person:eve",
        lifetimeSeconds: 20 * day,
        clock: at(20),
      },
      officer,
    );
    const amended = await amend(before, {
      lower: { remove, approvals: [message], ledger: { spend: () => Promise.resolve(true) } },
      custody: keystore,
      evaluator,
      signer: signers.issuer,
      clock: at(30),
    });
    const covered = (await cover(await verified(amended.artifact, 40), { signer: signers.archive, clock: at(40) }))
      .artifact;
    const by = datedTrust((draft) => {
      mark(draft, officer, 5);
      draft.suites["ed25519+mldsa65"] = { verifyUntil: date(10) };
    });
    await endsAt(covered, by, 10, "signer-compromised");
  });
});
