// The anchor chain, batches and the time rule: spec 1.7, TRU-5 to TRU-10.
import { decode, encode } from "./cbor.mjs";
import { hash, readCoseSign, suites } from "./cose.mjs";
import { rootOfPath } from "./merkle.mjs";
import { must, refuse } from "./refusal.mjs";
import { rootStatement } from "./structure.mjs";
import { acceptsSuite, checkDates, checkRole, checkSuite, markHolds, verifySigner } from "./trust.mjs";

const aheadSeconds = 300;

export const hasSources = (core) =>
  core.supersedes !== undefined || core.lineage.parents.named !== undefined || core.lineage.parents.entries.length > 0;

/** ANC-4: the bytes whose digest a next statement carries, and SHA-384 of which names the anchors of a source. */
export function earlierBytes(anchors, rootOf) {
  return encode(
    anchors.map(({ bytes, evidence }) => [bytes, evidence.batch ? rootOf(evidence.batch.root).bytes : null]),
  );
}

/** BAT-2, BAT-5. */
export function leafOf(algorithm, label, message, salt) {
  return hash(algorithm, Buffer.of(0), encode([label, message, salt]));
}

function verifyBatch({ statement, evidence: { batch } }, { trust, rootOf }) {
  const sign = readCoseSign(rootOf(batch.root).cose, "anchor root");
  const signer = verifySigner(trust, sign, null);
  const root = rootStatement(decode(sign.payload));
  must(root.suite === signer.suite && root.suite === statement.suite, "batch-structure"); // BAT-4
  must(batch.treeSize === root.treeSize && batch.index < batch.treeSize, "batch-structure");
  const leaf = leafOf(statement.hash, "writ/1 anchor leaf", statement.bytes, batch.salt);
  must(
    [root.root, ...batch.path].every((digest) => digest.length === leaf.length),
    "batch-structure",
  );
  const reached = rootOfPath(statement.hash, leaf, batch.index, batch.treeSize, batch.path);
  must(reached.equals(root.root), "batch-root");
  return { signer, time: root.time };
}

function verifyDirect({ statement, evidence }, { trust }) {
  const sign = readCoseSign(evidence.cose, "anchor"); // ANC-3
  const signer = verifySigner(trust, sign, statement.bytes);
  must(signer.suite === statement.suite, "signer-unknown"); // ANC-8
  return { signer, time: statement.issuedAt };
}

/** ANC-7, ANC-11: the root of the anchor before, or a longer one where it is a rehash. */
function checkRoot({ kind, contentRoot }, before) {
  const isSame = contentRoot.algorithm === before.algorithm && contentRoot.bare.equals(before.bare);
  const isLonger = contentRoot.bare.length > before.bare.length;
  must(kind === "rehash" ? isLonger : isSame, "anchor-content-root");
}

/** ANC-7: the keys digest of those before it, back to the last rewrap or the seal, where they are under its hash. */
function checkKeysRepeated(anchors, index) {
  const from = anchors.findLastIndex(({ statement }, at) => at <= index && ["seal", "rewrap"].includes(statement.kind));
  const { hash: algorithm, keys } = anchors[index].statement;
  for (const { statement } of anchors.slice(Math.max(from, 0), index)) {
    must(statement.hash !== algorithm || statement.keys.equals(keys), "anchor-keys");
  }
}

/** ANC-6 to ANC-8: what a statement says of its place and of the artifact. */
function checkStatement({ statement }, index, { core, keys, anchors, presentKeysFrom, rootOf }) {
  must((statement.kind === "seal") === (index === 0), "anchor-kind");
  must(statement.sequence === index, "anchor-sequence");
  must(statement.artifactId.equals(core.artifactId), "anchor-artifact");
  must(suites.get(statement.suite).hash === statement.hash, "suite-unknown");
  must(statement.core.equals(hash(statement.hash, core.bytes)), "anchor-core");
  checkRoot(statement, index === 0 ? core.content.root : anchors[index - 1].statement.contentRoot);
  checkKeysRepeated(anchors, index);
  const isPresent = keys !== null && index >= presentKeysFrom;
  if (isPresent) must(statement.keys.equals(hash(statement.hash, keys.bytes)), "anchor-keys");
  const earlier = hash(statement.hash, earlierBytes(anchors.slice(0, index), rootOf));
  must(statement.earlier.equals(earlier), "anchor-chain");
}

