// decide, permits and open through the public entry points.
import { randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decide, ingest, open, openRange, openReceiptFile, readReceiptFile, verifyReceipts } from "@writ/core";
import type { Decision, DecisionRequest, VerifiedArtifact } from "@writ/core";
import {
  at,
  codeOf,
  drain,
  evaluator,
  freshPath,
  keystore,
  memorySink,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const original = await sealed(randomBytes(3000));
const artifact = await verified(original.artifact);

async function decided(change: Partial<DecisionRequest> = {}, over: VerifiedArtifact = artifact): Promise<Decision> {
  return decide(over, { ...request, ...change }, { evaluator, receipts: "none", clock: at(60) });
}

describe("decide", () => {
  test("[DEC-1] permits, denies and leaves open, each as a value", async () => {
    expect((await decided()).verdict).toBe("permit");
    expect((await decided({ operation: "train" })).verdict).toBe("deny");
    const { region: _region, ...withoutRegion } = request;
    const open = await decide(artifact, withoutRegion, { evaluator, receipts: "none", clock: at(60) });
    expect(open.verdict).toBe("unknown");
    expect(open.missing.map(({ fact }) => fact)).toEqual(["region"]);
    expect(open.permit).toBeNull();
  });

  test("[DEC-1] refuses to decide without a sink unless that is written out", async () => {
    expect(await codeOf(() => decide(artifact, request, { evaluator } as never))).toBe("receipts-required");
    const strict = trustWith((draft) => (draft["demands"] = [{ classifications: ["internal"], receipts: true }]));
    const demanded = await ingest(original.artifact, strict, { evaluator, clock: at(60) });
    expect(await codeOf(() => decide(demanded, request, { evaluator, receipts: "none", clock: at(60) }))).toBe(
      "receipts-required",
    );
    const control = await decide(demanded, request, { evaluator, receipts: memorySink(), clock: at(60) });
    expect(control.verdict).toBe("permit");
  });

  test("[ING-1] takes only what ingest made: a copy of a verified artifact is none", async () => {
    await expect(decided({}, { ...artifact })).rejects.toThrow(TypeError);
    expect((await decided({}, artifact)).verdict).toBe("permit");
  });

  test("[DEC-2] checks before the first decision what an ingest without evaluator left unchecked", async () => {
    const unchecked = await ingest(original.artifact, trust, { clock: at(60) });
    expect(unchecked.checks.find(({ check }) => check === "terms")?.outcome).toBe("unchecked");
    expect((await decided({}, unchecked)).verdict).toBe("permit");
    const refusing = { ...evaluator, id: "refuses", prepare: () => evaluator.prepare("{") };
    const again = await ingest(original.artifact, trust, { clock: at(60) });
    expect(await codeOf(() => decide(again, request, { evaluator: refusing, receipts: "none", clock: at(60) }))).toBe(
      "json-invalid",
    );
  });

  test("[DEC-5] denies on expired evidence, whatever the policy says", async () => {
    const lapsing = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: "2026-06-01T00:00:00Z" }));
    const later = Date.parse("2026-07-01T00:00:00Z");
    const expired = await ingest(original.artifact, lapsing, { evaluator, clock: () => later });
    expect(expired.evidence.standing).toBe("expired");
    const decision = await decide(expired, request, { evaluator, receipts: "none", clock: () => later });
    expect(decision).toMatchObject({ verdict: "deny", reasons: [{ code: "standing-expired" }] });
    const inTime = await ingest(original.artifact, lapsing, { evaluator, clock: at(60) });
    expect((await decided({}, inTime)).verdict).toBe("permit");
  });

  test("[DEC-7] a permit ends with what proves its principal, and from then on there is none", async () => {
    const until = async (principalExpires: number): Promise<Decision> =>
      decide(artifact, request, { evaluator, receipts: "none", state: { principalExpires }, clock: at(60) });
    const now = at(60)() / 1000;
    expect((await until(now + 20)).permit!.until).toBe(now + 20);
    expect((await until(now + 2000)).permit!.until).toBe(now + 300); // control
    const over = await until(now);
    expect(over).toMatchObject({ verdict: "deny", permit: null, reasons: [{ code: "principal-expired" }] });
    await expect(until(now + 0.5)).rejects.toThrow(TypeError);
    await expect(until(Number.NaN)).rejects.toThrow(TypeError);
    const late = await until(now + 20);
    const options = { custody: keystore, content: original.stored, clock: at(80) };
    expect(await codeOf(() => open(artifact, late.permit!, options))).toBe("permit-expired");
  });

  test("[DEC-6] makes a permit only once its receipt is durable", async () => {
    const failing = { append: () => Promise.reject(new RangeError("disk full")) };
    expect(await codeOf(() => decide(artifact, request, { evaluator, receipts: failing, clock: at(60) }))).toBe(
      "receipt-not-durable",
    );
    const { permit } = await decided();
    expect(permit!.until).toBe(Math.floor(at(60)() / 1000) + 300);
  });

  test("[DEC-4] a receipt names artifact, request, policies, principal and verdict", async () => {
    const sink = memorySink();
    await decide(artifact, { ...request, operation: "train" }, { evaluator, receipts: sink, clock: at(60) });
    await decide(artifact, request, { evaluator, receipts: sink, clock: at(60) });
    const [denied, permitted] = sink.bodies;
    expect(denied).toMatchObject({ kind: "decision", verdict: "deny", operation: "train", core: artifact.name });
    expect(denied!.reasons!.map(({ code }) => code)).toContain("operation-prohibited");
    expect(permitted!.obligations).toMatchObject([{ duty: "d1", dueAt: Math.floor(at(60)() / 1000) + 30 * 86_400 }]);
    expect(permitted!.request).not.toBe(denied!.request);
  });
});

