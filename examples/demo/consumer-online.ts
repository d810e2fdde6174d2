// The consumer with the KMS: opens under a permit, derives a governed child, and after the migration opens again.
import { readFileSync, writeFileSync } from "node:fs";
import { custodySigner, derive, ingest, open, openFile, openReceiptFile } from "@writ/core";
import type { Decision, DeriveOptions, Evaluator, Issued, ReceiptFile, Signer, VerifiedArtifact } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { layout, projectPair, resultsKey, signers } from "./cast.ts";
import { expect, expectRefused, expectWorks, stopwatch } from "./expectation.ts";
import { leastRows } from "./licence.ts";
import { isSabotage } from "./sabotage.ts";
import { grouped, heading, print, short, table } from "./screen.ts";
import { printStrikes, rarestPair, strikesByYear, toCsv } from "./strikes.ts";
import { ask, askFor, codesOf, contentOf, evaluator, ingestFile, loadTrust, receiptOf, sidecarOf } from "./verifier.ts";

const research = "dpv:AcademicResearch";
const source = "birdstrikes.csv";
const child = "strikes-by-year.csv";
const custody = awsCustody();

function signerOf({ authority, suite, keys }: typeof signers.deriver | typeof signers.receipts): Promise<Signer> {
  return custodySigner(
    authority,
    suite,
    custody,
    keys.map(({ alias }) => `aws-kms:${alias}`),
  );
}

/** Plaintext under a permit, from a file. */
async function openText(artifact: VerifiedArtifact, { permit }: Decision, file: string): Promise<string> {
  if (permit === null) throw new TypeError("nothing was permitted");
  await using content = await openFile(file);
  const context = isSabotage("context-changed")
    ? new Map([...projectPair].map(([name]) => [name, "strike-study-8"]))
    : projectPair;
  const segments: Uint8Array[] = [];
  for await (const segment of open(artifact, permit, { custody, content, requiredContext: context }))
    segments.push(segment);
  return Buffer.concat(segments).toString("utf8");
}

/** What a child of `parent` by aggregation is made with; `write` collects its content. */
function childOptions(
  content: string,
  signer: Signer,
  chunks: Uint8Array[],
  more: Partial<DeriveOptions>,
): DeriveOptions {
  return {
    operation: "aggregate",
    content: Buffer.from(content),
    write: (chunk) => void chunks.push(Uint8Array.from(chunk)),
    evaluator,
    recipients: [{ custody, keyUri: `aws-kms:${resultsKey}` }],
    signer,
    mediaType: "text/csv",
    requiredContext: projectPair,
    ...more,
  };
}

/** A child that claims to be released although nothing attests its groups: an evaluator that lies, a policy that is genuine. */
async function forgeChild(parent: VerifiedArtifact, signer: Signer, release: Uint8Array): Promise<Issued> {
  const lying: Evaluator = {
    ...evaluator,
    childLayers: () => ({ layers: [], forbiddenBy: [], releases: [], refused: [] }),
  };
  return derive(
    [parent],
    childOptions("any rows at all", signer, [], { evaluator: lying, add: [{ message: release }] }),
  );
}

/** What the child's layers permit, shown as a table. */
async function askOfChild(verified: VerifiedArtifact, receipts: ReceiptFile): Promise<Decision> {
  const destination = { party: "urn:example:org:airport-safety-board", region: "US" };
  const read = await askFor(verified, ask("read", research), receipts);
  const share = await askFor(verified, ask("share", research, { destination }), receipts);
  const train = await askFor(verified, ask("train", research), receipts);
  print();
  table(
    [
      ["operation", "purpose", "region", "verdict", "because, or obliged to"],
      ...[read, share, train].map(({ row }) => row),
    ],
    ["cyan", undefined, undefined, "bold", "dim"],
  );
  expect(
    "consumer: the child may be read, by the release rule",
    read.decision.permit !== null,
    codesOf(read.decision).join(", "),
  );
  expect("consumer: the child may be shared", share.decision.permit !== null);
  expect(
    "consumer: the child may still not be trained on",
    train.decision.verdict === "deny" && codesOf(train.decision).includes("operation-prohibited"),
    train.decision.verdict,
  );
  return read.decision;
}

