// The run: who gets an anchor, who doesn't and why, and how a run ends.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CustodyError, ingest, nameOf, splitCarrier } from "@writ/core";
import type { Signer } from "@writ/core";
import { directoryStore, inventory, plan, run } from "@writ/reanchor";
import type { CorpusStore, RunResult } from "@writ/reanchor";
import { encodeAnchor, encodeStatement, parseAnchor } from "../../packages/core/src/anchor.ts";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { listAttachments } from "../../packages/core/src/attachments.ts";
import { at, codeOf, newSigner, sealed, signers, trust, trustWith } from "../support/scene.ts";
import {
  addEnvelope,
  addSealed,
  byArchive,
  committing,
  corpusOf,
  digestsIn,
  filesIn,
  isContent,
  isSidecar,
  later,
  suitesIn,
} from "./corpus.ts";

const toDefault = { to: "default" } as const;
const date = (seconds: number): string => new Date(at(seconds)()).toISOString().replace(".000", "");

function outcomesOf({ outcomes }: RunResult): Record<string, string> {
  return Object.fromEntries(
    outcomes.map(({ path, outcome, code }) => [path, code === undefined ? outcome : `${outcome} ${code}`]),
  );
}

function addsUp({ counts, outcomes }: RunResult, items: number): void {
  expect(outcomes).toHaveLength(items);
  expect(new Set(outcomes.map(({ path }) => path)).size).toBe(items);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(items);
}

/** A signer whose keys sign through `before`, which may throw or look. */
function watched(signer: Signer, before: () => void): Signer {
  const keys = signer.keys.map(({ alg, publicKey, sign }) => ({
    alg,
    publicKey,
    sign: (message: Uint8Array) => {
      before();
      return sign(message);
    },
  }));
  return { ...signer, keys };
}

/** A store that calls `before` ahead of every read. */
function watchedStore(store: CorpusStore, before: (path: string) => void): CorpusStore {
  return {
    location: store.location,
    list: () => store.list(),
    openWriter: () => store.openWriter(),
    read: (path) => {
      before(path);
      return store.read(path);
    },
  };
}

