// Evidence packs at their limits: reports that don't verify, more than a pack takes, the order of what came by several logs.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createReceiptLog, decide, ingest, nameOf, signReport } from "@writ/core";
import type { ReportBody } from "@writ/core";
import { packEvidence, verifyEvidence } from "@writ/core/evidence-pack";
import type { PackOptions } from "@writ/core/evidence-pack";
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import { at, codeOf, evaluator, request, sealed, signers, start, trust } from "../support/scene.ts";

const issued = await sealed();
const packing = (change: Partial<PackOptions>): Promise<Uint8Array> =>
  packEvidence({
    artifacts: [issued.artifact],
    trust,
    trustDigest: nameOf(new TextEncoder().encode("the text of the trust policy")),
    signer: signers.receipts,
    evaluator,
    clock: at(600),
    ...change,
  });

test("[EVP-4] a report that doesn't verify is not packed", async () => {
  const body: ReportBody = {
    campaign: randomBytes(16),
    corpus: "corpus",
    suite: "ed25519+mldsa65",
    mode: "dry-run",
    startedAt: start / 1000,
    endedAt: start / 1000 + 60,
    ended: "complete",
    trustSequence: 1,
    signCalls: 0,
    entries: [],
  };
  const report = await signReport(body, signers.archive);
  const { reports } = await verifyEvidence(await packing({ reports: [report] }), trust, { evaluator, clock: at(600) });
  expect(reports, "control").toHaveLength(1);
  const altered = Uint8Array.from(report, (byte, index) => (index === report.length - 20 ? byte ^ 1 : byte));
  expect(await codeOf(() => packing({ reports: [altered] }))).toBe("signature-invalid");
});

test("[EVP-1] more bytes than a reader takes are not packed", async () => {
  const lists = (count: number): Uint8Array[] => Array.from({ length: count }, () => randomBytes(15 << 20));
  expect(await codeOf(() => packing({ statusLists: lists(4) }))).toMatch(/^RangeError/);
  expect(await codeOf(() => packing({ statusLists: lists(3) })), "control").toBe("nothing was thrown");
});

test("[EVP-3] receipts of several logs are told in the order of their times", async () => {
  const logOf = async (seconds: number): Promise<readonly Uint8Array[]> => {
    const entries: Uint8Array[] = [];
    const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(seconds) });
    for (let decision = 0; decision < 3; decision += 1) {
      const artifact = await ingest(issued.artifact, trust, { evaluator, clock: at(seconds) });
      await decide(artifact, request, { evaluator, receipts: log, clock: at(seconds) });
    }
    return entries;
  };
  const logs = [await logOf(300), await logOf(100), await logOf(200)];
  const { receipts } = await verifyEvidence(await packing({ logs }), trust, { evaluator, clock: at(600) });
  const order = receipts.map(({ receipt }) => [receipt.time - start / 1000, receipt.sequence]);
  expect(order).toEqual([100, 200, 300].flatMap((time) => [0, 1, 2].map((sequence) => [time, sequence])));
});

test("[EVP-3] a log that is given twice, before and after its root, is packed once, with its places", async () => {
  const entries: Uint8Array[] = [];
  const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(100) });
  const artifact = await ingest(issued.artifact, trust, { evaluator, clock: at(100) });
  for (let decision = 0; decision < 2; decision += 1)
    await decide(artifact, request, { evaluator, receipts: log, clock: at(100) });
  const before = [...entries];
  await log.signRoot(signers.receipts);
  const roots = async (...logs: readonly Uint8Array[][]): Promise<readonly (string | null)[]> => {
    const audit = await verifyEvidence(await packing({ logs }), trust, { evaluator, clock: at(600) });
    return audit.receipts.map(({ rootedBy }) => rootedBy);
  };
  const rooted = ["urn:lab:receipts", "urn:lab:receipts"];
  expect(await roots(entries), "control").toEqual(rooted);
  expect(await roots(before, entries)).toEqual(rooted);
  expect(await roots(entries, before)).toEqual(rooted);
  expect(await roots(before, before)).toEqual([null, null]);
});

test("[EVP-3] a log that was rooted two ways is packed under one of its roots, and without the other", async () => {
  const entries: Uint8Array[] = [];
  const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(100) });
  const artifact = await ingest(issued.artifact, trust, { evaluator, clock: at(100) });
  await decide(artifact, request, { evaluator, receipts: log, clock: at(100) });
  const before = [...entries];
  await log.signRoot(signers.receipts);
  const unrooted = before.map((entry) => {
    const [, receipt, salt] = decodeCbor(entry) as readonly [number, Uint8Array, Uint8Array];
    return { receipt, salt };
  });
  const other = [...before];
  const second = createReceiptLog({ write: async (entry) => void other.push(entry), unrooted, clock: at(200) });
  await second.signRoot(signers.receipts);
  const pack = await packing({ logs: [entries, other] });
  expect((await verifyEvidence(pack, trust, { evaluator, clock: at(600) })).receipts).toHaveLength(1);
});
