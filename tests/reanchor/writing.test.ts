// Writing to a directory: whole or not at all, never over anyone else's change, and from a killed process to a finished corpus.
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ingest, parseTrust } from "@writ/core";
import { directoryStore, run } from "@writ/reanchor";
import type { DirectoryStep } from "@writ/reanchor";
import { root } from "../support/repository.ts";
import { at, codeOf, sealed, signers, trust } from "../support/scene.ts";
import { scratchFolder } from "../support/scratch.ts";
import {
  addSealed,
  committing,
  corpusOf,
  digestsIn,
  filesIn,
  isContent,
  isSidecar,
  later,
  portableSigner,
  suitesIn,
  trustText,
} from "./corpus.ts";
import type { ChildJob } from "./run-child.ts";

const toDefault = { to: "default" } as const;
const journal = ".writ-reanchor";

/** Bytes of every sidecar, by path. */
function sidecarsIn(folder: string): Record<string, Buffer> {
  return Object.fromEntries(
    filesIn(folder)
      .filter(isSidecar)
      .map((path) => [path, readFileSync(join(folder, path))]),
  );
}

describe("a run that is killed", () => {
  const campaign = portableSigner("urn:acme:campaign");
  const trustJson = trustText(campaign.signer, "anchor");
  const under = parseTrust(trustJson);

  function runChild(folder: string, killAt: ChildJob["killAt"]): ReturnType<typeof spawnSync> {
    const job: ChildJob = {
      folder,
      trust: trustJson,
      authority: "urn:acme:campaign",
      pem: campaign.pem,
      now: at(later)(),
      batchSize: 3,
      killAt,
    };
    const file = join(scratchFolder({ "job.json": JSON.stringify(job) }), "job.json");
    const child = join(root, "tests/reanchor/run-child.ts");
    return spawnSync(
      process.execPath,
      ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning", child, file],
      { encoding: "utf8" },
    );
  }

  const points: readonly { readonly step: DirectoryStep; readonly nth: number }[] = [
    { step: "log-written", nth: 1 },
    { step: "log-durable", nth: 1 },
    { step: "temporary-written", nth: 1 },
    { step: "temporary-written", nth: 5 },
    { step: "renamed", nth: 1 },
    { step: "renamed", nth: 4 },
    { step: "folders-durable", nth: 2 },
    { step: "files-durable", nth: 2 },
    { step: "logs-removed", nth: 2 },
  ];

  test.each(points)(
    "[RAN-10] [RAN-11] at $step $nth: every artifact verifies at once, and the next run completes",
    async ({ step, nth }) => {
      const folder = await corpusOf(7);
      const content = digestsIn(folder, isContent);
      const before = sidecarsIn(folder);
      const killed = runChild(folder, { step, nth });
      expect(killed.signal).toBe("SIGKILL");

      const between = await suitesIn(folder, under);
      expect(Object.keys(between)).toEqual(Object.keys(before));
      for (const [path, suites] of Object.entries(between)) {
        if (suites.length === 1) expect(readFileSync(join(folder, path))).toEqual(before[path]);
        else expect(suites).toEqual(["p256", "ed25519+mldsa65"]);
      }

      const result = await run(directoryStore(folder), toDefault, {
        ...committing,
        trust: under,
        signer: campaign.signer,
        clock: at(later + 60),
      });
      expect(result.ended).toBe("complete");
      expect(result.counts.anchored + result.counts.current).toBe(7);
      expect(Object.values(await suitesIn(folder, under))).toEqual(Array(7).fill(["p256", "ed25519+mldsa65"]));
      expect(digestsIn(folder, isContent)).toEqual(content);
      expect(filesIn(folder)).toHaveLength(14);
      expect(existsSync(join(folder, journal))).toBe(false);
    },
  );

  test("control: the child that is not killed completes alone", async () => {
    const folder = await corpusOf(7);
    const whole = runChild(folder, null);
    expect([whole.signal, whole.stderr]).toEqual([null, ""]);
    expect(JSON.parse(String(whole.stdout))).toMatchObject({
      ended: "complete",
      counts: { anchored: 7 },
      recovered: 0,
    });
  });

  test("[RAN-11] what a durable log holds is finished without signing again; a log that is not whole is discarded", async () => {
    const folder = await corpusOf(3);
    expect(runChild(folder, { step: "log-durable", nth: 1 }).signal).toBe("SIGKILL");
    const torn = scratchFolder();
    execFileSync("cp", ["-a", `${folder}/.`, torn]);
    const options = { ...committing, trust: under, signer: campaign.signer, clock: at(later + 60) };
    const finished = await run(directoryStore(folder), toDefault, options);
    expect(finished).toMatchObject({ recovered: 3, signCalls: 0, counts: { current: 3, anchored: 0 } });

    const [log] = readdirSync(join(torn, journal)).filter((name) => name.startsWith("log-"));
    const bytes = readFileSync(join(torn, journal, log!));
    writeFileSync(join(torn, journal, log!), bytes.subarray(0, bytes.length - 1));
    const anew = await run(directoryStore(torn), toDefault, options);
    expect(anew).toMatchObject({ recovered: 0, signCalls: 2, counts: { current: 0, anchored: 3 } });
  });

  test("[RAN-11] [RAN-12] a replay mends a torn artifact and leaves alone what anyone changed or removed since", async () => {
    const folder = await corpusOf(4);
    expect(runChild(folder, { step: "renamed", nth: 3 }).signal).toBe("SIGKILL");
    const [whole, zeros, changed, removed] = ["even/000", "even/002", "odd/001", "odd/003"].map((name) =>
      join(folder, `${name}.sealed.writ`),
    );
    const written = readFileSync(whole!);
    writeFileSync(whole!, written.subarray(0, 1000));
    const half = readFileSync(zeros!);
    writeFileSync(zeros!, half.fill(0, 600));
    const other = (await sealed(Buffer.from("someone else's"))).artifact;
    writeFileSync(changed!, other);
    rmSync(removed!);
    const result = await run(directoryStore(folder), toDefault, {
      ...committing,
      trust: under,
      signer: campaign.signer,
      clock: at(later + 60),
      limit: 1,
    });
    expect(result.recovered).toBe(2);
    expect(readFileSync(whole!)).toEqual(written);
    expect((await ingest(readFileSync(zeros!), under, { clock: at(later + 60) })).evidence.era).toBe("hybrid");
    const after = await ingest(readFileSync(changed!), under, { clock: at(later + 120) });
    expect(Buffer.from(after.parts.core)).toEqual(
      Buffer.from((await ingest(other, under, { clock: at(later) })).parts.core),
    );
    expect(existsSync(removed!)).toBe(false);
  });

  test("[RAN-14] a log can name no file outside the corpus", async () => {
    const folder = await corpusOf(1);
    const outside = scratchFolder();
    expect(runChild(folder, { step: "log-durable", nth: 1 }).signal).toBe("SIGKILL");
    const victim = join(outside, "000.sealed.writ");
    renameSync(join(folder, "even/000.sealed.writ"), victim);
    rmSync(join(folder, "even"), { recursive: true });
    symlinkSync(outside, join(folder, "even"));
    const before = readFileSync(victim);
    const result = await run(directoryStore(folder), toDefault, {
      ...committing,
      trust: under,
      signer: campaign.signer,
    });
    expect(result.recovered).toBe(0);
    expect(readFileSync(victim)).toEqual(before);
  });
});

