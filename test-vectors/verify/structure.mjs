// spec/artifact.cddl as shapes, and the rules of spec 1.1 that one core can break alone.
import { decode } from "./cbor.mjs";
import { nameOf, readCoseSign, suites } from "./cose.mjs";
import { checkForm, recipientKinds } from "./recipients.mjs";
import { must, refuse } from "./refusal.mjs";
import {
  any,
  bytes,
  digest,
  embedded,
  int,
  list,
  listOrName,
  name,
  oneOf,
  record,
  set,
  text,
  textMap,
  textUpTo,
  uint,
  uintUpTo,
} from "./shape.mjs";

const uses = ["read", "transform", "aggregate", "derive", "infer", "train", "profile", "log", "store", "copy"];
const handings = ["share", "disclose", "transfer", "export", "anonymise", "pseudonymise"];
const operations = [...uses, ...handings, "delete", "declassify", "delegate"];
const floeParameters = Buffer.from("00000010000000000020", "hex");
const floeSegmentBytes = 2 ** 20;

const parameter = (value) =>
  typeof value === "string" ? textUpTo(512)(value) : typeof value === "boolean" ? value : int(value);
const layerMembers = record({
  1: ["policy", name],
  "2?": ["parameters", textMap(parameter, 1, 64)],
  "3?": ["via", set(oneOf(...operations), 1)],
});
/** A layer and the value that it was read from: approvals are over its bytes. */
const layer = (value) => ({ ...layerMembers(value), raw: value });
const source = record({
  1: ["id", bytes(16)],
  2: ["core", name],
  3: ["anchors", name],
  4: ["role", oneOf("parent", "superseded")],
});
const content = record({
  1: ["format", oneOf("floe", "opaque")],
  2: ["sizeBytes", uint],
  3: ["root", digest],
  "4?": ["floeHeader", bytes(74)],
  "5?": ["mediaType", textUpTo(256)],
  "6?": ["externalKey", text],
});
const custodyRule = record({
  "1?": ["custodies", set(textUpTo(64), 1)],
  "2?": ["accounts", set(textUpTo(128), 1)],
  "3?": ["regions", set(textUpTo(64), 1)],
  "4?": ["origins", set(textUpTo(64), 1)],
  "5?": ["managers", set(textUpTo(64), 1)],
  "6?": ["pairs", textMap(textUpTo(384), 1, 8)],
  "7?": ["requiredPairs", set(textUpTo(128), 1, 8)],
});
const lineage = record({
  1: ["operation", oneOf("seal", "adopt", "amend", ...operations)],
  2: ["parents", listOrName(set(source, 0, 256))],
  3: ["receipts", listOrName(set(name))],
  4: ["actor", text],
  "5?": ["approvals", set(name, 1)],
  "6?": ["output", textMap(any)],
  "7?": ["tool", textUpTo(256)],
});
const coreMembers = record({
  1: ["artifactId", bytes(16)],
  2: ["revision", uint],
  3: ["issuedAt", uint],
  4: ["issuer", text],
  5: ["firstIssuer", text],
  6: ["content", content],
  7: ["layers", listOrName(set(layer, 1, 64))],
  8: ["custodyRule", custodyRule],
  9: ["lineage", lineage],
  10: ["status", set(record({ 1: ["uri", text], 2: ["index", uint] }))],
  "11?": ["supersedes", source],
  "12?": ["crit", set(textUpTo(256), 1)],
  "13?": ["ext", textMap(any, 1, 64)],
});

/** CON-2, CON-3: what a writer of floe content can have made. */
function checkFloe({ sizeBytes, floeHeader }) {
  must(floeHeader.subarray(0, 10).equals(floeParameters), "content-header");
  const segments = Math.ceil((sizeBytes - 74) / floeSegmentBytes);
  const lastBytes = sizeBytes - 74 - (segments - 1) * floeSegmentBytes;
  must(segments >= 1 && lastBytes >= (segments === 1 ? 32 : 33), "content-size");
}

