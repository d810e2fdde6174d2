// Receipts of every kind are written by a public path, hold together in one log, and what they don't show is said.
import { describe, expect, test } from "vitest";
import { createReceiptLog, decide, ingest, open, verifyReceipts } from "@writ/core";
import type { ReceiptLog, ReceiptSink } from "@writ/core";
import { recordIngest } from "@writ/core/ingest-receipt";
import { dischargeDuty } from "@writ/core/liability";
import { auditReceipts } from "@writ/core/receipt-audit";
import { at, codeOf, drain, evaluator, keystore, request, sealed, signers, trust } from "../support/scene.ts";

const issued = await sealed();
const artifact = await ingest(issued.artifact, trust, { evaluator, clock: at(60) });
const principal = { id: "svc:lake", kind: "service" } as const;

function logged(): { readonly log: ReceiptLog; readonly entries: Uint8Array[] } {
  const entries: Uint8Array[] = [];
  return { entries, log: createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(60) }) };
}

async function used(log: ReceiptSink): Promise<void> {
  const { permit } = await decide(artifact, request, { evaluator, receipts: log, clock: at(60) });
  await drain(open(artifact, permit!, { custody: keystore, content: issued.stored, clock: at(60) }));
}

const clock = at(60);

describe("kinds", () => {
  test("[REC-7] [REC-9] ingest, decision, release and discharge are each written and read; unknown and deny too", async () => {
    const { log, entries } = logged();
    await recordIngest(log, artifact, principal);
    await used(log);
    for (const asked of [
      { ...request, operation: "train" },
      { ...request, region: undefined },
    ] as const) {
      const { region, ...rest } = asked;
      const verdict = await decide(artifact, region === undefined ? rest : { ...rest, region }, {
        evaluator,
        receipts: log,
        clock,
      });
      expect(verdict.verdict).toBe(region === undefined ? "unknown" : "deny");
    }
    const decision = verifyReceipts(entries, trust, { clock }).find(({ receipt }) => receipt.kind === "decision")!;
    const { policy } = decision.receipt.policies[0]!;
    await dischargeDuty(log, decision, { policy, duty: "d1" }, principal);
    await log.signRoot(signers.receipts);
    const receipts = verifyReceipts(entries, trust, { clock }).map(({ receipt }) => receipt);
    expect(receipts.map(({ kind, verdict }) => verdict ?? kind)).toEqual([
      "ingest",
      "permit",
      "release",
      "deny",
      "unknown",
      "discharge",
    ]);
    const [taken, , release, , unknown] = receipts;
    expect(taken).toMatchObject({ operation: "ingest", purposes: [], request: artifact.head, exit: "valid" });
    expect(taken!.reasons).toEqual([{ code: "unchecked", subject: "content" }]);
    expect(unknown!.missing).toEqual(["region"]);
    expect(release).toMatchObject({ exit: "complete", releasedBytes: 16, decision: decision.name });
    expect(release!.calls).toMatchObject([{ key: "local:data", operation: "unwrap", transportGroup: "none" }]);
  });

  test("[REC-9] only what ingest made is recorded as ingested", async () => {
    const { log, entries } = logged();
    expect(await codeOf(() => recordIngest(log, { ...artifact }, principal))).toMatch(/^TypeError/);
    expect(entries).toEqual([]);
    await recordIngest(log, artifact, principal);
    expect(entries, "control").toHaveLength(1);
  });

  test("[REC-9] a receipt that says what its kind doesn't, or not what it does, is not written", async () => {
    const { log, entries } = logged();
    const body = {
      kind: "decision",
      artifactId: artifact.core.artifactId,
      core: artifact.name,
      policies: [],
      request: artifact.head,
      operation: "read",
      purposes: [],
      principal: new Map([["id", "x"]]),
      verdict: "deny",
    } as const;
    const { verdict: _, ...without } = body;
    for (const wrong of [
      without,
      { ...body, exit: "complete" },
      { ...body, kind: "release" },
      { ...body, kind: "ingest" },
    ] as const)
      expect(await codeOf(() => log.append(wrong))).toBe("structure");
    expect(entries).toEqual([]);
    await log.append(body);
    expect(verifyReceipts(entries, trust, { clock }), "control").toHaveLength(1);
  });
});

describe("audit", () => {
  test("[REC-10] says what has no root, no release and no decision, and up to where a cut would show", async () => {
    const { log, entries } = logged();
    await used(log);
    await log.signRoot(signers.receipts);
    await decide(artifact, request, { evaluator, receipts: log, clock });
    const audit = auditReceipts(entries, trust, { clock });
    expect(audit.receipts).toHaveLength(3);
    expect(audit.shownUpTo).toBe(2);
    expect(audit.roots).toMatchObject([{ authority: "urn:lab:receipts", receipts: 2, first: 0, counts: true }]);
    expect(audit.emitters).toMatchObject([{ receipts: 3 }]);
    const last = audit.receipts[2]!.name;
    expect(audit.gaps).toEqual([
      { gap: "no-root", receipt: last },
      { gap: "no-release", receipt: last },
    ]);
    await log.signRoot(signers.receipts);
    expect(auditReceipts(entries, trust, { clock }).gaps, "control").toEqual([{ gap: "no-release", receipt: last }]);
  });

  test("[REC-10] a release whose decision another log has is a gap", async () => {
    const { log, entries } = logged();
    const elsewhere = logged();
    const split: ReceiptSink = {
      append: (body) => (body.kind === "decision" ? elsewhere.log : log).append(body),
    };
    await used(split);
    const audit = auditReceipts(entries, trust, { clock });
    expect(audit.gaps.map(({ gap }) => gap)).toEqual(["no-root", "no-decision"]);
    expect(auditReceipts(elsewhere.entries, trust, { clock }).gaps.map(({ gap }) => gap)).toEqual([
      "no-root",
      "no-release",
    ]);
  });
});
