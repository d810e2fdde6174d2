// Chains of every suite and kind: whatever is added, every prefix verifies, and nothing that was proved is lost.
import fc from "fast-check";
import { expect, test } from "vitest";
import { cover, describeSigner, eraAtLeast, ingest, suites } from "@writ/core";
import type { Era, SuiteName, VerifiedArtifact } from "@writ/core";
import { rehash } from "@writ/core/rehash";
import { decodeArtifact, encodeArtifact } from "../../packages/core/src/artifact.ts";
import { at, newSigner, sealed, trustWith } from "../support/scene.ts";

const names = Object.keys(suites) as SuiteName[];
const authorities = new Map(names.map((suite) => [suite, newSigner(`urn:acme:${suite}`, suite)]));
const issuers = new Map(names.map((suite) => [suite, newSigner("urn:acme:data", suite)]));
const trust = trustWith((draft) => {
  for (const signer of authorities.values())
    draft.signers.push({ ...describeSigner(signer, "anchor"), trustedTime: true });
  for (const signer of issuers.values()) draft.signers.push(describeSigner(signer, "issue"));
});
const content = Buffer.from("ten rows of data");

/** The artifact as it was when it had `count` anchors. */
function prefixOf({ parts }: VerifiedArtifact, count: number): Uint8Array {
  const { anchors, ...rest } = decodeArtifact(encodeArtifact(parts));
  return encodeArtifact({ ...rest, anchors: anchors.slice(0, count) });
}

const step = fc.record({ suite: fc.constantFrom(...names), kind: fc.constantFrom("cover", "rehash") });

test("[ANC-5] [ANC-11] [ING-6] every prefix verifies with its content, the era never goes down, roots only get longer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(step, { maxLength: 5 }), async (sealedUnder, steps) => {
      const { artifact, stored } = await sealed(content, { signer: issuers.get(sealedUnder)! });
      let seconds = 60;
      let last = await ingest(artifact, trust, { content: stored, clock: at(seconds) });
      for (const { suite, kind } of steps) {
        seconds += 60;
        const options = { signer: authorities.get(suite)!, clock: at(seconds) };
        const longest = last.anchors.at(-1)!.statement.contentRoot;
        const contentHash = longest.startsWith("sha256:") ? -43 : -44;
        const next =
          kind === "cover" || longest.startsWith("sha512:")
            ? await cover(last, options)
            : await rehash(last, { ...options, content: stored, contentHash });
        last = await ingest(next.artifact, trust, { content: stored, clock: at(seconds) });
      }
      let era: Era = "classical";
      let length = 0;
      for (let count = 1; count <= steps.length + 1; count += 1) {
        const found = await ingest(prefixOf(last, count), trust, { content: stored, clock: at(seconds) });
        expect([found.evidence.standing, found.contentChecked]).toEqual(["valid", true]);
        expect(eraAtLeast(found.evidence.era, era)).toBe(true);
        const root = found.anchors.at(-1)!.statement.contentRoot.length;
        expect(root).toBeGreaterThanOrEqual(length);
        [era, length] = [found.evidence.era, root];
      }
    }),
    { numRuns: process.env["SLOW"] === "1" ? 2000 : 25 },
  );
});
