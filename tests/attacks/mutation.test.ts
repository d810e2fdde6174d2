// Mutants of artifacts of every form: two readers agree on each, and what is accepted is what somebody signed. SLOW=1 judges a million.
import { describe, expect, test } from "vitest";
import { makeCorpus } from "./corpus.ts";
import { runMutants } from "./mutation.ts";
import { slow } from "./ours.ts";

const seed = Number(process.env["MUTANT_SEED"] ?? 1);
const count = slow === 1 ? 3000 : Number(process.env["MUTANTS"] ?? 1_000_000);
const corpus = await makeCorpus();

describe("mutants", () => {
  test(
    "[ERR-1] [ING-2] two readers agree on each, and what is accepted is what somebody signed",
    { timeout: 7_200_000 },
    async () => {
      const began = performance.now();
      const found = await runMutants(corpus, {
        count,
        seed,
        compareEvery: slow === 1 ? 2 : 8,
        progress: (done) =>
          process.stderr.write(`${done} of ${count} mutants, ${Math.round((performance.now() - began) / 1000)} s\n`),
      });
      const { codes, faults, faulty: _faulty, slowest, ...counts } = found;
      process.stderr.write(
        `seed ${seed}: ${JSON.stringify({ ...counts, slowest, codes: Object.fromEntries(codes) })}\n`,
      );
      expect(faults).toEqual([]);
      expect(found.grownBytes).toBeLessThan(512 << 20);
      expect(codes.size, "control: mutants reach checks of many kinds").toBeGreaterThan(25);
      expect(
        found.accepted - found.sealedAnew,
        "control: those that lack an attachment or a later anchor",
      ).toBeGreaterThan(0);
    },
  );

  test("control: a reader that takes what nobody signed, or disagrees, is found", async () => {
    const signed = corpus.bases.filter(({ name }) => name === "seal, classical");
    const strange = await runMutants(corpus, { count: 1000, seed, compareEvery: 10_000, signed });
    expect(strange.faults.join("\n")).toMatch(/accepted with a core that nobody signed/);
    const elsewhere = {
      ...corpus,
      trustText: corpus.trustText.replaceAll("urn:acme:privacy-office", "urn:acme:nobody"),
    };
    const disagreeing = await runMutants(elsewhere, { count: 300, seed, compareEvery: 1 });
    expect(disagreeing.faults.length).toBeGreaterThan(0);
  });
});
