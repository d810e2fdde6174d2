// What a corpus holds and until when that suffices: the inventory, and the plan that follows from it.
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { artifactIdText, ingest } from "@writ/core";
import { makeStatement, signAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, decodeCore, encodeArtifact, encodeCore } from "../../packages/core/src/artifact.ts";
import { directoryStore, inventory, inventoryCsv, inventoryText, plan, planText, run } from "@writ/reanchor";
import type { CorpusStore, Inventory } from "@writ/reanchor";
import { at, codeOf, sealed, signers, trust, trustWith } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";
import { scratchFolder } from "../support/scratch.ts";
import { addEnvelope, addSealed, byArchive, committing, corpusOf, digestsIn, filesIn, later } from "./corpus.ts";

const taken = { trust, clock: at(later) };
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");
const seconds = (offset: number): number => Math.floor(at(offset)() / 1000);
const day = 86_400;

async function pathsOf(store: CorpusStore): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of store.list()) paths.push(path);
  return paths;
}

describe("inventory", () => {
  test("[RAN-1] every item has a row: figures of what verifies, the code of what doesn't", async () => {
    const folder = scratchFolder();
    const classical = await addSealed(folder, "a");
    const hybrid = await addSealed(folder, "b", signers.hybrid);
    const envelope = await addEnvelope(folder, "c");
    writeFileSync(join(folder, "empty.writ"), "");
    writeFileSync(join(folder, "junk.writ"), "no artifact");
    const truncated = readFileSync(join(folder, classical)).subarray(0, 500);
    writeFileSync(join(folder, "truncated.writ"), truncated);
    const foreign = await sealed(Buffer.from("x"), { signer: signers.stranger });
    writeFileSync(join(folder, "foreign.writ"), foreign.artifact);

    const { entries, findings, totals } = await inventory(directoryStore(folder), taken);

    expect(findings.map(({ path, code }) => [path, code])).toEqual([
      ["empty.writ", "input-empty"],
      ["foreign.writ", "signer-unknown"],
      ["junk.writ", "format-unknown"],
      ["truncated.writ", "cbor-truncated"],
    ]);
    expect(entries.map(({ path, form, suites, era }) => [path, form, suites, era])).toEqual([
      [classical, "sidecar", ["p256"], "classical"],
      [hybrid, "sidecar", ["ed25519+mldsa65"], "hybrid"],
      [envelope, "envelope", ["p256"], "classical"],
    ]);
    const artifact = await ingest(readFileSync(join(folder, classical)), trust, { clock: at(later) });
    expect(entries[0]).toMatchObject({
      id: artifactIdText(artifact.core),
      head: artifact.head,
      issuer: "urn:acme:data",
      classification: "internal",
      policies: ["urn:acme:policy:research"],
      standing: "valid",
      wrapEra: "pq",
      custodies: ["local"],
      keys: [artifact.keys.recipients[0]!.custodyUri],
      contentHash: "sha256",
      sealedAt: seconds(0),
      ageSeconds: later,
      exposures: 0,
      deadline: null,
      sizeBytes: readFileSync(join(folder, classical)).length,
      contentBytes: readFileSync(join(folder, "a.sealed")).length,
    });
    expect(entries[2]!.sizeBytes).toBe(readFileSync(join(folder, envelope)).length);
    expect(entries[2]!.artifactBytes).toBeLessThan(entries[2]!.sizeBytes - entries[2]!.contentBytes);
    expect(totals).toMatchObject({ items: 7, verified: 3, refused: 4, sidecars: 2, envelopes: 1, distinctIds: 3 });
    expect(totals.byEra).toEqual({ classical: 2, hybrid: 1 });
    expect(totals.bySuite).toEqual({ p256: 2, "ed25519+mldsa65": 1 });
    expect(entries.length + findings.length).toBe(totals.items);
  });

  test("[RAN-2] the deadline is the first date of the trust policy at which ingest stops accepting the artifact", async () => {
    const dates = fc.option(fc.integer({ min: 2, max: 200 }), { nil: undefined });
    const required = fc.record({
      from: fc.integer({ min: 2, max: 200 }),
      stage: fc.constantFrom("enforce", "report-only"),
      suites: fc.constantFrom(["ed25519+mldsa65"], ["p256", "ed25519+mldsa65"], ["mldsa65"]),
    });
    const folder = scratchFolder();
    await addSealed(folder, "plain");
    await addSealed(folder, "covered");
    renameSync(join(folder, "plain.sealed.writ"), join(folder, "plain.aside"));
    await run(directoryStore(folder), { to: "default" }, committing);
    renameSync(join(folder, "plain.aside"), join(folder, "plain.sealed.writ"));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ p256: dates, hybrid: dates, ed25519: dates }),
        fc.array(required, { maxLength: 2 }),
        async (until, demands) => {
          const dated = trustWith((draft: TrustDraft) => {
            const entry = (days: number | undefined): object =>
              days === undefined ? {} : { verifyUntil: date(days * day) };
            draft.suites = {
              p256: entry(until.p256),
              "ed25519+mldsa65": entry(until.hybrid),
              ed25519: entry(until.ed25519),
            };
            if (demands.length > 0)
              draft["required"] = demands.map((demand) => ({ ...demand, from: date(demand.from * day) }));
          });
          const { entries } = await inventory(directoryStore(folder), { trust: dated, clock: at(later) });
          expect(entries).toHaveLength(2);
          for (const { path, deadline } of entries) {
            const bytes = readFileSync(join(folder, path));
            const accepted = async (offset: number): Promise<boolean> => {
              try {
                return (await ingest(bytes, dated, { clock: at(offset) })).evidence.standing === "valid";
              } catch {
                return false;
              }
            };
            const offset = deadline === null ? 300 * day : deadline - seconds(0);
            expect(await accepted(offset - 1)).toBe(true);
            expect(await accepted(offset)).toBe(deadline === null);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("[RAN-4] paths are listed once, in order, and listing and reading write nothing", async () => {
    const folder = await corpusOf(6);
    const before = digestsIn(folder);
    const store = directoryStore(folder);
    const paths = await pathsOf(store);
    expect(paths).toEqual(filesIn(folder).filter((path) => path.endsWith(".writ")));
    for (const path of paths) await store.read(path);
    await inventory(store, taken);
    expect(digestsIn(folder)).toEqual(before);

    const seen: string[] = [];
    for await (const path of store.list()) {
      seen.push(path);
      const file = join(folder, path);
      writeFileSync(`${file}.tmp`, readFileSync(file));
      renameSync(`${file}.tmp`, file);
    }
    expect(seen).toEqual(paths);
  });

  test("[RAN-5] one revision with two cores is a fork; copies are not", async () => {
    const folder = scratchFolder();
    await addSealed(folder, "a");
    writeFileSync(join(folder, "copy.writ"), readFileSync(join(folder, "a.sealed.writ")));
    const copies = await inventory(directoryStore(folder), taken);
    expect(copies.totals).toMatchObject({ verified: 2, distinctIds: 1, forks: [] });

    writeFileSync(join(folder, "fork.writ"), await resealed(readFileSync(join(folder, "copy.writ"))));
    const forked = await inventory(directoryStore(folder), taken);
    expect(forked.totals).toMatchObject({ verified: 3, distinctIds: 1 });
    expect(forked.totals.forks).toEqual([forked.entries[0]!.id]);
  });

  test("as text and CSV: what comes from the corpus steers neither terminal nor spreadsheet", async () => {
    const folder = scratchFolder();
    await addSealed(folder, '=cmd,"x"');
    writeFileSync(join(folder, "\u001b[2J.writ"), "junk");
    const found = await inventory(directoryStore(folder), taken);
    const text = inventoryText({ ...found, location: "corpus\u001b[2J" });
    expect(text).toContain("2 artifacts, 1 verified, 1 refused");
    expect(text).toMatch(/classical +█+ +1\n/);
    expect(text).toMatch(/format-unknown +█+ +1\n/);
    expect(text).not.toContain("\u001b");
    const [header, ...rows] = inventoryCsv(found).trimEnd().split("\r\n");
    expect(header!.split(",").slice(0, 3)).toEqual(["path", "form", "id"]);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^"'=cmd,""x""\.sealed\.writ",sidecar,/);
    expect(rows[1]).toMatch(/,format-unknown,/);
  });

  test("options that are not known, a missing folder and a lapsed trust policy are refused", async () => {
    const folder = await corpusOf(1);
    expect(await codeOf(() => directoryStore(join(folder, "nowhere")))).toBe("input-unreadable");
    await expect(inventory(directoryStore(folder), { ...taken, trustt: trust } as never)).rejects.toThrow(TypeError);
    const lapsed = trustWith((draft) => (draft.expires = date(10)));
    expect(await codeOf(() => inventory(directoryStore(folder), { trust: lapsed, clock: at(later) }))).toBe(
      "trust-expired",
    );
    expect(await codeOf(() => inventory(directoryStore(scratchFolder()), { trust: lapsed, clock: at(later) }))).toBe(
      "trust-expired",
    );
  });
});

/** The artifact's issuer seals another core under the same artifact id and revision. */
async function resealed(original: Uint8Array): Promise<Uint8Array> {
  const parts = decodeArtifact(original);
  const core = { ...decodeCore(parts.core), status: [{ uri: "https://status.example/1", index: 7 }] };
  const changed = { ...parts, core: encodeCore(core) };
  const over = { core: changed.core, keys: parts.keys, artifactId: core.artifactId, contentRoot: core.content.root };
  const statement = makeStatement(over, [], { kind: "seal", suite: "p256", issuedAt: seconds(0) });
  return encodeArtifact({ ...changed, anchors: [await signAnchor(statement, signers.issuer)] });
}

describe("plan", () => {
  async function planned(folder: string, under = trust): Promise<{ found: Inventory; whole: ReturnType<typeof plan> }> {
    const found = await inventory(directoryStore(folder), { trust: under, clock: at(later) });
    return { found, whole: plan(found, { to: "default" }) };
  }

  test("[RAN-3] it follows from inventory and target, names every item, nearest deadline first", async () => {
    const folder = await corpusOf(3);
    await addSealed(folder, "hybrid", signers.hybrid);
    await addEnvelope(folder, "envelope");
    writeFileSync(join(folder, "junk.writ"), "junk");
    const ending = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: date(90 * day) }));
    const { found, whole } = await planned(folder, ending);
    expect(plan(found, { to: "ed25519+mldsa65" })).toEqual(whole);
    expect(plan(JSON.parse(JSON.stringify(found)) as Inventory, { to: "default" })).toEqual(whole);
    expect(whole.items.map(({ path, action }) => [path, action])).toEqual([
      ["envelope.writ", "cover"],
      ["even/000.sealed.writ", "cover"],
      ["even/002.sealed.writ", "cover"],
      ["odd/001.sealed.writ", "cover"],
      ["hybrid.sealed.writ", "current"],
      ["junk.writ", "set-aside"],
    ]);
    expect(whole.totals).toMatchObject({
      items: 6,
      cover: 4,
      current: 1,
      quarantined: 0,
      setAside: 1,
      batches: 1,
      signCalls: 4,
      firstDeadline: seconds(90 * day),
    });
    expect(plan(found, { to: "default", batchSize: 3 }).totals).toMatchObject({ batches: 2, signCalls: 6 });
    expect(plan(found, { to: "mldsa65" }).totals).toMatchObject({ cover: 5, signCalls: 2 });
    expect(planText(whole)).toContain("cover        4 in 1 batch(es), 4 Sign calls with the report");
  });

  test("[RAN-3] bytes added and written are foreseen to within 2 %", async () => {
    const folder = await corpusOf(21);
    await addEnvelope(folder, "envelope");
    const { whole } = await planned(folder);
    const sizes = (): Record<string, number> =>
      Object.fromEntries(
        filesIn(folder)
          .filter((path) => path.endsWith(".writ"))
          .map((path) => [path, readFileSync(join(folder, path)).length]),
      );
    const before = sizes();
    const result = await run(directoryStore(folder), whole, committing);
    const after = sizes();
    const added = Object.keys(after).reduce((sum, path) => sum + after[path]! - before[path]!, 0);
    expect(result.counts.anchored).toBe(22);
    expect(Math.abs(whole.totals.bytesAdded - added)).toBeLessThan(added * 0.02);
    const foreseen = whole.totals.sidecarBytesWritten + whole.totals.envelopeBytesRewritten;
    expect(Math.abs(foreseen - result.bytesWritten)).toBeLessThan(result.bytesWritten * 0.02);
    expect(whole.totals.envelopeBytesRewritten).toBeGreaterThan(before["envelope.writ"]!);
  });

  test("[RAN-9] what is past its cut-off is on the quarantine list", async () => {
    const folder = await corpusOf(2);
    const lapsed = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: date(60) }));
    const required = trustWith(
      (draft) => (draft["required"] = [{ from: date(60), suites: ["ed25519+mldsa65"], stage: "enforce" }]),
    );
    for (const [under, code] of [
      [lapsed, "suite-lapsed"],
      [required, "suite-required"],
    ] as const) {
      const { whole } = await planned(folder, under);
      expect(whole.totals).toMatchObject({ cover: 0, quarantined: 2 });
      expect(whole.items.map((item) => item.code)).toEqual([code, code]);
    }
  });

  test("targets and batch sizes that don't exist are refused", async () => {
    const { found } = await planned(await corpusOf(1));
    for (const to of ["cnsa1", "rsa", "constructor"])
      expect(() => plan(found, { to: to as never })).toThrow(RangeError);
    for (const batchSize of [0, 65_537, 1.5])
      expect(() => plan(found, { to: "default", batchSize })).toThrow(RangeError);
    expect(() => plan(found, { to: "default", limit: 3 } as never)).toThrow(TypeError);
  });

  test("a plan is run for its own corpus only", async () => {
    const { whole } = await planned(await corpusOf(1));
    await expect(run(directoryStore(await corpusOf(1)), whole, byArchive)).rejects.toThrow(TypeError);
  });
});

