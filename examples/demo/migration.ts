// The migration: every artifact of the corpus gets a hybrid anchor beside its classical one, all under one signed root.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { custodySigner } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { directoryStore, inventory, plan, run, signReport, verifyReport } from "@writ/reanchor";
import { layout, signers } from "./cast.ts";
import { expect, expectWorks, play, stopwatch } from "./expectation.ts";
import { grouped, heading, print, short, table } from "./screen.ts";
import { contentOf, loadTrust, sealedFiles } from "./verifier.ts";

const [, , folder = ""] = process.argv;
const files = layout(folder);
const lap = stopwatch("migration", files.steps);
const hybrid = "ed25519+mldsa65";

/** SHA-256 of every content file, in the order of their names. */
function contentHashes(): string[] {
  return sealedFiles(files.corpus).map((name) =>
    createHash("sha256")
      .update(readFileSync(contentOf(files.corpus, name)))
      .digest("hex"),
  );
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

/** The only key of `counts`. */
function isAll(counts: Readonly<Record<string, number>>, name: string, items: number): boolean {
  return counts[name] === items && Object.keys(counts).length === 1;
}

await play(async () => {
  heading(5, "The migration re-anchors the corpus for the years after classical signatures");
  const trust = loadTrust(folder, "migration");
  const store = directoryStore(files.corpus);
  const before = await inventory(store, { trust });
  const { totals } = before;
  expect(
    "migration: the inventory shows classical evidence alone",
    totals.refused === 0 && isAll(totals.byEra, "classical", totals.items),
    `${counted(totals.byEra)}; wraps ${counted(totals.byWrapEra)}, which need nothing`,
  );
  const planned = plan(before, { to: hybrid });
  const { cover, batches, signCalls, bytesAdded } = planned.totals;
  expect(
    "migration: the plan covers every artifact in one batch",
    cover === totals.items && batches === 1,
    `${cover} artifacts, ${signCalls} Sign calls with the report, ${grouped(bytesAdded)} B added`,
  );
  const hashes = contentHashes();
  lap("inventory, plan, SHA-256 of contents");

  const { authority, keys } = signers.archive;
  const signer = await custodySigner(
    authority,
    hybrid,
    awsCustody(),
    keys.map(({ alias }) => `aws-kms:${alias}`),
  );
  const rehearsal = await run(store, planned, { trust, signer });
  expect(
    "migration: the dry run writes nothing and finds no obstacle",
    !rehearsal.committed && rehearsal.bytesWritten === 0 && rehearsal.counts.planned === totals.items,
    `${rehearsal.counts.planned} planned`,
  );
  const done = await run(store, planned, { trust, signer, commit: true, reason: "post-quantum migration" });
  const roots = new Set(done.outcomes.map(({ root }) => root));
  expect(
    "migration: every artifact is anchored under one root",
    done.ended === "complete" && done.counts.anchored === totals.items && roots.size === 1,
    `${done.counts.anchored} anchored, ${done.signCalls} Sign calls, root ${short([...roots][0] ?? "")}`,
  );
  const again = await run(store, { to: hybrid }, { trust, signer, commit: true });
  expect(
    "migration: a second run finds nothing to do",
    again.counts.current === totals.items && again.signCalls === 0,
    `${again.counts.current} current`,
  );
  lap("dry run, run, run again");

  const report = await signReport(done, signer);
  const verified = await expectWorks(
    "migration: the signed report verifies",
    () => verifyReport(report, trust),
    ({ authority: by, outcomes }) => `${outcomes.length} outcomes, by ${by}`,
  );
  expect(
    "migration: the report's outcomes add up to the inventory",
    verified.outcomes.length === totals.items && verified.counts.anchored === totals.items,
    counted(Object.fromEntries(Object.entries(verified.counts).filter(([, count]) => count > 0))),
  );
  expect(
    "migration: SHA-256 of every content file is what it was",
    contentHashes().join() === hashes.join(),
    `${hashes.length} files`,
  );
  const after = await inventory(store, { trust });
  expect(
    "migration: the inventory shows hybrid evidence alone",
    isAll(after.totals.byEra, "hybrid", totals.items),
    counted(after.totals.byEra),
  );
  print();
  const sizes = new Map(before.entries.map(({ path, artifactBytes }) => [path, artifactBytes]));
  table(
    [
      ["", "artifact before", "after", "anchors", "content"],
      ...after.entries.map(({ path, artifactBytes, suites, contentBytes }) => [
        path,
        `${grouped(sizes.get(path) ?? 0)} B`,
        `${grouped(artifactBytes)} B`,
        suites.join(", "),
        `${grouped(contentBytes)} B untouched`,
      ]),
    ],
    ["cyan"],
  );
  lap("report, SHA-256 of contents, inventory");
});
