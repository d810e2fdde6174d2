// Writes the test vectors that follow from labels alone, or with --check compares them with the committed files:
//   node --conditions=@writ/source test-vectors/generate.ts [--check]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { contentVectors } from "./content.ts";
import { acceptedAnchors } from "./support/accepted-anchors.ts";
import { acceptedLineage } from "./support/accepted-lineage.ts";
import { acceptedStructure } from "./support/accepted-structure.ts";
import { acceptedAmendments, refusedAmendments } from "./support/amendment-vectors.ts";
import { cborVectors } from "./support/cbor-vectors.ts";
import { acceptedPipelines, refusedPipelines } from "./support/pipeline-vectors.ts";
import { evidenceVectors } from "./support/evidence-vectors.ts";
import { exampleFile } from "./support/example.ts";
import { withExamples } from "./support/example-text.ts";
import { allExamples } from "./support/examples.ts";
import { referenceVectors } from "./support/reference-vectors.ts";
import { flagFindings, flagged, withFlagTable } from "./support/flagged.ts";
import { receiptVectors } from "./support/receipt-vectors.ts";
import { reportVectors } from "./support/report-vectors.ts";
import { refusedAnchors } from "./support/refused-anchors.ts";
import { refusedAttachments } from "./support/refused-attachments.ts";
import { refusedBatches } from "./support/refused-batches.ts";
import { refusedCustody } from "./support/refused-custody.ts";
import { refusedEncoding } from "./support/refused-encoding.ts";
import { refusedLineage } from "./support/refused-lineage.ts";
import { refusedOrder } from "./support/refused-order.ts";
import { refusedPolicies } from "./support/refused-policies.ts";
import { refusedSignatures } from "./support/refused-signatures.ts";
import { refusedStructure } from "./support/refused-structure.ts";
import { acceptedLimits, refusedLimits } from "./support/boundary-vectors.ts";
import { acceptedCompact, refusedCompact } from "./support/compact-vectors.ts";
import { acceptedReadings, refusedReadings } from "./support/reading-vectors.ts";
import { acceptedDatings, refusedDatings } from "./support/dating-vectors.ts";
import { acceptedOrigins, refusedOrigins } from "./support/origin-vectors.ts";
import { acceptedRecipients, refusedRecipients } from "./support/recipient-vectors.ts";
import { acceptedRehashes, refusedRehashes } from "./support/rehash-vectors.ts";
import { acceptedSuites, refusedSuites } from "./support/suite-vectors.ts";
import { trustVectors } from "./support/trust-cases.ts";
import { trustPolicies } from "./support/trust.ts";
import { vectorFile } from "./support/vector.ts";
import type { Case, VectorFile } from "./support/vector.ts";

/** Folders that hold nothing but what this file writes. */
const generated = [
  "artifacts",
  "cbor",
  "content",
  "evidence",
  "examples",
  "ranges",
  "receipts",
  "references",
  "reports",
  "trust",
] as const;

/** Every case of an artifact. */
export async function artifactCases(): Promise<readonly Case[]> {
  const areas = [
    acceptedAnchors,
    acceptedSuites,
    acceptedRehashes,
    acceptedRecipients,
    acceptedCompact,
    acceptedLimits,
    acceptedStructure,
    acceptedLineage,
    acceptedAmendments,
    acceptedPipelines,
    acceptedReadings,
    acceptedDatings,
    acceptedOrigins,
    refusedEncoding,
    refusedStructure,
    refusedAttachments,
    refusedSignatures,
    refusedSuites,
    refusedRehashes,
    refusedCompact,
    refusedLimits,
    refusedAnchors,
    refusedBatches,
    refusedPolicies,
    refusedCustody,
    refusedRecipients,
    refusedLineage,
    refusedAmendments,
    refusedPipelines,
    refusedOrder,
    refusedReadings,
    refusedDatings,
    refusedOrigins,
  ];
  return (await Promise.all(areas.map((area) => area()))).flat();
}

/** Every generated vector. */
export async function vectorFiles(): Promise<readonly VectorFile[]> {
  const files = [
    ...trustPolicies.map((json) => ({ path: `trust/${json.name}.json`, json })),
    ...(await trustVectors()),
    ...(await artifactCases()).map(vectorFile),
    ...(await receiptVectors()),
    ...(await evidenceVectors()),
    ...(await reportVectors()),
    ...(await referenceVectors()),
    ...cborVectors(),
    ...(await contentVectors()),
    ...(await allExamples()).map(exampleFile),
  ];
  return files.map(flagged);
}

const specDocument = fileURLToPath(new URL("../spec/15-examples.md", import.meta.url));

/** The document of the spec that shows the examples, as it must be, and what is wrong with its marks. */
async function examplesDocument(): Promise<{ readonly text: string; readonly findings: readonly string[] }> {
  return withExamples(readFileSync(specDocument, "utf8"), await allExamples());
}

/** One sentence for each example that the spec shows otherwise, twice or nowhere. */
export async function exampleFindings(): Promise<readonly string[]> {
  const { text, findings: marks } = await examplesDocument();
  const differs = text === readFileSync(specDocument, "utf8") ? [] : ["spec/15-examples.md shows other examples"];
  return [...marks, ...differs];
}

const readmePath = fileURLToPath(new URL("README.md", import.meta.url));

/** One sentence for each flag that doesn't fit the vectors, and where the README counts others. */
export function flagsFindings(files: readonly VectorFile[]): readonly string[] {
  const readme = readFileSync(readmePath, "utf8");
  const differs = withFlagTable(readme, files) === readme ? [] : ["test-vectors/README.md counts other flags"];
  return [...flagFindings(files), ...differs];
}

/** The bytes of a vector file. */
function textOf({ json }: VectorFile): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** One sentence for each file that differs, is missing or is extra. */
export function findings(files: readonly VectorFile[], folder: string): string[] {
  const expected = new Map(files.map((file) => [file.path, textOf(file)]));
  const twice = files.map(({ path }) => path).filter((path, index, all) => all.indexOf(path) !== index);
  const present = generated.flatMap((name) =>
    readdirSync(`${folder}/${name}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1)),
  );
  return [
    ...twice.map((path) => `${path} is written twice`),
    ...[...expected].flatMap(([path, text]) => {
      const committed = read(`${folder}/${path}`);
      if (committed === undefined) return [`${path} is missing`];
      return committed === text ? [] : [`${path} differs from what it is generated from`];
    }),
    ...present.filter((path) => !expected.has(path)).map((path) => `${path} is extra: nothing generates it`),
  ];
}

function write(files: readonly VectorFile[], folder: string): void {
  for (const name of generated) rmSync(`${folder}/${name}`, { recursive: true, force: true });
  for (const file of files) {
    const path = `${folder}/${file.path}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf(file));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");
  const files = await vectorFiles();
  if (process.argv.includes("--check")) {
    const found = [
      ...findings(files, folder).map((path) => `test-vectors/${path}`),
      ...(await exampleFindings()),
      ...flagsFindings(files),
    ];
    for (const finding of found) console.error(finding);
    if (found.length === 0) console.log(`${files.length} generated vectors agree`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } else {
    write(files, folder);
    const { text, findings: marks } = await examplesDocument();
    for (const finding of [...marks, ...flagFindings(files)]) console.error(finding);
    writeFileSync(specDocument, text);
    writeFileSync(readmePath, withFlagTable(readFileSync(readmePath, "utf8"), files));
    console.log(`${files.length} vectors written`);
  }
}