describe("permits", () => {
  const options = { custody: keystore, content: original.stored, clock: at(61) };

  test("[PER-2] [OPN-1] a permit opens once", async () => {
    const { permit } = await decided();
    await drain(open(artifact, permit!, options));
    expect(await codeOf(() => open(artifact, permit!, options))).toBe("permit-spent");
  });

  test("[PER-1] nothing but a decision makes one", async () => {
    const { permit } = await decided();
    expect(await codeOf(() => open(artifact, { ...permit! }, options))).toBe("permit-spent");
    expect((await drain(open(artifact, permit!, options))).length).toBe(3000);
  });

  test("[PER-3] a permit is for one head and for a time", async () => {
    const other = await verified((await sealed()).artifact);
    const { permit } = await decided();
    expect(await codeOf(() => open(other, permit!, options))).toBe("permit-mismatch");
    expect(await codeOf(() => open(artifact, permit!, { ...options, clock: at(360) }))).toBe("permit-expired");
    const { permit: fresh } = await decided();
    expect((await drain(open(artifact, fresh!, { ...options, clock: at(359) }))).length).toBe(3000);
  });

  test("[OPN-5] a range is the slice of the whole", async () => {
    const whole = await drain(open(artifact, (await decided()).permit!, options));
    const range = await openRange(artifact, (await decided()).permit!, { start: 100, end: 1500 }, options);
    expect(Buffer.from(range).equals(whole.subarray(100, 1500))).toBe(true);
    expect(
      await codeOf(async () =>
        openRange(artifact, (await decided()).permit!, { start: 1, end: 2 }, { ...options, lend: true } as never),
      ),
    ).toContain("TypeError");
  });

  test("[OPN-2] a key of another custody context does not open", async () => {
    const twin = await sealed(randomBytes(3000));
    const stolen = await verified(twin.artifact);
    const { permit } = await decided({}, stolen);
    expect(await codeOf(() => drain(open(stolen, permit!, { ...options, content: original.stored })))).toBe(
      "content-header",
    );
  });

  test("[OPN-3] altered content releases nothing", async () => {
    const altered = Uint8Array.from(original.stored);
    altered[200]! ^= 1;
    const { permit } = await decided();
    expect(await codeOf(() => drain(open(artifact, permit!, { ...options, content: altered })))).toBe("content-leaf");
  });
});

