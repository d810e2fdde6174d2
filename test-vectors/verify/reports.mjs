// Reports of campaigns: spec 7.5.
import { decode, encode } from "./cbor.mjs";
import { hash, readCoseSign, suites } from "./cose.mjs";
import { instantOf } from "./instant.mjs";
import { treeRoot } from "./merkle.mjs";
import { must } from "./refusal.mjs";
import { bytes, list, name, oneOf, record, textUpTo, uint, uintUpTo } from "./shape.mjs";
import { checkDates, checkRole, readTrustPolicy, checkCurrent, verifySigner } from "./trust.mjs";

const outcomes = ["anchored", "current", "planned", "set-aside", "quarantined", "not-reached"];
const mostEntries = 2 ** 26;

const statementOf = record({
  1: ["version", uintUpTo(1)],
  2: ["campaign", bytes(16)],
  3: ["corpus", textUpTo(4096)],
  4: ["suite", textUpTo(64)],
  5: ["mode", oneOf("commit", "dry-run")],
  6: ["startedAt", uint],
  7: ["endedAt", uint],
  8: ["ended", oneOf("complete", "limit", "aborted", "interrupted")],
  "9?": ["endedCode", textUpTo(64)],
  10: ["trustSequence", uint],
  11: ["signCalls", uint],
  12: ["treeSize", uintUpTo(mostEntries)],
  13: ["root", bytes(32, 64)],
  14: ["counts", list(uintUpTo(mostEntries), outcomes.length, outcomes.length)],
});
const entryOf = record({
  1: ["path", textUpTo(4096)],
  2: ["outcome", oneOf(...outcomes)],
  3: ["attempts", uintUpTo(1000)],
  "4?": ["artifactId", bytes(16)],
  "5?": ["head", name],
  "6?": ["root", name],
  "7?": ["code", textUpTo(64)],
  "8?": ["reason", textUpTo(1024)],
});

/** RAN-17: who signed, when it counted, and that root and counts are those of the entries. */
export function verifyReport(input, trust, now) {
  const value = decode(input, 2 ** 31);
  must(Array.isArray(value) && value[0] === "writ-report", "format-unknown");
  must(value[1] === 1, "version-unknown");
  const [, , message, encoded] = value;
  must(value.length === 4 && Buffer.isBuffer(message) && Array.isArray(encoded), "structure");
  must(
    encoded.every((entry) => Buffer.isBuffer(entry) && entry.length > 0),
    "structure",
  );
  const sign = readCoseSign(decode(message), "report");
  const signer = verifySigner(trust, sign, null);
  const statement = statementOf(decode(sign.payload));
  must(statement.version === 1, "structure");
  checkRole(signer, "anchor", "issue");
  checkDates(signer, statement.endedAt);
  must(signer.invalidSince === undefined, "signer-compromised");
  const dates = trust.suites.get(signer.suite);
  const accepted = dates !== undefined && statement.endedAt < (dates.signUntil ?? Infinity);
  must(accepted && now < (dates.verifyUntil ?? Infinity), "suite-lapsed");
  must(statement.endedAt <= now + 300, "report-root");
  const { hash: alg } = suites.get(signer.suite);
  const leaves = encoded.map((entry) => hash(alg, Buffer.of(0), encode(["writ/1 report leaf", entry])));
  must(statement.treeSize === encoded.length && treeRoot(alg, leaves).equals(statement.root), "report-root");
  const entries = encoded.map((entry) => entryOf(decode(entry)));
  const counts = outcomes.map((outcome) => entries.filter((entry) => entry.outcome === outcome).length);
  must(counts.join() === statement.counts.join() && statement.suite === signer.suite, "report-root");
  return { signer, statement, entries };
}

/** What verifying a report finds, in the members of a report vector's `expect`. */
export function readReport({ report, trustBytes, now }) {
  const trust = readTrustPolicy(trustBytes);
  checkCurrent(trust, now);
  const { signer, statement, entries } = verifyReport(report, trust, now);
  const { campaign, startedAt, endedAt, version: _version, treeSize: _size, root: _root, ...said } = statement;
  return {
    authority: signer.authority,
    campaign: campaign.toString("hex"),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    startedAt: instantOf(startedAt),
    endedAt: instantOf(endedAt),
    entries: entries.map(({ path, outcome, attempts }) => ({ path, outcome, attempts })),
  };
}
