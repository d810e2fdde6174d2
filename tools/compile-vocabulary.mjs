// Writes the vocabulary of the evaluator (taxonomies, operations, regions, prefixes) as TypeScript, so that it is built
// and bundled like code. `node tools/compile-vocabulary.mjs` writes it, `--check` fails where it is stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../packages/evaluator/", import.meta.url));
const output = "src/generated/vocabulary.ts";
const read = (name) => JSON.parse(readFileSync(`${folder}taxonomies/${name}`, "utf8"));

const { operations, trainingTerms, emergencyTerms } = read("operations.json");
const { EU, EEA } = read("regions.json");
const taxonomies = read("shipped.json").taxonomies.map(({ iri, version, digest, file }) => ({
  iri,
  version,
  digest,
  terms: read(file).terms,
}));

const constants = [
  [
    "Prefixes of the terms that expansion replaces. Spec: POL-5.",
    "prefixes",
    "Readonly<Record<string, string>>",
    read("prefixes.json"),
  ],
  [
    "Groups of countries that stand as regions. Spec: REQ-1.",
    "regionGroups",
    "Readonly<Record<string, readonly string[]>>",
    { EU, EEA },
  ],
  ["The operation table. Spec: OPS-1.", "operationTable", "Readonly<Record<string, OperationFacts>>", operations],
  ["A purpose below one of these counts as `train`. Spec: PUR-5.", "trainingTerms", "readonly string[]", trainingTerms],
  [
    "A permission with `waives` serves purposes below these. Spec: POL-16.",
    "emergencyTerms",
    "readonly string[]",
    emergencyTerms,
  ],
  ["Purposes that a clause may admit unmeant.", "surprises", "readonly string[]", read("surprises.json").surprises],
  [
    "The taxonomies that ship with the evaluator; the first is pinned where a document names none.",
    "shippedTaxonomies",
    "readonly Taxonomy[]",
    taxonomies,
  ],
];

const text = `// Generated from packages/evaluator/taxonomies by tools/compile-vocabulary.mjs; do not edit.
import type { Taxonomy } from "../taxonomy.ts";

/** What one operation is. */
export interface OperationFacts {
  readonly includes: readonly string[];
  readonly outbound: boolean;
  readonly kAnonymity: boolean;
}
${constants.map(([says, name, type, value]) => `\n/** ${says} */\nexport const ${name}: ${type} = ${JSON.stringify(value, null, 2)};\n`).join("")}`;

// The table of TAX-1 is written by hand, since the text around it is; it says what ships.
const spec = readFileSync(fileURLToPath(new URL("../spec/3-policy.md", import.meta.url)), "utf8");
const missing = read("shipped.json").taxonomies.filter(
  ({ iri, version, file, digest }) => !spec.includes(`| \`${iri}\` | ${version} | \`${file}\` | \`${digest}\` |\n`),
);
for (const { iri } of missing) {
  process.stderr.write(`spec/3-policy.md, TAX-1: the table lacks ${iri} as shipped.json has it\n`);
  process.exitCode = 1;
}

if (!process.argv.includes("--check")) writeFileSync(folder + output, text);
else if (!existsSync(folder + output) || readFileSync(folder + output, "utf8") !== text) {
  process.stderr.write(`packages/evaluator/${output} is stale: run node tools/compile-vocabulary.mjs\n`);
  process.exitCode = 1;
}