test("[RAN-14] links are never followed, neither as items nor as folders, and paths lead nowhere outside", async () => {
  const outside = await corpusOf(1);
  const folder = await corpusOf(1);
  symlinkSync(join(outside, "even/000.sealed.writ"), join(folder, "link.writ"));
  symlinkSync(join(outside, "even"), join(folder, "linked"));
  mkdirSync(join(folder, "folder.writ"));
  const before = digestsIn(outside);
  const found = await inventory(directoryStore(folder), taken);
  expect(found.entries.map(({ path }) => path)).toEqual(["even/000.sealed.writ"]);
  expect(found.findings.map(({ path, code }) => [path, code])).toEqual([
    ["link.writ", "input-unreadable"],
    ["linked", "input-unreadable"],
  ]);
  const store = directoryStore(folder);
  for (const path of [
    "../x.writ",
    "linked/000.sealed.writ",
    "/etc/passwd",
    "even/../even/000.sealed.writ",
    "",
    "even//000.sealed.writ",
    "a\0.writ",
  ]) {
    expect(await codeOf(() => store.read(path))).toBe("input-unreadable");
  }
  const result = await run(store, { to: "default" }, committing);
  expect(result.counts).toMatchObject({ anchored: 1, "set-aside": 2 });
  expect(digestsIn(outside)).toEqual(before);
});