function core(value) {
  const read = coreMembers(value);
  const isFloe = read.content.format === "floe";
  must((read.content.floeHeader !== undefined) === isFloe, "structure"); // ART-7
  const isRevision = read.revision > 0;
  must((read.supersedes !== undefined) === isRevision, "structure");
  must((read.lineage.operation === "amend") === isRevision, "structure");
  must(!isRevision || read.supersedes.role === "superseded", "structure");
  must(isRevision || read.firstIssuer === read.issuer, "structure");
  const parents = read.lineage.parents;
  must(parents.named !== undefined || parents.entries.every(({ role }) => role === "parent"), "structure");
  if (["seal", "adopt", "amend"].includes(read.lineage.operation)) must(parents.entries?.length === 0, "structure");
  if (read.lineage.operation === "adopt") must(!isFloe, "structure"); // ADO-1
  if (read.lineage.approvals) must(["amend", "declassify"].includes(read.lineage.operation), "structure"); // APR-7
  if (read.crit !== undefined) {
    must(
      read.crit.every((key) => read.ext?.has(key)),
      "structure",
    ); // ART-8
    refuse("crit-unknown");
  }
  if (isFloe) checkFloe(read.content);
  return read;
}

const recipientMembers = record({
  1: ["kind", oneOf(...recipientKinds)],
  2: ["custodyUri", text],
  3: ["blob", bytes(1, 6144)],
  4: ["wrappedKey", bytes(40)],
  5: ["bound", (value) => (value === null ? null : bytes(48)(value))],
  "6?": ["alias", text],
  "7?": ["materialId", textUpTo(256)],
  "8?": ["batchId", textUpTo(64)],
  "9?": ["transportGroup", textUpTo(64)],
});
const recipient = (value) => checkForm(recipientMembers(value));
const exposure = record({
  1: ["kind", oneOf("classical-wrap", "classical-transport")],
  2: ["custodyUri", text],
  3: ["notedAt", uint],
});

function keys(value) {
  must(Array.isArray(value) && value.length === 2, "structure");
  return { recipients: set(recipient, 0, 64)(value[0]), exposures: list(exposure)(value[1]) };
}

const bareDigest = bytes(32, 64);
const statement = record({
  1: ["version", oneOf(1)],
  2: ["kind", oneOf("seal", "cover", "rehash", "rewrap")],
  3: ["artifactId", bytes(16)],
  4: ["sequence", uintUpTo(4095)],
  5: ["hash", int],
  6: ["core", bareDigest],
  7: ["keys", bareDigest],
  8: ["contentRoot", digest],
  9: ["earlier", bareDigest],
  10: ["issuedAt", uint],
  11: ["suite", textUpTo(64)],
  "12?": ["found", oneOf("valid", "expired", "unknown")],
  "13?": ["reason", textUpTo(512)],
});
const batchProof = record({
  1: ["salt", bytes(16)],
  2: ["treeSize", uintUpTo(2 ** 32)],
  3: ["index", uintUpTo(2 ** 32)],
  4: ["path", list(bareDigest, 0, 32)],
  5: ["root", name],
});
export const rootStatement = record({
  1: ["batchId", bytes(16)],
  2: ["treeSize", uintUpTo(65_536)], // BAT-1
  3: ["root", bareDigest],
  4: ["time", uint],
  5: ["suite", textUpTo(64)],
});

/** ANC-2: a COSE_Sign is an array, a batch proof a map. */
const evidence = (value) => {
  if (Array.isArray(value)) return { cose: value };
  return { batch: batchProof(value) };
};
const anchorRecord = record({ 1: ["statement", embedded(statement)], 2: ["evidence", evidence] });
/** ING-3: the form of its signatures is part of its own, where their suite is known. */
const anchor = (value) => {
  const read = anchorRecord(value);
  if (read.evidence.cose && suites.has(read.statement.suite)) readCoseSign(read.evidence.cose, "anchor");
  return read;
};

const policyMessageLimit = 256 * 1024; // POM-1
const rootMessageLimit = 32 * 1024; // BAT-3

const levels = ["public", "internal", "confidential", "restricted"];

/** POL-7: maps with text keys, lists, texts, integers, booleans and null, at every depth. */
function documentValue(value) {
  must(!Buffer.isBuffer(value), "structure");
  if (Array.isArray(value)) value.forEach(documentValue);
  if (value instanceof Map) textMap(documentValue, 0)(value);
  return value;
}

/** What of a policy is read without an evaluator. */
function policyDocument(value) {
  const members = documentValue(textMap(any, 0)(value));
  const [id, authority] = [textUpTo(Infinity)(members.get("id")), textUpTo(Infinity)(members.get("authority"))];
  const classification = oneOf(...levels)(members.has("classification") ? members.get("classification") : "public");
  return { members, id, authority, classification };
}

