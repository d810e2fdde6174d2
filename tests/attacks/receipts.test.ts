// Attacks on receipt logs: what is cut, put in, moved or signed by keys that no longer count.
import { describe, expect, test } from "vitest";
import { createReceiptLog, decide, describeSigner, nameOf, signReport, verifyReceipts, verifyReport } from "@writ/core";
import type { Signer } from "@writ/core";
import { signRoot } from "../../packages/core/src/batch.ts";
import { decodeCbor, encodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborMap, CborValue } from "../../packages/core/src/cbor.ts";
import { decodeReceiptEntry, receiptLeaves } from "../../packages/core/src/receipt.ts";
import type { StoredReceipt } from "../../packages/core/src/receipt.ts";
import {
  at,
  codeOf,
  evaluator,
  newSigner,
  request,
  sealed,
  signers,
  trust,
  trustWith,
  verified,
} from "../support/scene.ts";

const artifact = await verified((await sealed()).artifact);
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");

async function logged(signer: Signer | null = signers.receipts): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  const log = createReceiptLog({ write: async (entry) => void entries.push(entry), clock: at(60) });
  for (const operation of ["read", "train", "aggregate"] as const)
    await decide(artifact, { ...request, operation }, { evaluator, receipts: log, clock: at(60) });
  if (signer) await log.signRoot(signer);
  return entries;
}

const entries = await logged();
const accepted = "nothing was thrown";
const read = (log: readonly Uint8Array[], by = trust, clock = at(60)): Promise<string> =>
  codeOf(() => verifyReceipts(log, by, { clock }));

/** A receipt with members changed, chained and salted as it was. */
function edited(entry: Uint8Array, change: (receipt: Map<number | string, CborValue>) => void): Uint8Array {
  const [kind, receipt, salt] = decodeCbor(entry) as readonly [number, Uint8Array, Uint8Array];
  const map = new Map(decodeCbor(receipt) as CborMap);
  change(map);
  return encodeCbor([kind, encodeCbor(map), salt]);
}

