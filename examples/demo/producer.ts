// The producer: seals files as sidecars under the licence, with a classical anchor signed in the KMS.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { custodySigner, parsePolicy, seal } from "@writ/core";
import type { Issued, Signer } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { createEvaluator } from "@writ/evaluator";
import { account, layout, projectPair, region, signers } from "./cast.ts";
import { expect, expectWorks, play, stopwatch } from "./expectation.ts";
import { grouped, heading, print, short, table } from "./screen.ts";

const [, , folder = "", ...sources] = process.argv;
const files = layout(folder);
const lap = stopwatch("producer", files.steps);
const custody = awsCustody();
const evaluator = createEvaluator();
const mediaTypes: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".json": "application/json",
  ".arrow": "application/vnd.apache.arrow.file",
  ".parquet": "application/vnd.apache.parquet",
};

/** Seals one file: ciphertext as a stream to NAME.sealed, the artifact beside it. */
async function sealFile(source: string, keyUri: string, signer: Signer): Promise<Issued> {
  const target = join(files.corpus, `${basename(source)}.sealed`);
  const sealed = await open(target, "wx");
  try {
    const issued = await seal({
      content: createReadStream(source, { highWaterMark: 1 << 20 }),
      write: (chunk) => sealed.appendFile(chunk),
      policies: [{ message: readFileSync(files.licence) }],
      releasePolicies: [readFileSync(files.release)],
      recipients: [{ custody, keyUri }],
      signer,
      evaluator,
      mediaType: mediaTypes[extname(source)] ?? "application/octet-stream",
      custodyRule: {
        custodies: ["aws-kms"],
        accounts: [account],
        regions: [region],
        requiredPairs: [...projectPair.keys()],
      },
      requiredContext: projectPair,
    });
    writeFileSync(`${target}.writ`, issued.artifact, { flag: "wx" });
    return issued;
  } finally {
    await sealed.close();
  }
}

await play(async () => {
  heading(2, "The producer seals the files");
  mkdirSync(files.corpus, { recursive: true });
  const keyUri = readFileSync(files.dataKeyUri, "utf8");
  const { authority, suite, keys } = signers.issuer;
  const signer = await custodySigner(
    authority,
    suite,
    custody,
    keys.map(({ alias }) => `aws-kms:${alias}`),
  );
  const rows: string[][] = [["", "plain", "sealed", "artifact", "name of its core", "calls to KMS"]];
  for (const source of sources) {
    const name = basename(source);
    const { size } = statSync(source);
    const {
      content,
      artifact,
      calls,
      name: core,
    } = await expectWorks(
      `producer: ${name} is sealed`,
      () => sealFile(source, keyUri, signer),
      () => null,
    );
    const segments = Math.max(1, Math.ceil(size / (2 ** 20 - 32)));
    expect(
      `producer: ${name} grows by 74 bytes and 32 a segment`,
      content.sizeBytes === size + 74 + 32 * segments,
      null,
    );
    const sizes = [size, content.sizeBytes, artifact.length].map((bytes) => `${grouped(bytes)} B`);
    rows.push([name, ...sizes, short(core), [...calls.map(({ operation }) => operation), "Sign"].join(", ")]);
  }
  table(rows, ["cyan"]);
  print();
  const key = await custody.describe(keyUri);
  const licence = parsePolicy(readFileSync(files.licence));
  table([
    ["key", keyUri, `is ${key.uri.slice("aws-kms:".length)}`],
    ["", "", "wraps a secret for each file, in a context that names file and policy"],
    ["policy", licence.id, `${short(licence.digest)}, signed by ${licence.authority}`],
    ["anchor", suite, "classical; signed in the KMS"],
  ]);
  lap("seal");
});