/** POM-1. */
export const policyMessage = (value) => {
  must(Array.isArray(value) && value.length === 2 && Buffer.isBuffer(value[0]), "structure");
  readCoseSign(value[1], "policy"); // ING-3: with the attachments
  return { document: embedded(policyDocument)(value[0]), cose: value[1] };
};
const coseMessage = (value) => ({ cose: value });
const attachedSource = (value) => {
  must(Array.isArray(value) && value.length === 2, "structure");
  return { core: embedded(core)(value[0]), anchors: list(embedded(anchor), 1, 4096)(value[1]) };
};

const isSource = (value) => value instanceof Map && value.size === 4;
/** ART-9: at most 1,024 layers or 4,096 parents. */
const longList = (value) => {
  must(Array.isArray(value), "structure");
  if (!value.some(isSource)) return { entries: set(layer, 0, 1024)(value) };
  const entries = set(source, 0, 4096)(value);
  must(
    entries.every(({ role }) => role === "parent"),
    "structure",
  ); // ART-7
  return { entries };
};

const attachmentKinds = new Map([
  [1, ["policy", embedded(policyMessage, policyMessageLimit)]],
  [2, ["root", embedded(coseMessage, rootMessageLimit)]],
  [3, ["leaves", (value) => ({ bytes: bytes()(value) })]],
  [4, ["source", embedded(attachedSource)]],
  [5, ["longList", embedded(longList)]],
  [6, ["approval", embedded(coseMessage)]],
]);

/** ATT-3: a source is read at once and a root message bounded; what else an attachment holds, only where it is named. */
function attachment(value) {
  must(Array.isArray(value) && value.length === 2 && attachmentKinds.has(value[0]), "structure");
  const [kind, shape] = attachmentKinds.get(value[0]);
  if (kind === "source") return { kind, ...shape(value[1]) };
  const held = bytes()(value[1]);
  must(kind !== "root" || held.length <= rootMessageLimit, "input-too-large");
  return { kind, bytes: held };
}

/** ATT-5: a source from a store, with the root messages of its anchors. */
export function readStoredSource(coreBytes, pairsBytes) {
  const value = decode(pairsBytes);
  const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && Buffer.isBuffer(pair[0]);
  must(Array.isArray(value) && value.length > 0 && value.every(isPair), "structure");
  const anchors = value.map(([bytes]) => embedded(anchor)(bytes));
  value.forEach(([, root], index) => {
    const { batch } = anchors[index].evidence;
    must(batch ? Buffer.isBuffer(root) && nameOf(root) === batch.root : root === null, "structure");
  });
  const roots = value.map(([, root]) => root).filter((root) => root !== null);
  return { source: { kind: "source", core: embedded(core)(coreBytes), anchors }, roots };
}

/** A message that is attached or from a store, read as the kind that was asked for. */
export const readMessage = (kind, received) =>
  [...attachmentKinds.values()].find(([name]) => name === kind)[1](received);

const embeddedAttachment = (value) => attachment(decode(bytes()(value), Infinity));

/** ART-1, ART-2: the bytes of a bare artifact, as received. */
export function readArtifact(received) {
  const value = decode(received, Infinity);
  must(Array.isArray(value) && value[0] === "writ", "format-unknown");
  must(value[1] === 1, "version-unknown");
  must(value.length === 6, "structure");
  const artifact = {
    core: embedded(core)(value[2]),
    keys: embedded(keys)(value[3]),
    anchors: list(embedded(anchor), 1, 4096)(value[4]),
    attachments: set(embeddedAttachment)(value[5]),
  };
  if (artifact.core.content.format === "floe") must(artifact.keys.recipients.length > 0, "structure"); // ART-11
  return artifact;
}

const approvalMembers = record({
  1: ["version", oneOf(1)],
  2: ["sources", set(name, 1, 256)],
  3: ["operation", textUpTo(256)],
  "4?": ["layers", name],
  "5?": ["waives", record({ 1: ["policy", name], 2: ["duty", textUpTo(256)] })],
  6: ["approver", text],
  7: ["issuedAt", uint],
  8: ["expires", uint],
  9: ["nonce", bytes(16)],
});