function checkSigner({ statement, signer, time }, core) {
  if (statement.kind === "seal") {
    checkRole(signer, ...(hasSources(core) ? ["issue", "derive"] : ["issue"]));
    must(signer.authority === core.issuer, "signer-unknown"); // ANC-6
  } else checkRole(signer, "anchor", "issue");
  checkDates(signer, time);
}

/** ANC-9. */
function checkTimes(verified, core, now) {
  must(core.issuedAt <= verified[0].time, "anchor-time");
  must(
    verified.every(({ time }, index) => index === 0 || verified[index - 1].time < time),
    "anchor-time",
  );
  must(
    verified.every(({ time }) => time <= now + aheadSeconds),
    "anchor-time",
  );
}

/** TRU-8, TRU-9: from the last anchor, judged at now, to the seal. */
function judge(verified, trust, now) {
  const judged = [];
  let judgedAt = now;
  for (const { statement, signer, time, batched } of verified.toReversed()) {
    const unmarked = markHolds(signer, judged);
    const counts = unmarked && acceptsSuite(trust, statement.suite, judgedAt);
    judged.unshift({
      statement,
      kind: statement.kind,
      suite: statement.suite,
      signer,
      time,
      batched,
      judgedAt,
      unmarked,
      counts,
    });
    if (counts && signer.trustedTime === true) judgedAt = time;
  }
  return judged;
}

/** ANC-10: the anchors of known suites; unknown ones may only follow, and only where the trust policy accepts them. */
function knownAnchors(anchors, trust) {
  const firstUnknown = anchors.findIndex(({ statement }) => !suites.has(statement.suite));
  if (firstUnknown === -1) return anchors;
  const accepted =
    firstUnknown > 0 &&
    trust.acceptUnknownLaterAnchors === true &&
    anchors.slice(firstUnknown).every(({ statement }) => !suites.has(statement.suite));
  return accepted ? anchors.slice(0, firstUnknown) : refuse("suite-unknown");
}

/** The known anchors, judged. `keys` is null for a source, whose keys aren't there (LIN-2). */
export function verifyAnchors({ core, keys, anchors: all }, { trust, now, rootOf }) {
  const anchors = knownAnchors(all, trust);
  const presentKeysFrom = Math.max(
    0,
    anchors.findLastIndex(({ statement }) => statement.kind === "rewrap"),
  );
  for (const { evidence } of anchors) if (evidence.batch) rootOf(evidence.batch.root); // ING-3: at hand before any is judged
  const verified = anchors.map((anchor, index) => {
    checkStatement(anchor, index, { core, keys, anchors, presentKeysFrom, rootOf });
    const batched = anchor.evidence.batch !== undefined;
    const { signer, time } = batched ? verifyBatch(anchor, { trust, rootOf }) : verifyDirect(anchor, { trust });
    const found = { statement: anchor.statement, signer, time, batched };
    checkSigner(found, core);
    checkSuite(trust, found.statement.suite, time);
    return found;
  });
  checkTimes(verified, core, now);
  const judged = judge(verified, trust, now);
  must(judged[0].unmarked, "signer-compromised"); // TRU-8
  return judged;
}

/** TRU-10: refuses what is enforced, returns the suites of what is only reported. */
export function checkRequirements(judged, { trust, now }) {
  const unmet = (trust.required ?? []).filter(({ from, suites: accepted, authorities = 1 }) => {
    if (now < from) return false;
    const counting = judged.filter(({ counts, suite }) => counts && accepted.includes(suite));
    return new Set(counting.map(({ signer }) => signer.authority)).size < authorities;
  });
  must(
    unmet.every(({ stage }) => stage === "report-only"),
    "suite-required",
  );
  return unmet.map((requirement) => requirement.suites);
}
