// The profile cnsa2: ML-DSA-87 anchors, and content roots under SHA-384 or SHA-512.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeSigner, ingest } from "@writ/core";
import { rehash } from "@writ/core/rehash";
import { directoryStore, inventory, plan, planText, run } from "@writ/reanchor";
import type { RunOptions } from "@writ/reanchor";
import { at, newSigner, trustWith } from "../support/scene.ts";
import { byArchive, corpusOf, filesIn, isSidecar, later, suitesIn } from "./corpus.ts";

const vault = newSigner("urn:acme:vault", "mldsa87");
const under = trustWith((draft) => draft.signers.push({ ...describeSigner(vault, "anchor"), trustedTime: true }));
const options: RunOptions = { ...byArchive, trust: under, signer: vault, commit: true };

test("[RAN-3] [RAN-6] [ANC-11] covers go out in batches; what needs a rehash is counted until its content was read", async () => {
  const folder = await corpusOf(3);
  const store = directoryStore(folder);
  const take = (seconds: number): ReturnType<typeof inventory> =>
    inventory(store, { trust: under, clock: at(seconds) });
  const before = plan(await take(later), { to: "cnsa2" });
  expect([before.to, before.totals.cover, before.totals.needRehash]).toEqual(["mldsa87", 3, 3]);
  expect(planText(before)).toContain("3 need a rehash");
  expect(plan(await take(later), { to: "mldsa87" }).totals.needRehash).toBe(0);

  const first = filesIn(folder).find(isSidecar)!;
  const content = readFileSync(join(folder, first.slice(0, -".writ".length)));
  const artifact = await ingest(readFileSync(join(folder, first)), under, { clock: at(later) });
  const next = await rehash(artifact, { signer: vault, content, contentHash: -44, clock: at(later) });
  writeFileSync(join(folder, first), next.artifact);

  const after = plan(await take(later + 60), { to: "cnsa2" });
  expect([after.totals.cover, after.totals.current, after.totals.needRehash]).toEqual([2, 1, 2]);
  const { counts } = await run(store, { to: "cnsa2" }, { ...options, clock: at(later + 60) });
  expect(counts).toMatchObject({ anchored: 2, current: 1 });
  for (const suites of Object.values(await suitesIn(folder, under))) expect(suites).toEqual(["p256", "mldsa87"]);
  expect((await run(store, { to: "cnsa2" }, { ...options, clock: at(later + 120) })).counts).toMatchObject({
    current: 3,
  });
});

test("[RAN-3] a target that there isn't is a RangeError that names the profiles", async () => {
  const found = await inventory(directoryStore(await corpusOf(1)), { trust: under, clock: at(later) });
  expect(() => plan(found, { to: "cnsa1" as "cnsa2" })).toThrow(/default, cnsa2, ed25519/);
});