describe("a campaign", () => {
  test("[RAN-18] a dry run signs nothing and writes nothing, and says what a run would do", async () => {
    const folder = await corpusOf(4);
    const before = digestsIn(folder);
    let signed = 0;
    const signer = watched(signers.archive, () => (signed += 1));
    const result = await run(directoryStore(folder), toDefault, { ...byArchive, signer });
    expect(result).toMatchObject({ committed: false, ended: "complete", batches: 0, signCalls: 0, bytesWritten: 0 });
    expect(result.counts).toEqual({
      anchored: 0,
      current: 0,
      planned: 4,
      "set-aside": 0,
      quarantined: 0,
      "not-reached": 0,
    });
    expect(signed).toBe(0);
    expect(digestsIn(folder)).toEqual(before);

    await run(directoryStore(folder), toDefault, { ...committing, signer });
    expect(signed).toBe(2);
    expect(digestsIn(folder, isSidecar)).not.toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => isSidecar(path))),
    );
  });

  test("[RAN-6] [RAN-10] every artifact is covered, content stays, old copies verify; a second run does nothing", async () => {
    const folder = await corpusOf(9);
    const old = Object.fromEntries(
      filesIn(folder)
        .filter(isSidecar)
        .map((path) => [path, readFileSync(join(folder, path))]),
    );
    const content = digestsIn(folder, isContent);
    const result = await run(directoryStore(folder), toDefault, {
      ...committing,
      batchSize: 4,
      reason: "classical suites end",
    });
    expect(result).toMatchObject({ ended: "complete", batches: 3, signCalls: 6, committed: true, warnings: [] });
    expect(result.counts.anchored).toBe(9);
    addsUp(result, 9);
    expect(digestsIn(folder, isContent)).toEqual(content);
    expect(filesIn(folder)).toHaveLength(18);
    expect(Object.values(await suitesIn(folder))).toEqual(Array(9).fill(["p256", "ed25519+mldsa65"]));

    const required = trustWith(
      (draft) => (draft["required"] = [{ from: date(0), suites: ["ed25519+mldsa65"], stage: "enforce" }]),
    );
    expect(Object.keys(await suitesIn(folder, required))).toHaveLength(9);
    for (const [path, bytes] of Object.entries(old)) {
      const now = decodeArtifact(readFileSync(join(folder, path)));
      const then = decodeArtifact(bytes);
      expect([now.core, now.keys, now.anchors[0]]).toEqual([then.core, then.keys, then.anchors[0]]);
      expect((await ingest(bytes, trust, { clock: at(later) })).evidence.era).toBe("classical");
      expect(await codeOf(() => ingest(bytes, required, { clock: at(later) }))).toBe("suite-required");
      const { outcome, head } = result.outcomes.find((entry) => entry.path === path)!;
      expect([outcome, head]).toEqual([
        "anchored",
        (await ingest(readFileSync(join(folder, path)), trust, { clock: at(later) })).head,
      ]);
    }

    const before = digestsIn(folder);
    const again = await run(directoryStore(folder), toDefault, { ...committing, clock: at(later + 60) });
    expect(again).toMatchObject({ ended: "complete", batches: 0, signCalls: 0, bytesWritten: 0 });
    expect(again.counts.current).toBe(9);
    expect(digestsIn(folder)).toEqual(before);
  });

  test("[RAN-6] every prefix of several campaigns verifies, and each campaign adds one anchor", async () => {
    const folder = await corpusOf(3);
    await run(directoryStore(folder), toDefault, committing);
    await run(
      directoryStore(folder),
      { to: "mldsa65" },
      { ...committing, signer: signers.second, clock: at(later + 10) },
    );
    await run(directoryStore(folder), toDefault, { ...committing, clock: at(later + 20) });
    for (const path of filesIn(folder).filter(isSidecar)) {
      const parts = decodeArtifact(readFileSync(join(folder, path)));
      expect(parts.anchors).toHaveLength(3);
      for (let count = 1; count <= 3; count += 1) {
        const anchors = parts.anchors.slice(0, count);
        const named = (attachment: Uint8Array): boolean => {
          const { kind, content } = listAttachments([attachment])[0]!;
          const name = Buffer.from(nameOf(content).slice("sha384:".length), "hex");
          return kind !== "root" || anchors.some((anchor) => Buffer.from(anchor).includes(name));
        };
        const prefix = encodeArtifact({ ...parts, anchors, attachments: parts.attachments.filter(named) });
        expect((await ingest(prefix, trust, { clock: at(later + 60) })).evidence.anchors).toHaveLength(count);
      }
    }
  });

  test("[RAN-10] an envelope is rewritten with its content unchanged", async () => {
    const folder = await corpusOf(1);
    const path = await addEnvelope(folder, "envelope");
    const before = splitCarrier(readFileSync(join(folder, path)));
    expect((await run(directoryStore(folder), toDefault, committing)).counts.anchored).toBe(2);
    const after = splitCarrier(readFileSync(join(folder, path)));
    expect(after.form).toBe("envelope");
    expect(Buffer.from(after.content!)).toEqual(Buffer.from(before.content!));
    const { evidence, contentChecked } = await ingest(after.artifact, trust, {
      clock: at(later + 60),
      content: after.content!,
    });
    expect([evidence.era, contentChecked]).toEqual(["hybrid", true]);
  });

  test("an artifact sealed in this very second gets its anchor one second later", async () => {
    const folder = await corpusOf(2);
    const result = await run(directoryStore(folder), toDefault, { ...committing, clock: at(0) });
    expect(result.counts.anchored).toBe(2);
    const [path] = filesIn(folder).filter(isSidecar);
    const { evidence } = await ingest(readFileSync(join(folder, path!)), trust, { clock: at(0) });
    expect(evidence.anchors.map(({ time }) => time - at(0)() / 1000)).toEqual([0, 1]);
  });

  test("a plan's order is kept, and what came after the plan is taken as well", async () => {
    const folder = await corpusOf(3);
    const store = directoryStore(folder);
    const planned = plan(await inventory(store, { trust, clock: at(later) }), toDefault);
    await addSealed(folder, "aaa-new");
    const reversed = { ...planned, items: planned.items.toReversed() };
    const result = await run(store, JSON.parse(JSON.stringify(reversed)) as typeof reversed, committing);
    expect(result.outcomes.map(({ path }) => path)).toEqual([
      ...reversed.items.map(({ path }) => path),
      "aaa-new.sealed.writ",
    ]);
    expect(result.counts.anchored).toBe(4);
  });
});

