// Checks the vectors against the written specification alone: this program imports cborg, node:* and what stands in
// verify/ and verify-content.mjs beside it, which do the same, and nothing of the packages.
import { readFileSync, readdirSync } from "node:fs";
import { ingest, readCarrier } from "./verify/artifact.mjs";
import { intermediateValues } from "./verify/intermediate.mjs";
import { attempt } from "./verify/refusal.mjs";

const inFolder = (path) => new URL(path, import.meta.url);
const fromBase64 = (text) => Buffer.from(text, "base64");
const secondsOf = (instant) => Date.parse(instant) / 1000;

const isList = (value) => value !== null && typeof value === "object";

/** Where two JSON values differ, each place as a line. */
function differences(found, expected, path) {
  if (isList(found) && isList(expected) && Array.isArray(found) === Array.isArray(expected)) {
    const members = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
    return members.flatMap((member) => differences(found[member], expected[member], `${path}.${member}`));
  }
  if (found === expected) return [];
  return [`${path} is ${JSON.stringify(found)}, the vector says ${JSON.stringify(expected)}`];
}

const outcome = ({ value, code }) => (code === undefined ? value : { code });

function artifactFindings(vector) {
  const trustBytes = vector.trust === undefined ? null : readFileSync(inFolder(`trust/${vector.trust}`));
  const input = {
    bytes: fromBase64(vector.artifact ?? vector.carrier),
    content: vector.content === undefined ? null : fromBase64(vector.content),
    store: (vector.store ?? []).map(fromBase64),
    limits: vector.limits,
    trustBytes,
    now: secondsOf(vector.now),
  };
  const found = differences(outcome(attempt(() => ingest(input))), vector.expect, "expect");
  if (found.length > 0 || vector.intermediate === undefined) return found;
  const { bare } = readCarrier(input.bytes, input.limits);
  const values = intermediateValues(bare, input.store, vector.intermediate);
  return differences(values, vector.intermediate, "intermediate");
}

const folders = { "artifacts/": artifactFindings };

let agreed = 0;
let disagreed = 0;
for (const [folder, findingsOf] of Object.entries(folders)) {
  const files = readdirSync(inFolder(folder)).filter((file) => file.endsWith(".json"));
  const findings = files.flatMap((file) => {
    const found = findingsOf(JSON.parse(readFileSync(inFolder(`${folder}${file}`), "utf8")));
    return found.length === 0 ? [] : [`  ${file}: ${found.join("; ")}`];
  });
  const empty = files.length === 0 ? 1 : 0;
  if (empty) findings.push("  no vectors");
  console.log([`${folder} ${files.length} vectors, ${findings.length} disagree`, ...findings].join("\n"));
  agreed += files.length + empty - findings.length;
  disagreed += findings.length;
}
console.log(`${agreed} agreed, ${disagreed} disagreed`);
process.exitCode = disagreed === 0 ? 0 : 1;
