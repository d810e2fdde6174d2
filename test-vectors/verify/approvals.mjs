// Approvals that a lineage names: spec 14.3.
import { hash, readCoseSign } from "./cose.mjs";
import { encode } from "./cbor.mjs";
import { must } from "./refusal.mjs";
import { readApproval } from "./structure.mjs";
import { acceptsSuite, checkDates, checkRole, checkSuite, markHolds, verifySigner } from "./trust.mjs";

const aheadSeconds = 300;
const longestSeconds = 30 * 86_400;

/** APR-1: SHA-384 over the layers as a long list holds them. */
const layersDigest = (layers) => hash(-43, encode(layers.map(({ raw }) => raw))).toString("hex");

const sameNames = (left, right) => new Set(left).symmetricDifference(new Set(right)).size === 0;

/** APR-2, APR-8: one approval, judged with the core that names it. */
function judgeApproval({ cose }, anchors, judgedAt, trust) {
  const sign = readCoseSign(cose, "approval");
  const signer = verifySigner(trust, sign, null);
  const approval = readApproval(sign.payload);
  const { issuedAt, expires } = approval;
  checkRole(signer, "approve");
  checkDates(signer, issuedAt);
  must(markHolds(signer, anchors), "signer-compromised");
  const sealedAt = anchors[0].time;
  checkSuite(trust, signer.suite, sealedAt);
  must(acceptsSuite(trust, signer.suite, judgedAt), "suite-lapsed");
  const inTime = issuedAt <= sealedAt + aheadSeconds && expires - issuedAt <= longestSeconds;
  must(inTime && sealedAt < expires && judgedAt < expires, "approval-expired");
  const keys = signer.keys.map(({ thumbprint }) => thumbprint).join();
  return { ...approval, authority: signer.authority, keys };
}

/** APR-4, APR-7, APR-8: those that a core names, in the order of their names, each for exactly what the core does. */
export function judgeApprovals(core, anchors, judgedAt, { surroundings, trust }) {
  const names = core.lineage.approvals ?? [];
  if (names.length === 0) return [];
  const sources = surroundings.sourcesOf(core).map((source) => source.core);
  const layers = layersDigest(surroundings.entriesOf(core, "layers"));
  return names.map((name) => {
    const approval = judgeApproval(surroundings.get("approval", name), anchors, judgedAt, trust);
    const { operation } = approval;
    const isForThis = operation === core.lineage.operation && approval.layers === layers;
    must(isForThis && sameNames(approval.sources, sources), "approval-mismatch");
    return approval;
  });
}

/** APR-3: no two by one signer or one person. */
function count(approvals) {
  const counted = [];
  for (const one of approvals) {
    const shares = ({ keys, approver }) => keys === one.keys || approver === one.approver;
    if (!counted.some(shares)) counted.push(one);
  }
  return counted.length;
}

/** APR-7: as many as the policy of a lowered layer asks for, by those it names. */
export function checkLowered(message, approvals) {
  must(approvals.length > 0, "layer-dropped");
  const rule = message.document.members.get("declassify");
  const threshold = rule instanceof Map ? rule.get("threshold") : undefined;
  const approvers = rule instanceof Map ? rule.get("approvers") : undefined;
  must(Number.isSafeInteger(threshold) && threshold >= 1 && Array.isArray(approvers), "lowering-refused");
  const counting = approvals.filter(({ authority }) => approvers.includes(authority));
  must(count(counting) >= threshold, "approval-missing");
}
