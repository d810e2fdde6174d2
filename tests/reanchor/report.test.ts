// The signed report: complete, unchanged, by the campaign's signer; each change to it is found.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "@writ/core";
import type { CborMap, CborValue } from "@writ/core";
import { directoryStore, inventory, outcomesCsv, run, signReport, verifyReport } from "@writ/reanchor";
import type { RunResult } from "@writ/reanchor";
import { at, codeOf, newSigner, signers, trust, trustWith } from "../support/scene.ts";
import { addSealed, committing, corpusOf, later } from "./corpus.ts";

const toDefault = { to: "default" } as const;
const checked = { clock: at(later + 60) };
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");

/** A run with an outcome of nearly every kind. */
async function mixedRun(): Promise<{ folder: string; result: RunResult }> {
  const folder = await corpusOf(4);
  await addSealed(folder, "aaa-hybrid", signers.hybrid);
  writeFileSync(join(folder, "empty.writ"), "");
  const result = await run(directoryStore(folder), toDefault, { ...committing, limit: 3 });
  return { folder, result };
}

type Parts = [string, number, Uint8Array, Uint8Array[]];

/** A report with its entries changed, its signature kept. */
function withEntries(report: Uint8Array, change: (entries: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const [name, version, message, entries] = decodeCbor(report) as unknown as Parts;
  return encodeCbor([name, version, message, change(entries)]);
}

function withMember(entry: Uint8Array, key: number, value: CborValue): Uint8Array {
  return encodeCbor(new Map([...(decodeCbor(entry) as CborMap), [key, value]]));
}

describe("report", () => {
  test("[RAN-15] [RAN-16] it holds every item, failures included, and its counts add up to the inventory", async () => {
    const { folder, result } = await mixedRun();
    const report = verifyReport(await signReport(result, signers.archive), trust, checked);
    expect(report).toMatchObject({
      authority: "urn:acme:archive",
      campaign: result.campaign,
      location: folder,
      to: "ed25519+mldsa65",
      committed: true,
      startedAt: result.startedAt,
      endedAt: result.endedAt,
      ended: "limit",
      trustSequence: 1,
      signCalls: 2,
      counts: { anchored: 3, current: 1, planned: 0, "set-aside": 1, quarantined: 0, "not-reached": 1 },
    });
    expect(report.outcomes).toEqual(result.outcomes);
    const { totals, entries } = await inventory(directoryStore(folder), { trust, clock: at(later + 60) });
    expect(report.outcomes).toHaveLength(totals.items);
    const heads = new Map(entries.map(({ path, head }) => [path, head]));
    for (const { path, head, outcome } of report.outcomes)
      if (outcome === "anchored" || outcome === "current") expect(head).toBe(heads.get(path));
  });

  test("[RAN-16] [RAN-17] an outcome changed, dropped, added, doubled or moved is found; the report as signed is not", async () => {
    const { result } = await mixedRun();
    const report = await signReport(result, signers.archive);
    expect(
      verifyReport(
        withEntries(report, (entries) => entries),
        trust,
        checked,
      ).outcomes,
    ).toHaveLength(6);
    const changes: ((entries: Uint8Array[]) => Uint8Array[])[] = [
      (entries) => entries.map((entry, index) => (index === 5 ? withMember(entry, 2, "current") : entry)),
      (entries) => entries.map((entry, index) => (index === 0 ? withMember(entry, 3, 2) : entry)),
      (entries) => entries.slice(1),
      (entries) => [...entries, entries[0]!],
      (entries) => [entries[1]!, entries[0]!, ...entries.slice(2)],
      () => [],
    ];
    for (const change of changes)
      expect(await codeOf(() => verifyReport(withEntries(report, change), trust, checked))).toBe("report-root");
  });

  test("[RAN-17] only a signer of role anchor or issue, trusted at the end of the run, under an accepted suite", async () => {
    const { result } = await mixedRun();
    const report = await signReport(result, signers.archive);
    const code = (under: typeof trust, bytes = report): Promise<string> =>
      codeOf(() => verifyReport(bytes, under, checked));
    const withArchive = (more: object): typeof trust =>
      trustWith((draft) => {
        draft.signers = draft.signers.map((entry) =>
          entry.authority === "urn:acme:archive" ? { ...entry, trustedTime: false, ...more } : entry,
        );
      });
    expect(await code(withArchive({ role: "receipt" }))).toBe("signer-role");
    expect(await code(withArchive({ notAfter: date(later - 1) }))).toBe("signer-dates");
    expect(await code(trustWith((draft) => (draft.suites["ed25519+mldsa65"] = { verifyUntil: date(later) })))).toBe(
      "suite-lapsed",
    );
    expect(await code(trust, await signReport(result, newSigner("urn:acme:archive", "ed25519+mldsa65")))).toBe(
      "signer-unknown",
    );
    await expect(signReport(result, signers.second)).rejects.toThrow(TypeError);
    expect(await code(trustWith((draft) => (draft.expires = date(later))))).toBe("trust-expired");
  });

  test("[RAN-17] whatever byte of a report is changed, it is refused", async () => {
    const { result } = await mixedRun();
    const report = await signReport(result, signers.archive);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: report.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(report);
        changed[at]! ^= change;
        expect(await codeOf(() => verifyReport(changed, trust, checked))).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      }),
      { numRuns: 300 },
    );
  });

  test("junk is no report, and a report of another use is none", async () => {
    const code = (bytes: Uint8Array): Promise<string> => codeOf(() => verifyReport(bytes, trust, checked));
    expect(await code(new Uint8Array())).toBe("cbor-truncated");
    expect(await code(encodeCbor(["writ", 1]))).toBe("format-unknown");
    expect(await code(encodeCbor(["writ-report", 2, new Uint8Array(3), []]))).toBe("version-unknown");
    const [, , message] = decodeCbor(await signReport((await mixedRun()).result, signers.archive)) as unknown as Parts;
    const swapped = Buffer.from(message);
    swapped.write("receix", swapped.indexOf("report"));
    expect(await code(encodeCbor(["writ-report", 1, swapped, []]))).toBe("cose-structure");
  });

  test("[RAN-18] a dry run's report says that it is one", async () => {
    const folder = await corpusOf(2);
    const result = await run(directoryStore(folder), toDefault, { trust, clock: at(later) });
    const report = verifyReport(await signReport(result, signers.archive), trust, checked);
    expect(report).toMatchObject({ committed: false, counts: { planned: 2, anchored: 0 } });
    expect(outcomesCsv(report.outcomes).split("\r\n")).toHaveLength(4);
  });
});
