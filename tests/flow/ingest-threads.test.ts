// Ingest on libuv's threads: the same answer as on this one, whatever comes in.
import fc from "fast-check";
import { expect, test } from "vitest";
import { cover, ingest } from "@writ/core";
import { at, codeOf, sealed, signers, trust, trustWith, verified } from "../support/scene.ts";

const direct = (await sealed(undefined, { signer: signers.hybrid })).artifact;
const covered = (await cover(await verified(direct), { signer: signers.archive, clock: at(70) })).artifact;
const classical = (await sealed()).artifact;

async function answers(artifact: Uint8Array, policy = trust): Promise<readonly string[]> {
  return Promise.all(
    [false, true].map((threads) => codeOf(async () => ingest(artifact, policy, { threads, clock: at(120) }))),
  );
}

test("[ING-3] what verifies on this thread does so on others, side by side too", async () => {
  for (const artifact of [direct, covered, classical])
    expect(await answers(artifact)).toEqual(["nothing was thrown", "nothing was thrown"]);
  const many = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      ingest([direct, covered, classical][index % 3]!, trust, { threads: true, clock: at(120) }),
    ),
  );
  expect(new Set(many.map(({ head }) => head)).size).toBe(3);
});

test("[ING-3] any changed byte is refused with the same code; some in signatures alone", async () => {
  const codes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(direct, covered, classical).chain((artifact) =>
        fc.record({
          artifact: fc.constant(artifact),
          at: fc.nat(artifact.length - 1),
          by: fc.integer({ min: 1, max: 255 }),
        }),
      ),
      async ({ artifact, at: place, by }) => {
        const changed = Uint8Array.from(artifact);
        changed[place]! ^= by;
        const [here, there] = await answers(changed);
        expect(there).toBe(here);
        codes.set(here!, (codes.get(here!) ?? 0) + 1);
      },
    ),
    { numRuns: 300 },
  );
  expect(codes.get("signature-invalid")).toBeGreaterThan(30);
});

test("[TRU-5] what threads found under one trust policy is nothing to another", async () => {
  expect(
    await answers(
      covered,
      trustWith((draft) => void draft.signers.splice(4, 1)),
    ),
  ).toEqual(["signer-unknown", "signer-unknown"]);
  expect(
    await answers(
      direct,
      trustWith((draft) => void delete draft.suites["ed25519+mldsa65"]),
    ),
  ).toEqual(["suite-lapsed", "suite-lapsed"]);
});
