// Checks the vectors against the written specification alone: this program imports cborg, node:* and what stands in
// verify/ and verify-content.mjs beside it, which do the same, and nothing of the packages.
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { verifyContentVectors } from "./verify-content.mjs";
import { ingest, readCarrier } from "./verify/artifact.mjs";
import { decode, encode } from "./verify/cbor.mjs";
import { readKey } from "./verify/cose.mjs";
import { verifyEvidence } from "./verify/evidence.mjs";
import { computeExample } from "./verify/examples.mjs";
import { instantOf, secondsOf } from "./verify/instant.mjs";
import { intermediateValues } from "./verify/intermediate.mjs";
import { checkReceipts } from "./verify/receipts.mjs";
import { attempt, must } from "./verify/refusal.mjs";
import { ingestReferenced, readReference } from "./verify/references.mjs";
import { readReport } from "./verify/reports.mjs";
import { tally } from "./verify/tally.mjs";
import { readSignedTrustPolicy, readTrustPolicy } from "./verify/trust.mjs";

const { values: asked } = parseArgs({ options: { count: { type: "boolean" }, folder: { type: "string" } } });
/** Where the vectors stand: here, or in a folder that has artifacts/ and trust/ alone. */
const base = asked.folder === undefined ? import.meta.url : pathToFileURL(`${resolve(asked.folder)}/`);
const inFolder = (path) => new URL(path, base);
const fromBase64 = (text) => Buffer.from(text, "base64");
const trustBytesOf = (file) => readFileSync(inFolder(`trust/${file}`));
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

/** Where what a reading gives, or its refusal, differs from `expect`. */
function unexpected(expect, read) {
  const { code, value } = attempt(read);
  return differences(code === undefined ? value : { code }, expect, "expect");
}

function artifactFindings(vector) {
  const input = {
    bytes: fromBase64(vector.artifact ?? vector.carrier),
    content: vector.content === undefined ? null : fromBase64(vector.content),
    store: (vector.store ?? []).map(fromBase64),
    limits: vector.limits,
    trustBytes: (vector.trust ?? null) === null ? null : trustBytesOf(vector.trust),
    now: secondsOf(vector.now),
  };
  const found = unexpected(vector.expect, () => ingest(input));
  if (found.length > 0 || vector.intermediate === undefined) return found;
  const { bare } = readCarrier(input.bytes, input.limits);
  const values = intermediateValues(bare, input.store, vector.intermediate);
  return differences(values, vector.intermediate, "intermediate");
}

function trustFindings({ text, signed, pinned, highestSeen, now, expect }) {
  return unexpected(expect, () => {
    const keys = pinned?.map(({ alg, publicKey }) => readKey(alg, fromBase64(publicKey)));
    must(text !== undefined || signed !== undefined, "trust-missing"); // TRU-4
    const trust =
      signed === undefined
        ? readTrustPolicy(Buffer.from(text, "utf8"))
        : readSignedTrustPolicy(decode(fromBase64(signed)), keys, highestSeen, now && secondsOf(now));
    const signers = trust.signers.map(({ authority, role, suite }) => ({ authority, role, suite }));
    return { name: trust.name, sequence: trust.sequence, expires: instantOf(trust.expires), signers };
  });
}

function receiptFindings({ trust, now, entries, file, expect }) {
  return unexpected(expect, () =>
    checkReceipts({
      entries: entries?.map(fromBase64),
      file: file === undefined ? undefined : fromBase64(file),
      trust: trust === null ? null : readTrustPolicy(trustBytesOf(trust)),
      now: secondsOf(now),
    }),
  );
}

function evidenceFindings({ trust, now, pack, expect }) {
  return unexpected(expect, () =>
    verifyEvidence({ pack: fromBase64(pack), trustBytes: trustBytesOf(trust), now: secondsOf(now) }),
  );
}

function reportFindings({ trust, now, report, expect }) {
  return unexpected(expect, () =>
    readReport({ report: fromBase64(report), trustBytes: trustBytesOf(trust), now: secondsOf(now) }),
  );
}

function referenceFindings({ reference, artifacts, content, trust, now, expect }) {
  if (artifacts === undefined) return unexpected(expect, () => ({ core: readReference(reference) }));
  const store = new Map(Object.entries(artifacts).map(([name, bytes]) => [name, fromBase64(bytes)]));
  const carried = content === null ? null : fromBase64(content);
  const reader = { store, trustBytes: trustBytesOf(trust), now: secondsOf(now) };
  return unexpected(expect, () => ingestReferenced(reference, carried, reader));
}

/** A decoded value as a vector writes it. */
function shown(value) {
  if (Buffer.isBuffer(value)) return { bytes: value.toString("hex") };
  if (value instanceof Map) return { map: [...value].map(([key, member]) => [key, shown(member)]) };
  return Array.isArray(value) ? value.map(shown) : value;
}

function encodingFindings({ cases }) {
  return cases.flatMap(({ hex, code, value }) => {
    const read = () => {
      const decoded = decode(Buffer.from(hex, "hex"));
      return { value: shown(decoded), hex: encode(decoded).toString("hex") };
    };
    const found = unexpected(code === undefined ? { value, hex } : { code }, read);
    return found.map((finding) => `${hex}: ${finding}`);
  });
}

/** A worked example says what its computation gives, member by member. */
function exampleFindings(example) {
  const { code, value } = attempt(() => computeExample(example));
  return differences(code === undefined ? value : { code }, example.gives, "gives");
}

/** How many vectors a folder has, and those that disagree, each as a line. */
function readFolder(folder, findingsOf) {
  const files = readdirSync(inFolder(folder)).filter((file) => file.endsWith(".json"));
  const findings = files.flatMap((file) => {
    const vector = JSON.parse(readFileSync(inFolder(`${folder}/${file}`), "utf8"));
    const found = findingsOf(vector);
    const flags = vector.flags === undefined ? "" : ` [${vector.flags.join(", ")}]`;
    return found.length === 0 ? [] : [`${file}${flags}: ${found.join("; ")}`];
  });
  return { count: files.length, findings };
}

/** A trust policy that artifacts name is a vector in itself: it is one. */
const namedTrustPolicies = () =>
  readFolder("trust", (policy) => unexpected(null, () => readTrustPolicy(Buffer.from(JSON.stringify(policy))) && null));

const judged = { trust: namedTrustPolicies, artifacts: () => readFolder("artifacts", artifactFindings) };
const folders = {
  cbor: () => readFolder("cbor", encodingFindings),
  "content, floe": verifyContentVectors,
  trust: namedTrustPolicies,
  "trust/cases": () => readFolder("trust/cases", trustFindings),
  artifacts: () => readFolder("artifacts", artifactFindings),
  receipts: () => readFolder("receipts", receiptFindings),
  evidence: () => readFolder("evidence", evidenceFindings),
  reports: () => readFolder("reports", reportFindings),
  references: () => readFolder("references", referenceFindings),
  examples: () => readFolder("examples", exampleFindings),
};

let agreed = 0;
let disagreed = 0;
for (const [folder, read] of Object.entries(asked.folder === undefined ? folders : judged)) {
  const { count, findings } = read();
  if (count === 0) findings.push("no vectors");
  const lines = findings.map((finding) => `  ${finding}`);
  console.log([`${folder}: ${count} vectors, ${findings.length} disagree`, ...lines].join("\n"));
  agreed += Math.max(0, count - findings.length);
  disagreed += findings.length;
}
if (asked.count) for (const line of tally(inFolder("./").pathname)) console.log(line);
console.log(`${agreed} agreed, ${disagreed} disagreed`);
process.exitCode = disagreed === 0 ? 0 : 1;