describe("others at work", () => {
  /** A run over one artifact, with `meanwhile` just before its rename. */
  async function runWith(
    folder: string,
    meanwhile: (path: string, time: number) => void,
  ): Promise<Awaited<ReturnType<typeof run>>> {
    let times = 0;
    const onStep = (step: DirectoryStep, path?: string): void => {
      if (step === "temporary-written") meanwhile(path!, (times += 1));
    };
    return run(directoryStore(folder, { onStep }), toDefault, committing);
  }

  test("[RAN-12] a change that comes between reading and writing stays, and is anchored in its turn", async () => {
    const folder = await corpusOf(3);
    const other = (await sealed(Buffer.from("someone else's"))).artifact;
    const result = await runWith(folder, (path, time) => {
      if (time === 1) writeFileSync(join(folder, path), other);
    });
    expect(result.outcomes.map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
      ["anchored", 1],
      ["anchored", 1],
      ["anchored", 2],
    ]);
    const changed = await ingest(readFileSync(join(folder, "even/000.sealed.writ")), trust, { clock: at(later + 60) });
    expect(Buffer.from(changed.parts.core)).toEqual(
      Buffer.from((await ingest(other, trust, { clock: at(later) })).parts.core),
    );
    expect(changed.evidence.anchors).toHaveLength(2);
  });

  test("[RAN-12] what keeps changing is set aside with its attempts, and what was removed is not brought back", async () => {
    const folder = await corpusOf(3);
    const others = (await Promise.all([1, 2, 3].map((n) => sealed(Buffer.from(`version ${n}`))))).map(
      ({ artifact }) => artifact,
    );
    let next = 0;
    const result = await runWith(folder, (path) => {
      if (path.startsWith("odd/")) writeFileSync(join(folder, path), others[next++]!);
      if (path.startsWith("even/002")) rmSync(join(folder, path), { force: true });
    });
    const outcomes = Object.fromEntries(
      result.outcomes.map((entry) => [entry.path, [entry.outcome, entry.code, entry.attempts]]),
    );
    expect(outcomes).toEqual({
      "even/000.sealed.writ": ["anchored", undefined, 1],
      "even/002.sealed.writ": ["set-aside", "input-unreadable", 2],
      "odd/001.sealed.writ": ["set-aside", "head-changed", 3],
    });
    expect(readFileSync(join(folder, "odd/001.sealed.writ"))).toEqual(Buffer.from(others[2]!));
    expect(filesIn(folder).filter((path) => !isContent(path))).toEqual(["even/000.sealed.writ", "odd/001.sealed.writ"]);
  });

  test("[RAN-13] a second writer is refused while the first is at work, and not kept out by a dead one", async () => {
    const folder = await corpusOf(2);
    const first = await directoryStore(folder).openWriter();
    const before = digestsIn(folder, isSidecar);
    expect(await codeOf(() => run(directoryStore(folder), toDefault, committing))).toBe("output-unwritable");
    expect(digestsIn(folder, isSidecar)).toEqual(before);
    await first.close();
    expect((await run(directoryStore(folder), toDefault, committing)).counts.anchored).toBe(2);

    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    mkdirSync(join(folder, journal));
    writeFileSync(join(folder, journal, `writer~${encodeURIComponent(hostname())}~${dead}~1~1`), "");
    const third = await run(directoryStore(folder), toDefault, committing);
    expect(third.counts.current).toBe(2);

    mkdirSync(join(folder, journal));
    writeFileSync(join(folder, journal, "writer~another-host~1~1~1"), "");
    expect(await codeOf(() => run(directoryStore(folder), toDefault, committing))).toBe("output-unwritable");
  });

  test("[RAN-13] the journal's place is not taken through a link", async () => {
    const folder = await corpusOf(1);
    const elsewhere = scratchFolder();
    symlinkSync(elsewhere, join(folder, journal));
    expect(await codeOf(() => run(directoryStore(folder), toDefault, committing))).toBe("output-unwritable");
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe("the files", () => {
  test("[RAN-10] mode is kept, left-overs are replaced, nothing of the journal stays", async () => {
    const folder = await corpusOf(2);
    const path = join(folder, "even/000.sealed.writ");
    chmodSync(path, 0o640);
    writeFileSync(`${path}.reanchor-new`, "of a writer that was killed");
    await run(directoryStore(folder), toDefault, committing);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(filesIn(folder).filter((file) => !isContent(file) && !isSidecar(file))).toEqual([]);
    expect(existsSync(join(folder, journal))).toBe(false);
  });

  test("[RAN-10] where the log can't be written, nothing is, and the run says so", async () => {
    const folder = await corpusOf(2);
    const before = digestsIn(folder);
    const onStep = (step: DirectoryStep): void => {
      if (step === "log-written") throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    };
    const result = await run(directoryStore(folder, { onStep }), toDefault, committing);
    expect(result).toMatchObject({
      ended: "aborted",
      endedCode: "output-unwritable",
      counts: { anchored: 0, "not-reached": 2 },
    });
    expect(digestsIn(folder)).toEqual(before);
    let left = 2;
    const passing = (step: DirectoryStep): void => {
      if (step === "log-written" && left-- > 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
    };
    const patient = await run(directoryStore(folder, { onStep: passing }), toDefault, committing);
    expect(patient).toMatchObject({ ended: "complete", batches: 1, counts: { anchored: 2 } });
  });

  test("[RAN-8] one file that can't be replaced is set aside, the others are not", async () => {
    const folder = await corpusOf(3);
    const onStep = (step: DirectoryStep, path?: string): void => {
      if (step === "temporary-written" && path!.startsWith("odd/"))
        throw Object.assign(new Error("read-only"), { code: "EROFS" });
    };
    const result = await run(directoryStore(folder, { onStep }), toDefault, committing);
    expect(result.counts).toMatchObject({ anchored: 2, "set-aside": 1 });
    expect(result.outcomes.find(({ outcome }) => outcome === "set-aside")).toMatchObject({
      path: "odd/001.sealed.writ",
      code: "output-unwritable",
    });
    expect(filesIn(folder)).toHaveLength(6);
  });

  test("[RAN-8] [RAN-10] [RAN-12] whatever faults and changes come, every artifact verifies and the next run ends complete", async () => {
    const pool = await Promise.all(Array.from({ length: 6 }, (_, n) => sealed(Buffer.from(`content ${n}`))));
    const fault = fc.record({
      step: fc.constantFrom<DirectoryStep>("log-written", "temporary-written", "renamed"),
      nth: fc.integer({ min: 1, max: 8 }),
      what: fc.constantFrom("ENOSPC", "EROFS", "change", "remove"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), async (faults, batchSize) => {
        const folder = mkdtempSync(join(tmpdir(), "writ-faults-"));
        pool.slice(0, 5).forEach(({ artifact }, index) => writeFileSync(join(folder, `${index}.writ`), artifact));
        const theirs = new Map<string, Uint8Array | null>();
        const seen = new Map<DirectoryStep, number>();
        const onStep = (step: DirectoryStep, path = "0.writ"): void => {
          const nth = (seen.get(step) ?? 0) + 1;
          seen.set(step, nth);
          for (const { what } of faults.filter((entry) => entry.step === step && entry.nth === nth)) {
            if (what === "change") writeFileSync(join(folder, path), pool[5]!.artifact);
            if (what === "remove") rmSync(join(folder, path), { force: true });
            if (what === "change" || what === "remove") theirs.set(path, what === "change" ? pool[5]!.artifact : null);
            else throw Object.assign(new Error(what), { code: what });
          }
        };
        const result = await run(directoryStore(folder, { onStep }), toDefault, { ...committing, batchSize });
        expect(Object.values(result.counts).reduce((sum, count) => sum + count, 0)).toBe(5);
        const again = await run(directoryStore(folder), toDefault, { ...committing, clock: at(later + 60) });
        expect(again.ended).toBe("complete");
        const left = filesIn(folder);
        expect(left).toEqual(
          [0, 1, 2, 3, 4].map((index) => `${index}.writ`).filter((path) => theirs.get(path) !== null),
        );
        for (const path of left) {
          const { evidence, parts } = await ingest(readFileSync(join(folder, path)), trust, { clock: at(later + 120) });
          expect(evidence.anchors.map(({ suite }) => suite)).toEqual(["p256", "ed25519+mldsa65"]);
          const core = (theirs.get(path) ?? pool[Number(path[0])]!.artifact) as Buffer;
          expect(Buffer.from(core).includes(Buffer.from(parts.core))).toBe(true);
        }
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 30 },
    );
  });

  test("a hidden change after the write is noticed on reading back", async () => {
    const folder = scratchFolder();
    await addSealed(folder, "a");
    let damaged = false;
    const onStep = (step: DirectoryStep, path?: string): void => {
      if (step !== "renamed" || damaged) return;
      damaged = true;
      appendFileSync(join(folder, path!), "x");
    };
    const result = await run(directoryStore(folder, { onStep }), toDefault, { ...committing, signer: signers.archive });
    expect(result.outcomes).toMatchObject([{ outcome: "set-aside", code: "cbor-trailing", attempts: 2 }]);
  });
});