describe("receipt file", () => {
  test("[OPN-4] [REC-7] every open leaves a release receipt, complete or not", async () => {
    const file = freshPath("receipts");
    const log = openReceiptFile(file, { clock: at(60) });
    const permitted = async (): Promise<Decision> =>
      decide(artifact, request, { evaluator, receipts: log, clock: at(60) });
    const options = { custody: keystore, content: original.stored, clock: at(61) };
    const first = await permitted();
    await drain(open(artifact, first.permit!, options));
    const stopped = open(artifact, (await permitted()).permit!, options);
    await stopped.next();
    await stopped.return();
    const altered = Uint8Array.from(original.stored);
    altered[100]! ^= 1;
    await codeOf(async () => drain(open(artifact, (await permitted()).permit!, { ...options, content: altered })));
    await log.signRoot(signers.receipts);
    log.close();
    const receipts = verifyReceipts(readReceiptFile(readFileSync(file)).entries, trust);
    const releases = receipts.filter(({ receipt }) => receipt.kind === "release").map(({ receipt }) => receipt);
    expect(releases.map(({ exit }) => exit)).toEqual(["complete", "aborted", "content-leaf"]);
    expect(releases[0]).toMatchObject({ decision: first.receipt, releasedBytes: 3000 });
    expect(releases[0]!.calls).toMatchObject([{ key: "local:data" }]);
    expect(receipts.every(({ rootedBy }) => rootedBy === "urn:lab:receipts")).toBe(true);
  });

  test("[REC-1] [REC-2] [REC-4] [REC-5] a removed, repeated or edited receipt shows", async () => {
    const file = freshPath("chain");
    for (let session = 0; session < 2; session += 1) {
      const log = openReceiptFile(file, { clock: at(60) });
      await Promise.all(
        ["read", "train", "aggregate"].map(async (operation) =>
          decide(artifact, { ...request, operation: operation as "read" }, { evaluator, receipts: log, clock: at(60) }),
        ),
      );
      if (session === 1) await log.signRoot(signers.receipts);
      log.close();
    }
    const { entries } = readReceiptFile(readFileSync(file));
    expect(entries.length).toBe(7);
    expect(verifyReceipts(entries, trust).length).toBe(6);
    const without = (index: number): readonly Uint8Array[] => entries.filter((_, position) => position !== index);
    for (const index of [0, 1, 3, 4])
      expect(await codeOf(() => verifyReceipts(without(index), trust)), `without ${index}`).toBe("receipt-chain");
    expect(await codeOf(() => verifyReceipts(without(5), trust))).toBe("receipt-root");
    expect(await codeOf(() => verifyReceipts([...entries.slice(0, 2), ...entries.slice(1)], trust))).toBe(
      "receipt-chain",
    );
    const edited = entries.map((entry) => Uint8Array.from(entry));
    edited[4]![40]! ^= 1;
    expect(await codeOf(() => verifyReceipts(edited, trust))).toMatch(/^(receipt-|cbor-|structure|version-)/);
    expect(
      await codeOf(() =>
        verifyReceipts(
          entries,
          trustWith(
            (draft) => (draft.signers = draft.signers.filter(({ authority }) => authority !== "urn:lab:receipts")),
          ),
        ),
      ),
    ).toBe("signer-unknown");
  });

  test("[REC-3] [REC-6] a torn last entry is left out and the next one follows what is whole", async () => {
    const file = freshPath("torn");
    const write = async (): Promise<void> => {
      const log = openReceiptFile(file, { clock: at(60) });
      await decide(artifact, request, { evaluator, receipts: log, clock: at(60) });
      log.close();
    };
    await write();
    await write();
    truncateSync(file, readFileSync(file).length - 7);
    await write();
    expect(verifyReceipts(readReceiptFile(readFileSync(file)).entries, trust).length).toBe(2);
    appendFileSync(file, Buffer.from([0, 0, 0, 9, 1]));
    expect(readReceiptFile(readFileSync(file)).entries.length).toBe(2);
    const junk = freshPath("junk");
    writeFileSync(junk, "not receipts at all");
    expect(await codeOf(() => openReceiptFile(junk))).toBe("format-unknown");
    expect(readFileSync(junk, "utf8")).toBe("not receipts at all");
  });
});
