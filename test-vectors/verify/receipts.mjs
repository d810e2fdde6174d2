// Receipt logs and receipt files: spec 5.5.
import { leafOf } from "./anchors.mjs";
import { decode } from "./cbor.mjs";
import { nameOf, readCoseSign, suites } from "./cose.mjs";
import { treeRoot } from "./merkle.mjs";
import { must } from "./refusal.mjs";
import { receiptEntry, rootStatement } from "./structure.mjs";
import { instantOf } from "./instant.mjs";
import { acceptsSuite, checkDates, checkRole, checkSuite, verifySigner } from "./trust.mjs";

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

/** REC-5: a root over all receipts since the last root, judged at its own time. */
function checkRoot({ cose }, receipts, trust) {
  const sign = readCoseSign(cose, "receipt root");
  const signer = verifySigner(trust, sign, null);
  checkRole(signer, "receipt");
  const root = rootStatement(decode(sign.payload));
  must(root.suite === signer.suite, "batch-structure"); // BAT-4
  checkDates(signer, root.time);
  checkSuite(trust, root.suite, root.time);
  must(acceptsSuite(trust, root.suite, root.time), "suite-lapsed");
  must(signer.invalidSince === undefined, "signer-compromised");
  const { hash } = suites.get(root.suite);
  const leaves = receipts.map(({ receipt, salt }) => leafOf(hash, "writ/1 receipt leaf", receipt.bytes, salt));
  const isOverAll = leaves.length > 0 && root.treeSize === leaves.length;
  must(isOverAll && treeRoot(hash, leaves).equals(root.root), "receipt-root");
  return signer.authority;
}

/** REC-2, REC-4: what a receipt must cite: the one before it of its emitter, or at a start the last one in the log. */
function checkPlace(receipt, before, last) {
  const [sequence, previous] = before === undefined ? [0, last] : [before.sequence + 1, before.name];
  must(receipt.sequence === sequence && receipt.previous === previous, "receipt-chain");
}

/** REC-1 to REC-5, over the encoded entries of a log in order; without a trust policy chains alone are checked. */
function checkLog(encodedEntries, trust) {
  const lastOf = new Map(); // emitter → its last receipt
  const receipts = [];
  let unrooted = [];
  for (const encoded of encodedEntries) {
    const entry = receiptEntry(decode(encoded, entryLimit));
    if (entry.kind === "root") {
      const rootedBy = trust === null ? null : checkRoot(entry.message, unrooted, trust);
      for (const { finding } of unrooted) finding.rootedBy = rootedBy;
      unrooted = [];
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
  return receipts;
}

const digestOf = (name) => (name === null ? null : `sha384:${name}`);

/** What checking a log or a file finds, in the members of a receipt vector's `expect`. */
export function checkReceipts({ entries, file, trust }) {
  const read = file === undefined ? { entries } : readReceiptFile(file);
  const receipts = checkLog(read.entries, trust).map((finding) => ({
    ...finding,
    name: digestOf(finding.name),
    previous: digestOf(finding.previous),
    time: instantOf(finding.time),
  }));
  return file === undefined ? { receipts } : { wholeBytes: read.wholeBytes, receipts };
}
