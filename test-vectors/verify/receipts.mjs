// Receipt logs and receipt files: spec 5.5.
import { leafOf } from "./anchors.mjs";
import { decode } from "./cbor.mjs";
import { nameOf, readCoseSign, suites } from "./cose.mjs";
import { treeRoot } from "./merkle.mjs";
import { must } from "./refusal.mjs";
import { receiptEntry, rootStatement } from "./structure.mjs";
import { instantOf } from "./instant.mjs";
import { checkCurrent, checkDates, checkRole, verifySigner } from "./trust.mjs";

const fileMagic = Buffer.from("WRITREC1", "ascii");
const entryLimit = 2 * 2 ** 20;

/** REC-6: the entries of a file, and how many of its bytes are whole; a torn last entry is left out. */
function readReceiptFile(bytes) {
  must(bytes.subarray(0, fileMagic.length).equals(fileMagic), "format-unknown");
  const entries = [];
  let wholeBytes = fileMagic.length;
  while (wholeBytes + 4 <= bytes.length) {
    const sizeBytes = bytes.readUInt32BE(wholeBytes);
    must(sizeBytes <= entryLimit, "input-too-large");
    const end = wholeBytes + 4 + sizeBytes;
    if (end > bytes.length) break;
    entries.push(bytes.subarray(wholeBytes + 4, end));
    wholeBytes = end;
  }
  return { entries, wholeBytes };
}

const aheadSeconds = 300;

/** REC-5, REC-8: a root by itself; `fault` is the code that ended it by now, or null. */
export function readRoot({ cose }, trust, now) {
  const sign = readCoseSign(cose, "receipt root");
  const signer = verifySigner(trust, sign, null);
  checkRole(signer, "receipt");
  const root = rootStatement(decode(sign.payload));
  must(root.suite === signer.suite, "batch-structure"); // BAT-4
  checkDates(signer, root.time);
  must(root.time <= now + aheadSeconds, "receipt-root");
  const dates = trust.suites.get(root.suite);
  const accepted =
    dates !== undefined && root.time < (dates.signUntil ?? Infinity) && now < (dates.verifyUntil ?? Infinity);
  const fault = signer.invalidSince !== undefined ? "signer-compromised" : accepted ? null : "suite-lapsed";
  return { root, hash: suites.get(root.suite).hash, authority: signer.authority, fault };
}

export const receiptLeaf = (hash, { bytes }, salt) => leafOf(hash, "writ/1 receipt leaf", bytes, salt);

/** REC-5: a root isn't older than what it is over. */
export const checkAge = ({ time }, root) => must(time <= root.time + aheadSeconds, "receipt-root");

/** REC-5: a root over the oldest receipts without one, as many as it counts. */
function checkRoot(message, unrooted, trust, now) {
  const { root, hash, authority, fault } = readRoot(message, trust, now);
  const covered = unrooted.slice(0, root.treeSize);
  const leaves = covered.map(({ receipt, salt }) => receiptLeaf(hash, receipt, salt));
  const isOverAll = leaves.length > 0 && root.treeSize === leaves.length;
  must(isOverAll && treeRoot(hash, leaves).equals(root.root), "receipt-root");
  for (const { receipt } of covered) checkAge(receipt, root);
  for (const { finding } of covered) finding.root = { authority, fault };
  return unrooted.slice(root.treeSize);
}

/** REC-8: a root that doesn't count is passed over where a later one speaks for all its receipts. */
function findSpeakers(receipts) {
  const cited = new Map();
  for (const finding of receipts.toReversed()) {
    const { root = null, name, previous } = finding;
    finding.rootedBy = root !== null && root.fault === null ? root.authority : (cited.get(name) ?? null);
    must(root === null || root.fault === null || finding.rootedBy !== null, root?.fault);
    if (finding.rootedBy !== null) cited.set(previous, finding.rootedBy);
    delete finding.root;
  }
}

/** REC-2, REC-4: what a receipt must cite: the one before it of its emitter, or at a start the last one in the log. */
function checkPlace(receipt, before, last) {
  const [sequence, previous] = before === undefined ? [0, last] : [before.sequence + 1, before.name];
  must(receipt.sequence === sequence && receipt.previous === previous, "receipt-chain");
}

/** REC-1 to REC-5, REC-8, over the encoded entries of a log in order; without a trust policy chains alone are checked. */
function checkLog(encodedEntries, trust, now) {
  const lastOf = new Map(); // emitter → its last receipt
  const receipts = [];
  let unrooted = [];
  for (const encoded of encodedEntries) {
    const entry = receiptEntry(decode(encoded));
    if (entry.kind === "root") {
      if (trust !== null) unrooted = checkRoot(entry.message, unrooted, trust, now);
      continue;
    }
    const { receipt, salt } = entry;
    const { sequence, previous, time } = receipt;
    const emitter = receipt.emitter.toString("hex");
    checkPlace(receipt, lastOf.get(emitter), receipts.at(-1)?.name ?? null);
    const finding = { name: nameOf(receipt.bytes), emitter, sequence, previous, time, rootedBy: null };
    receipts.push(finding);
    lastOf.set(emitter, finding);
    unrooted.push({ receipt, salt, finding });
  }
  findSpeakers(receipts);
  return receipts;
}

const digestOf = (name) => (name === null ? null : `sha384:${name}`);

/** What checking a log or a file finds, in the members of a receipt vector's `expect`. */
export function checkReceipts({ entries, file, trust, now }) {
  if (trust !== null) checkCurrent(trust, now);
  const read = file === undefined ? { entries } : readReceiptFile(file);
  const receipts = checkLog(read.entries, trust, now).map((finding) => ({
    ...finding,
    name: digestOf(finding.name),
    previous: digestOf(finding.previous),
    time: instantOf(finding.time),
  }));
  return file === undefined ? { receipts } : { wholeBytes: read.wholeBytes, receipts };
}