/** APR-1: for either new layers or a waived duty. */
export function readApproval(payload) {
  const read = approvalMembers(decode(payload));
  must((read.layers === undefined) !== (read.waives === undefined), "structure");
  return read;
}

const call = record({
  1: ["operation", textUpTo(64)],
  2: ["key", text],
  "3?": ["requestId", textUpTo(256)],
  "4?": ["materialId", textUpTo(256)],
  "5?": ["transportGroup", textUpTo(64)],
});
const reason = record({ 1: ["code", textUpTo(64)], "2?": ["rule", textUpTo(256)], "3?": ["subject", text] });
const obligation = record({
  1: ["duty", textUpTo(256)],
  2: ["type", text],
  3: ["trigger", textUpTo(64)],
  4: ["policy", name],
  "5?": ["due", uint],
  "6?": ["by", text],
});
const receiptVersion = (value) => (uint(value) === 1 ? value : refuse("version-unknown")); // REC-1
const receiptMembers = record({
  1: ["version", receiptVersion],
  2: ["kind", oneOf("decision", "release", "discharge", "ingest")],
  3: ["artifactId", bytes(16)],
  4: ["core", name],
  5: ["policies", list(record({ 1: ["policy", name], "2?": ["parameters", textMap(any)] }))],
  6: ["request", name],
  7: ["operation", textUpTo(256)],
  8: ["purposes", list(text, 0, 8)],
  9: ["principal", textMap(any)],
  "10?": ["verdict", oneOf("permit", "deny", "unknown")],
  "11?": ["reasons", list(reason, 1)],
  "12?": ["missing", list(text, 1)],
  "13?": ["obligations", list(obligation, 1)],
  "14?": ["stateAges", textMap(int)],
  "15?": ["assurances", textMap(int)],
  "16?": ["decision", name],
  "17?": ["calls", list(call, 1)],
  "18?": ["releasedBytes", uint],
  "19?": ["exit", textUpTo(64)],
  20: ["emitter", bytes(16)],
  21: ["sequence", uint],
  22: ["previous", (value) => (value === null ? null : name(value))],
  23: ["time", uint],
  "24?": ["discharged", record({ 1: ["policy", name], 2: ["duty", textUpTo(256)], "3?": ["by", text] })],
  "25?": ["approvals", set(name, 1, 256)],
});
/** LIA-1: a discharge names decision and duty, nothing else names a duty. */
const receipt = (value) => {
  const read = receiptMembers(value);
  const said = [
    [["discharge"], read.discharged],
    [["decision"], read.verdict],
    [["release", "ingest"], read.exit],
    [["release", "discharge"], read.decision],
  ];
  for (const [kinds, member] of said) must(kinds.includes(read.kind) === (member !== undefined), "structure"); // REC-9
  must(read.kind !== "ingest" || (read.operation === "ingest" && read.purposes.length === 0), "structure");
  must(read.kind === "decision" || read.approvals === undefined, "structure"); // REC-11
  return read;
};

/** `[1, receipt, salt]` or `[2, root message]`. */
export function receiptEntry(value) {
  must(Array.isArray(value), "structure");
  if (value[0] === 1 && value.length === 3) {
    return { kind: "receipt", receipt: embedded(receipt)(value[1]), salt: bytes(16)(value[2]) };
  }
  must(value[0] === 2 && value.length === 2, "structure"); // REC-6
  return { kind: "root", message: embedded(coseMessage, rootMessageLimit)(value[1]) };
}

/** The manifest of an evidence pack: EVP-2. */
export const evidenceManifest = record({
  1: ["version", oneOf(1)],
  2: ["madeAt", uint],
  3: ["trust", record({ "1?": ["name", textUpTo(256)], 2: ["sequence", uint], 3: ["digest", name] })],
  4: ["items", list(name, 1, 65_536)],
});

/** A receipt with its place under a root: EVP-3. */
export const packedReceipt = record({
  1: ["receipt", embedded(receipt)],
  2: ["salt", bytes(16)],
  "3?": [
    "place",
    record({
      1: ["treeSize", uintUpTo(65_536)],
      2: ["index", uintUpTo(65_536)],
      3: ["path", list(bytes(32, 64), 0, 32)],
      4: ["root", name],
    }),
  ],
});