describe("roots", () => {
  test("[REC-5] [TRU-6] [TRU-8] [SUI-5] keys that no longer count, or never did, sign no receipts", async () => {
    const changed = (members: object): ReturnType<typeof trustWith> =>
      trustWith((draft) =>
        draft.signers.filter(({ role }) => role === "receipt").forEach((signer) => Object.assign(signer, members)),
      );
    expect(await read(entries), "control").toBe(accepted);
    expect(await read(entries, changed({ notAfter: date(60) }))).toBe("signer-dates");
    expect(await read(entries, changed({ notBefore: date(61) }))).toBe("signer-dates");
    expect(await read(entries, changed({ notAfter: date(61), notBefore: date(60) })), "control").toBe(accepted);
    expect(await read(entries, changed({ invalidSince: date(1000) }))).toBe("signer-compromised");
    expect(await read(entries, changed({ role: "anchor" }))).toBe("signer-role");
    const suiteDates = (dates: object): ReturnType<typeof trustWith> =>
      trustWith((draft) => (draft.suites["ed25519"] = dates));
    for (const dates of [{ verifyUntil: date(60) }, { signUntil: date(60) }])
      expect(await read(entries, suiteDates(dates)), JSON.stringify(dates)).toBe("suite-lapsed");
    for (const dates of [{ verifyUntil: date(61) }, { signUntil: date(61) }, {}])
      expect(await read(entries, suiteDates(dates)), "control").toBe(accepted);
    expect(
      await read(
        entries,
        trustWith((draft) => delete draft.suites["ed25519"]),
      ),
    ).toBe("suite-lapsed");
    for (const signer of [signers.archive, signers.deriver, signers.privacy])
      expect(await read(await logged(signer))).toBe("signer-role");
    expect(await codeOf(() => verifyReceipts(entries, { ...trust })), "a copy of a trust policy is none").toMatch(
      /^TypeError/,
    );
  });

  test("[REC-5] [REC-8] [TRU-4] a root is judged at the verifier's time, whatever time it claims", async () => {
    const suiteDates = (dates: object): ReturnType<typeof trustWith> =>
      trustWith((draft) => (draft.suites["ed25519"] = dates));
    expect(await read(entries, trust, at(60 - 300)), "control").toBe(accepted);
    expect(await read(entries, trust, at(60 - 301)), "in the future").toBe("receipt-root");
    const lapsing = suiteDates({ verifyUntil: date(1000) });
    expect(await read(entries, lapsing, at(999)), "control").toBe(accepted);
    expect(await read(entries, lapsing, at(1000)), "lapsed since").toBe("suite-lapsed");
    const expiring = trustWith((draft) => (draft.expires = date(1000)));
    expect(await read(entries, expiring, at(999)), "control").toBe(accepted);
    expect(await read(entries, expiring, at(1000))).toBe("trust-expired");
    const [a, b, c] = entries as [Uint8Array, Uint8Array, Uint8Array];
    const stored = [a, b, c].map((entry) => decodeReceiptEntry(entry) as StoredReceipt);
    const backDated = async (seconds: number): Promise<Uint8Array> =>
      encodeCbor([
        2,
        await signRoot("receipt root", receiptLeaves("ed25519", stored), signers.receipts, at(seconds)() / 1000),
      ]);
    expect(await read([a, b, c, await backDated(60 - 300)]), "control").toBe(accepted);
    expect(await read([a, b, c, await backDated(60 - 301)]), "dated back").toBe("receipt-root");
    expect(await codeOf(() => verifyReceipts(entries, trust, { now: 1 } as never))).toMatch(/^TypeError/);
  });

  test("[REC-8] a later root that counts stands in for one that doesn't, over what its receipts cite", async () => {
    const later = newSigner("urn:lab:receipts", "p256");
    const by = trustWith((draft) => {
      draft.signers.push({ ...describeSigner(later, "receipt") });
      draft.suites["ed25519"] = { verifyUntil: date(1000) };
    });
    const marked = trustWith((draft) => {
      draft.signers
        .filter(({ role }) => role === "receipt")
        .forEach((one) => Object.assign(one, { invalidSince: date(90) }));
      draft.signers.push({ ...describeSigner(later, "receipt") });
    });
    const grown: Uint8Array[] = [...entries];
    const stored = entries.slice(0, 3).map((entry) => decodeReceiptEntry(entry) as StoredReceipt);
    const log = createReceiptLog({
      write: async (entry) => void grown.push(entry),
      lastKnown: nameOf(stored[2]!.receipt),
      clock: at(2000),
    });
    await decide(artifact, request, { evaluator, receipts: log, clock: at(70) });
    expect(await read(grown, by, at(2000)), "control: not without the later root").toBe("suite-lapsed");
    await log.signRoot(later);
    const checked = verifyReceipts(grown, by, { clock: at(2000) });
    expect(checked.map(({ rootedBy }) => rootedBy)).toEqual(Array(4).fill("urn:lab:receipts"));
    expect(await read(grown, marked, at(2000))).toBe(accepted);
    const altered = [...grown];
    altered[1] = edited(grown[1]!, (receipt) => receipt.set(10, "permit"));
    expect(await read(altered, by, at(2000)), "control").toMatch(/^receipt-/);
  });

  test("[REC-5] a root counts the oldest receipts; more than 65,536 take several; a clock that goes back spoils nothing", async () => {
    const [a, b, c, root] = entries as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const two = [a, b].map((entry) => decodeReceiptEntry(entry) as StoredReceipt);
    const overTwo = encodeCbor([
      2,
      await signRoot("receipt root", receiptLeaves("ed25519", two), signers.receipts, at(60)() / 1000),
    ]);
    const rooted = (log: readonly Uint8Array[]): boolean[] =>
      verifyReceipts(log, trust, { clock: at(60) }).map(({ rootedBy }) => rootedBy !== null);
    expect(rooted([a, b, c, overTwo])).toEqual([true, true, false]);
    expect(rooted([a, b, c, root])).toEqual([true, true, true]);
    let now = 60;
    const written: Uint8Array[] = [];
    const log = createReceiptLog({ write: async (entry) => void written.push(entry), clock: () => at(now)() });
    await decide(artifact, request, { evaluator, receipts: log, clock: at(60) });
    now = -4000;
    await log.signRoot(signers.receipts);
    expect(await read(written), "the root is as old as its receipt").toBe(accepted);
  });

  test("[REC-5] a root moved, doubled, of another log or of another kind is none", async () => {
    const [a, b, c, root] = entries as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(await read([a, b, root, c])).toBe("receipt-root");
    expect(await read([root, a, b, c])).toBe("receipt-root");
    expect(await read([a, b, c, root, root])).toBe("receipt-root");
    expect(await read([a, b, c, (await logged()).at(-1)!])).toBe("receipt-root");
    const asAnchors = encodeCbor([
      2,
      await signRoot("anchor root", new Uint8Array(32), signers.receipts, Math.floor(at(60)() / 1000)),
    ]);
    expect(await read([a, b, c, asAnchors])).toBe("cose-structure");
    expect(await read([a, b, c]), "control: without a root it is a chain, and says so").toBe(accepted);
    expect(verifyReceipts([a, b, c], trust).every(({ rootedBy }) => rootedBy === null)).toBe(true);
  });
});

