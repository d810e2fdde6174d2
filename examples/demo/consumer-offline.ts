// The consumer without a network: verifies, asks for decisions, and after the migration verifies again.
import dns from "node:dns";
import net from "node:net";
import { openReceiptFile } from "@writ/core";
import { layout } from "./cast.ts";
import { expect, expectRefused, expectWorks, stopwatch } from "./expectation.ts";
import { grouped, heading, print, table } from "./screen.ts";
import { isSabotage } from "./sabotage.ts";
import {
  ask,
  askFor,
  codesOf,
  contentOf,
  ingestFile,
  loadTrust,
  sealedFiles,
  sidecarOf,
  withoutRegion,
} from "./verifier.ts";

const research = "dpv:AcademicResearch";

/** True where `attempt` throws what the preload throws, itself or as the cause. */
async function isRefused(attempt: () => unknown): Promise<boolean> {
  try {
    const made = await attempt();
    if (made instanceof net.Socket) made.on("error", () => undefined).destroy();
    return false;
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    return (code ?? cause?.code) === "NETWORK_USED";
  }
}

/** The control of everything below: in this process connect and lookup do throw. */
async function checkOffline(): Promise<void> {
  const attempts = [
    () => net.connect({ port: 49_151, host: "127.0.0.1" }),
    () => dns.promises.lookup("localhost"),
    () => fetch("http://127.0.0.1:49151/"),
  ];
  const refused = await Promise.all(attempts.map(isRefused));
  expect("consumer: no network: connect, lookup and fetch throw here", refused.every(Boolean), "tried all three");
}

/** Scene 3: verifies every file, then asks four questions about one. */
export async function verify(folder: string): Promise<void> {
  const files = layout(folder);
  const lap = stopwatch("consumer, offline", files.steps);
  heading(3, "The consumer verifies without a network, then asks");
  await checkOffline();
  const trust = await expectWorks(
    "consumer: the trust policy is signed by the pinned root",
    () => loadTrust(folder, "consumer"),
    ({ sequence }) => `sequence ${sequence}`,
  );
  const rows: string[][] = [["", "evidence", "signed by", "wrap", "matches the signed root"]];
  let reported = 0;
  for (const name of sealedFiles(files.corpus)) {
    const { evidence, core, wrapEra } = await expectWorks(
      `consumer: ${name} verifies`,
      () => ingestFile(sidecarOf(files.corpus, name), trust, contentOf(files.corpus, name)),
      () => null,
    );
    reported += evidence.reported.length;
    const seal = evidence.anchors[0]!;
    rows.push([
      name,
      `${evidence.standing}, ${evidence.era}`,
      `${seal.signer.authority} (${seal.suite})`,
      wrapEra ?? "none",
      `${grouped(core.content.sizeBytes)} B`,
    ]);
  }
  table(rows, ["cyan", "green"]);
  expect("consumer: that no file has a hybrid anchor yet is reported", reported === rows.length - 1, "report-only");
  lap("verify all files, contents hashed");

  const artifact = await ingestFile(sidecarOf(files.corpus, "birdstrikes.csv"), trust, null);
  const receipts = openReceiptFile(files.receipts);
  const train = ask(isSabotage("train-skipped") ? "aggregate" : "train", research);
  const open = ask("aggregate", research);
  const questions = [
    open,
    train,
    ask("read", "dpv:Advertising"),
    isSabotage("region-assumed") ? open : withoutRegion(open),
  ];
  const [aggregated, trained, advertised, unplaced] = await Promise.all(
    questions.map((question) => askFor(artifact, question, receipts)),
  );
  receipts.close();
  print();
  table(
    [
      ["operation", "purpose", "region", "verdict", "because, or obliged to"],
      ...[aggregated!, trained!, advertised!, unplaced!].map(({ row }) => row),
    ],
    ["cyan", undefined, undefined, "bold", "dim"],
  );
  expect("consumer: aggregate for research is permitted", aggregated!.decision.permit !== null);
  expect(
    "consumer: train is denied",
    trained!.decision.verdict === "deny" && codesOf(trained!.decision).includes("operation-prohibited"),
    trained!.decision.verdict,
  );
  expect(
    "consumer: read for advertising is denied",
    advertised!.decision.verdict === "deny" && codesOf(advertised!.decision).includes("purpose-prohibited"),
    advertised!.decision.verdict,
  );
  const { verdict, missing } = unplaced!.decision;
  expect(
    "consumer: without a region the answer is unknown and names it",
    verdict === "unknown" && missing.length === 1 && missing[0]!.fact === "region",
    verdict,
  );
  lap("four decisions, receipts on disk");
}

/** After the migration, under the stricter trust policy: old copies fail, new ones verify. */
export async function recheck(folder: string): Promise<void> {
  const files = layout(folder);
  const lap = stopwatch("consumer, offline", files.steps);
  await checkOffline();
  const trust = await expectWorks(
    "consumer: the stricter trust policy is taken up",
    () => loadTrust(folder, "consumer"),
    ({ sequence }) => `sequence ${sequence}`,
  );
  expect(
    "consumer: the trust policy requires hybrid anchors",
    trust.required.some(({ stage }) => stage === "enforce"),
  );
  const rows: string[][] = [["", "old copy", "migrated copy", "anchors", "lineage"]];
  for (const name of sealedFiles(files.corpus)) {
    const readOld = (): unknown => ingestFile(sidecarOf(files.old, name), trust, null);
    await expectRefused(`consumer: the old copy of ${name} fails`, "suite-required", readOld, null);
    const { evidence, lineage } = await expectWorks(
      `consumer: the migrated ${name} verifies`,
      () => ingestFile(sidecarOf(files.corpus, name), trust, contentOf(files.corpus, name)),
      () => null,
    );
    expect(`consumer: the lineage of ${name} is whole`, lineage.standing === "checked", lineage.reason ?? null);
    const anchors = evidence.anchors.map(({ kind, suite }) => `${kind} ${suite}`).join(", ");
    const sources = lineage.sources.length === 0 ? "an original" : `${lineage.sources.length} source, checked`;
    rows.push([name, "refused: suite-required", `${evidence.standing}, ${evidence.era}`, anchors, sources]);
  }
  table(rows, ["cyan", "yellow", "green"]);
  lap("verify old and new, contents hashed");
}