describe("who gets no anchor", () => {
  test("[RAN-8] bad items are set aside with code and attempts, stop nothing and are all listed", async () => {
    const folder = await corpusOf(3);
    writeFileSync(join(folder, "empty.writ"), "");
    writeFileSync(join(folder, "junk.writ"), "junk");
    writeFileSync(
      join(folder, "foreign.writ"),
      (await sealed(Buffer.from("x"), { signer: signers.stranger })).artifact,
    );
    const flipped = readFileSync(join(folder, "even/000.sealed.writ"));
    flipped[flipped.length - 40]! ^= 1;
    writeFileSync(join(folder, "even/000.sealed.writ"), flipped);
    const before = digestsIn(folder);
    const result = await run(directoryStore(folder), toDefault, committing);
    expect(result.ended).toBe("complete");
    addsUp(result, 6);
    const outcomes = outcomesOf(result);
    expect(outcomes).toMatchObject({
      "empty.writ": "set-aside input-empty",
      "junk.writ": "set-aside format-unknown",
      "foreign.writ": "set-aside signer-unknown",
      "even/002.sealed.writ": "anchored",
      "odd/001.sealed.writ": "anchored",
    });
    expect(outcomes["even/000.sealed.writ"]).toMatch(/^set-aside /);
    expect(result.outcomes.every(({ attempts }) => attempts === 1)).toBe(true);
    for (const path of ["empty.writ", "junk.writ", "foreign.writ", "even/000.sealed.writ"])
      expect(digestsIn(folder)[path]).toBe(before[path]);
  });

  test("[RAN-8] a passing fault is tried again, three times in all", async () => {
    const folder = await corpusOf(4);
    const faults = new Map([
      ["even/000.sealed.writ", 2],
      ["odd/001.sealed.writ", 9],
    ]);
    const store = watchedStore(directoryStore(folder), (path) => {
      const left = faults.get(path) ?? 0;
      faults.set(path, left - 1);
      if (left > 0) throw new CustodyError("custody-unavailable", "the disk is away", { retryable: true });
    });
    const waits: number[] = [];
    const result = await run(store, toDefault, { ...committing, wait: (ms) => Promise.resolve(void waits.push(ms)) });
    addsUp(result, 4);
    const of = (path: string): unknown => result.outcomes.find((entry) => entry.path === path);
    expect(of("even/000.sealed.writ")).toMatchObject({ outcome: "anchored", attempts: 3 });
    expect(of("odd/001.sealed.writ")).toMatchObject({ outcome: "set-aside", attempts: 3, code: "custody-unavailable" });
    expect(waits).toEqual([1000, 1000]);
  });

  test("[RAN-9] past a suite's cut-off, classical-only artifacts are quarantined; in time they are covered", async () => {
    const folder = await corpusOf(2);
    const ending = trustWith((draft) => (draft.suites["p256"] = { verifyUntil: date(later) }));
    const required = trustWith(
      (draft) => (draft["required"] = [{ from: date(later), suites: ["ed25519+mldsa65"], stage: "enforce" }]),
    );
    const before = digestsIn(folder);
    for (const [under, code] of [
      [ending, "suite-lapsed"],
      [required, "suite-required"],
    ] as const) {
      const late = await run(directoryStore(folder), toDefault, { ...committing, trust: under });
      expect(Object.values(outcomesOf(late))).toEqual(Array(2).fill(`quarantined ${code}`));
      expect(digestsIn(folder)).toEqual(before);
    }
    const inTime = await run(directoryStore(folder), toDefault, { ...committing, trust: ending, clock: at(later - 1) });
    expect(inTime.counts.anchored).toBe(2);
    const after = await run(directoryStore(folder), toDefault, { ...committing, trust: ending });
    expect(after.counts.current).toBe(2);
  });

  test("[RAN-7] a signer whose anchors would not count is refused before anything is read", async () => {
    const folder = await corpusOf(1);
    const before = digestsIn(folder);
    const code = (change: Partial<typeof committing>): Promise<string> =>
      codeOf(() => run(directoryStore(folder), toDefault, { ...committing, ...change }));
    const stranger = newSigner("urn:acme:archive", "ed25519+mldsa65");
    const withArchive = (more: object): typeof trust =>
      trustWith((draft) => {
        draft.signers = draft.signers.map((entry) =>
          entry.authority === "urn:acme:archive" ? { ...entry, ...more } : entry,
        );
      });
    expect(await code({ signer: stranger })).toBe("signer-unknown");
    expect(await code({ signer: { ...signers.archive, authority: "urn:other" } })).toBe("signer-unknown");
    expect(await code({ trust: withArchive({ role: "receipt", trustedTime: false }) })).toBe("signer-role");
    expect(await code({ trust: withArchive({ notAfter: date(60) }) })).toBe("signer-dates");
    expect(await code({ trust: withArchive({ invalidSince: date(60) }) })).toBe("signer-compromised");
    expect(
      await code({ trust: trustWith((draft) => (draft.suites["ed25519+mldsa65"] = { signUntil: date(60) })) }),
    ).toBe("suite-lapsed");
    expect(await code({ trust: trustWith((draft) => (draft.expires = date(60))) })).toBe("trust-expired");
    await expect(run(directoryStore(folder), { to: "mldsa65" }, committing)).rejects.toThrow(TypeError);
    await expect(run(directoryStore(folder), toDefault, { trust, commit: true })).rejects.toThrow(TypeError);
    await expect(run(directoryStore(folder), toDefault, { ...committing, batchsize: 3 } as never)).rejects.toThrow(
      TypeError,
    );
    for (const wrong of [
      { limit: 0 },
      { maxSetAside: 1.1 },
      { maxSetAside: Number.NaN },
      { batchMs: 60_001 },
      { batchSize: 0 },
      { reason: "" },
    ]) {
      await expect(run(directoryStore(folder), toDefault, { ...committing, ...wrong })).rejects.toThrow(RangeError);
    }
    expect(digestsIn(folder)).toEqual(before);
    expect(
      (await run(directoryStore(folder), toDefault, { ...committing, trust: withArchive({ trustedTime: false }) }))
        .warnings,
    ).toHaveLength(1);
  });

  test("[RAN-7] what would not verify with its new anchor is not written", async () => {
    const folder = await corpusOf(3);
    const before = digestsIn(folder);
    const broken: Signer = {
      ...signers.archive,
      keys: signers.archive.keys.map(({ alg, publicKey, sign }) => ({
        alg,
        publicKey,
        sign: async (message: Uint8Array) =>
          (await sign(message)).map((byte, index) => (index === 5 ? byte ^ 1 : byte)),
      })),
    };
    const result = await run(directoryStore(folder), toDefault, { ...committing, signer: broken });
    expect(Object.values(outcomesOf(result))).toEqual(Array(3).fill("set-aside signature-invalid"));
    expect(digestsIn(folder)).toEqual(before);
  });

  test("[RAN-8] an artifact with later anchors of an unknown suite is set aside: they would be dropped from sight", async () => {
    const folder = await corpusOf(1);
    const { artifact } = await sealed(Buffer.from("x"));
    const parts = decodeArtifact(artifact);
    const { statement } = parseAnchor(parts.anchors[0]!, 0);
    const unknown = encodeAnchor(encodeStatement({ ...statement, kind: "cover", sequence: 1, suite: "mldsa999" }), []);
    writeFileSync(join(folder, "later.writ"), encodeArtifact({ ...parts, anchors: [...parts.anchors, unknown] }));
    const accepting = trustWith((draft) => (draft["acceptUnknownLaterAnchors"] = true));
    const refusing = await run(directoryStore(folder), toDefault, byArchive);
    expect(outcomesOf(refusing)["later.writ"]).toBe("set-aside suite-unknown");
    const found = await inventory(directoryStore(folder), { trust: accepting, clock: at(later) });
    expect(plan(found, toDefault).items.map(({ code }) => code)).toEqual([null, "anchor-chain"]);
    const result = await run(directoryStore(folder), toDefault, { ...committing, trust: accepting });
    expect(outcomesOf(result)).toEqual({ "even/000.sealed.writ": "anchored", "later.writ": "set-aside anchor-chain" });
  });

  test("an artifact dated too far ahead is left for a later run, and dates no batch", async () => {
    const folder = await corpusOf(1);
    const ahead = await sealed(Buffer.from("x"), { clock: at(later + 200) });
    writeFileSync(join(folder, "ahead.writ"), ahead.artifact);
    const result = await run(directoryStore(folder), toDefault, committing);
    expect(outcomesOf(result)).toEqual({ "ahead.writ": "set-aside anchor-time", "even/000.sealed.writ": "anchored" });
    const { evidence } = await ingest(readFileSync(join(folder, "even/000.sealed.writ")), trust, { clock: at(later) });
    expect(evidence.anchors[1]!.time).toBe(at(later)() / 1000);
  });
});