describe("chains", () => {
  test("[REC-4] an edited, inserted, removed, repeated or reordered receipt shows without a root", async () => {
    const [a, b, c] = entries as [Uint8Array, Uint8Array, Uint8Array];
    const other = await logged(null);
    const verdict =
      (value: string) =>
      (entry: Uint8Array): Uint8Array =>
        edited(entry, (receipt) => receipt.set(10, value));
    const cases: Record<string, readonly Uint8Array[]> = {
      edited: [verdict("deny")(a), b, c],
      "edited in the middle": [a, verdict("permit")(b), c],
      inserted: [a, other[0]!, b, c],
      removed: [a, c],
      "first removed": [b, c],
      repeated: [a, a, b, c],
      reordered: [b, a, c],
      "sequence again from 0": [a, edited(b, (receipt) => receipt.set(21, 0)), c],
      "another emitter in the middle": [a, edited(b, (receipt) => receipt.set(20, new Uint8Array(16))), c],
      "two logs mixed": [a, b, ...other],
    };
    for (const [name, log] of Object.entries(cases)) expect(await read(log), name).toBe("receipt-chain");
    expect(await read([a, b, c]), "control").toBe(accepted);
    expect(await read([a, b]), "known limit: a cut end shows only against a root or a witness").toBe(accepted);
    expect(await read([a, b, entries[3]!])).toBe("receipt-root");
  });
});

describe("reports", () => {
  test("[RAN-15] [TRU-8] [SUI-5] keys that no longer count sign no report of a campaign", async () => {
    const seconds = (offset: number): number => Math.floor(at(offset)() / 1000);
    const report = await signReport(
      {
        campaign: new Uint8Array(16),
        corpus: "data",
        suite: signers.archive.suite,
        mode: "commit",
        startedAt: seconds(50),
        endedAt: seconds(60),
        ended: "complete",
        trustSequence: 1,
        signCalls: 0,
        entries: [],
      },
      signers.archive,
    );
    const under = (members: object, suite: object = {}): Promise<string> => {
      const by = trustWith((draft) => {
        draft.signers
          .filter(({ authority }) => authority === "urn:acme:archive")
          .forEach((s) => Object.assign(s, members));
        draft.suites["ed25519+mldsa65"] = suite;
      });
      return codeOf(() => verifyReport(report, by, { clock: at(100) }));
    };
    expect(await under({ invalidSince: date(90) })).toBe("signer-compromised");
    expect(await under({}, { signUntil: date(60) })).toBe("suite-lapsed");
    expect(await under({}, { verifyUntil: date(100) })).toBe("suite-lapsed");
    expect(await under({ notAfter: date(60) })).toBe("signer-dates");
    expect(await under({ notAfter: date(61) }, { signUntil: date(61), verifyUntil: date(101) }), "control").toBe(
      accepted,
    );
  });
});