/** Scene 4: opens for aggregate, derives, reads the child; refuses a forged one. */
export async function use(folder: string): Promise<void> {
  const files = layout(folder);
  const lap = stopwatch("consumer, online", files.steps);
  heading(4, "The consumer opens one file under a permit and derives a governed child");
  const trust = await expectWorks(
    "consumer: the trust policy is none that was superseded",
    () => loadTrust(folder, "consumer"),
    () => null,
  );
  const receipts = openReceiptFile(files.receipts);
  const parent = await ingestFile(sidecarOf(files.corpus, source), trust, null);
  const asked = await askFor(parent, ask("aggregate", research), receipts);
  const text = await expectWorks(
    `consumer: ${source} opens for aggregate`,
    () => openText(parent, asked.decision, contentOf(files.corpus, source)),
    (plain) => `${grouped(Buffer.byteLength(plain))} B, each segment checked before it is released`,
  );
  await expectRefused("consumer: a permit opens once", "permit-spent", () =>
    openText(parent, asked.decision, contentOf(files.corpus, source)),
  );
  const { groups, rows, k } = strikesByYear(text);
  expect(
    "consumer: the smallest group has enough rows",
    k >= leastRows,
    `${grouped(rows)} rows in ${groups.length} groups, the smallest of ${k}`,
  );
  lap("decide, open, aggregate");

  const signer = await signerOf(signers.deriver);
  const chunks: Uint8Array[] = [];
  const attested = isSabotage("release-unattested") ? {} : { output: { k } };
  const issued = await derive(
    [parent],
    childOptions(toCsv(groups), signer, chunks, { ...attested, receipts: [receiptOf(asked.decision)] }),
  );
  writeFileSync(contentOf(files.corpus, child), Buffer.concat(chunks), { flag: "wx" });
  writeFileSync(sidecarOf(files.corpus, child), issued.artifact, { flag: "wx" });
  lap("derive");

  const verified = await ingestFile(sidecarOf(files.corpus, child), trust, contentOf(files.corpus, child));
  expect(
    "consumer: the child's lineage verifies back to its source",
    verified.lineage.standing === "checked" && verified.lineage.sources.includes(parent.name),
    `${short(verified.name)} from ${short(parent.name)}, ${source}`,
  );
  expect(
    "consumer: the child comes under the release policy",
    verified.policies.map(({ id }) => id).join() === "urn:example:policy:released-aggregates",
    verified.policies.map(({ id }) => id).join(),
  );
  const read = await askOfChild(verified, receipts);
  print();
  printStrikes(await openText(verified, read, contentOf(files.corpus, child)));
  print();

  const few = await derive(
    [parent],
    childOptions("airport,species,strikes", signer, [], { output: { k: rarestPair(text) } }),
  );
  const unreleased = await ingest(few.artifact, trust, { evaluator });
  const { decision } = await askFor(unreleased, ask("read", research), receipts);
  expect(
    "consumer: a table with single events stays under the licence, unread",
    decision.verdict === "deny" && codesOf(decision).includes("no-permission"),
    `k = ${rarestPair(text)}`,
  );
  const forged = await forgeChild(parent, signer, readFileSync(files.release));
  await expectRefused("consumer: a child that drops its parent's layer is refused", "layer-dropped", () =>
    ingest(forged.artifact, trust, isSabotage("terms-unchecked") ? {} : { evaluator }),
  );
  await receipts.signRoot(await signerOf(signers.receipts));
  receipts.close();
  lap("read the child, refuse forgeries");
}

/** After the migration: the same data opens from the migrated artifact and gives the same figures. */
export async function reopen(folder: string): Promise<void> {
  const files = layout(folder);
  const lap = stopwatch("consumer, online", files.steps);
  const trust = await expectWorks(
    "consumer: the trust policy is none that was superseded",
    () => loadTrust(folder, "consumer"),
    () => null,
  );
  const receipts = openReceiptFile(files.receipts);
  const parent = await ingestFile(sidecarOf(files.corpus, source), trust, null);
  const aggregate = await askFor(parent, ask("aggregate", "dpv:ProvideOfficialStatistics"), receipts);
  const again = await expectWorks(
    `consumer: the migrated ${source} still opens`,
    () => openText(parent, aggregate.decision, contentOf(files.corpus, source)),
    (plain) => `${grouped(Buffer.byteLength(plain))} B`,
  );
  const verified = await ingestFile(sidecarOf(files.corpus, child), trust, null);
  const read = await askFor(verified, ask("read", research), receipts);
  const before = await openText(verified, read.decision, contentOf(files.corpus, child));
  expect(
    "consumer: its aggregate is the child's content, byte for byte",
    toCsv(strikesByYear(again).groups) === before,
  );
  await receipts.signRoot(await signerOf(signers.receipts));
  receipts.close();
  lap("open source and child again");
}