describe("how a run ends", () => {
  test("[RAN-19] a limit anchors that many and no more; the next run goes on", async () => {
    const folder = await corpusOf(7);
    const first = await run(directoryStore(folder), toDefault, { ...committing, limit: 3 });
    expect(first.ended).toBe("limit");
    expect(first.counts).toMatchObject({ anchored: 3, "not-reached": 4 });
    addsUp(first, 7);
    expect(Object.values(await suitesIn(folder)).filter((names) => names.length === 2)).toHaveLength(3);
    const second = await run(directoryStore(folder), toDefault, { ...committing, limit: 4 });
    expect(second.ended).toBe("complete");
    expect(second.counts).toMatchObject({ anchored: 4, current: 3 });
  });

  test("[RAN-19] one item too many set aside aborts the run; nothing pending is signed", async () => {
    const folder = await corpusOf(8);
    for (const name of ["even/001.writ", "odd/000.writ"]) writeFileSync(join(folder, name), "junk");
    const before = digestsIn(folder);
    const aborted = await run(directoryStore(folder), toDefault, { ...committing, maxSetAside: 0.1 });
    expect(aborted).toMatchObject({ ended: "aborted", endedCode: "max-set-aside", signCalls: 0 });
    expect(aborted.counts).toMatchObject({ anchored: 0, "set-aside": 2, "not-reached": 8 });
    addsUp(aborted, 10);
    expect(digestsIn(folder)).toEqual(before);
    const tolerated = await run(directoryStore(folder), toDefault, { ...committing, maxSetAside: 0.2 });
    expect(tolerated).toMatchObject({ ended: "complete", counts: { anchored: 8, "set-aside": 2 } });
  });

  test("[RAN-20] an interrupted run anchors what is pending and lists the rest; the next one goes on", async () => {
    const folder = await corpusOf(6);
    const stop = new AbortController();
    let reads = 0;
    const store = watchedStore(directoryStore(folder), () => {
      reads += 1;
      if (reads === 3) stop.abort();
    });
    const first = await run(store, toDefault, { ...committing, signal: stop.signal });
    expect(first).toMatchObject({ ended: "interrupted", batches: 1 });
    expect(first.counts).toMatchObject({ anchored: 3, "not-reached": 3 });
    addsUp(first, 6);
    const second = await run(directoryStore(folder), toDefault, committing);
    expect(second).toMatchObject({ ended: "complete", counts: { anchored: 3, current: 3 } });
  });

  test("[RAN-20] a signer that is away is waited for; one that stays away or refuses ends the run with its code", async () => {
    const folder = await corpusOf(3);
    const before = digestsIn(folder);
    const faulty = (faults: number, retryable: boolean): Signer => {
      let left = faults;
      return watched(signers.archive, () => {
        left -= 1;
        if (left >= 0)
          throw new CustodyError(retryable ? "custody-throttled" : "custody-denied", "not now", { retryable });
      });
    };
    for (const [signer, code] of [
      [faulty(99, true), "custody-throttled"],
      [faulty(1, false), "custody-denied"],
    ] as const) {
      const result = await run(directoryStore(folder), toDefault, { ...committing, signer });
      expect(result).toMatchObject({ ended: "aborted", endedCode: code, counts: { anchored: 0, "not-reached": 3 } });
      expect(Object.values(outcomesOf(result))).toEqual(Array(3).fill(`not-reached ${code}`));
      addsUp(result, 3);
      expect(digestsIn(folder)).toEqual(before);
    }
    const waits: number[] = [];
    const patient = await run(directoryStore(folder), toDefault, {
      ...committing,
      signer: faulty(3, true),
      wait: (ms) => Promise.resolve(void waits.push(ms)),
    });
    expect(patient).toMatchObject({ ended: "complete", counts: { anchored: 3 }, signCalls: 5 });
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test("a batch closes by its age as well as by its size", async () => {
    const folder = await corpusOf(6);
    let now = at(later)();
    const result = await run(directoryStore(folder), toDefault, {
      ...committing,
      batchMs: 5000,
      clock: () => (now += 500),
    });
    expect(result.counts.anchored).toBe(6);
    expect(result.batches).toBeGreaterThan(1);
  });

  test("[RAN-8] [RAN-19] whatever the corpus, limit and batch: outcomes add up, and runs end in a corpus that is done", async () => {
    const pool = await Promise.all(Array.from({ length: 6 }, () => sealed(Buffer.from("x"))));
    const good = pool.map(({ artifact }) => artifact);
    const hybrid = (await sealed(Buffer.from("y"), { signer: signers.hybrid })).artifact;
    const item = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...good) },
      fc.constant(hybrid),
      fc.uint8Array({ maxLength: 40 }),
      fc.nat({ max: 300 }).map((length) => good[0]!.subarray(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 9 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 5 }),
        async (items, limit, batchSize) => {
          const folder = await corpusOf(0);
          items.forEach((bytes, index) => writeFileSync(join(folder, `${index}.writ`), bytes));
          let result: RunResult;
          let runs = 0;
          do {
            result = await run(directoryStore(folder), toDefault, {
              ...committing,
              limit,
              batchSize,
              clock: at(later + runs),
            });
            addsUp(result, items.length);
            expect(result.counts.anchored).toBeLessThanOrEqual(limit);
            runs += 1;
          } while (result.ended === "limit" && runs < 12);
          expect(result.ended).toBe("complete");
          const verified = items.filter((bytes) => bytes.length > 300).length;
          expect(result.counts.anchored + result.counts.current).toBe(verified);
          expect(result.counts["set-aside"]).toBe(items.length - verified);
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 25 },
    );
  });
});
