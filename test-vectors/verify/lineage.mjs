// Sources, judged without an evaluator: spec 5.3 and RCP-10.
import { verifyAnchors } from "./anchors.mjs";
import { checkLowered, judgeApprovals } from "./approvals.mjs";
import { releasesOf } from "./attachments.mjs";
import { encode } from "./cbor.mjs";
import { nameOf } from "./cose.mjs";
import { verifyPolicy } from "./policies.mjs";
import { must, refuse } from "./refusal.mjs";
import { withinScope } from "./trust.mjs";

const sameValue = (left, right) => encode(left ?? null).equals(encode(right ?? null));

/** LIN-3: a layer stays, with its parameters and at least its via, is released under the operation, or lowered with approvals. */
function checkLayers(source, child, operation, approvals, surroundings) {
  for (const { policy, parameters, via = [] } of source) {
    const kept = child.some(
      (layer) =>
        layer.policy === policy &&
        sameValue(layer.parameters, parameters) &&
        via.every((entry) => layer.via?.includes(entry)),
    );
    if (kept) continue;
    const message = surroundings.find("policy", policy) ?? refuse("parent-missing");
    const release = releasesOf(message.document).get(operation);
    if (!child.some((layer) => layer.policy === release)) checkLowered(message, approvals);
  }
}

/** LIN-5. */
function checkStatus(source, child) {
  const stands = ({ uri, index }) => child.some((entry) => entry.uri === uri && entry.index === index);
  must(source.every(stands), "parent-status");
}

/** RCP-10: every list that a parent names is named and not wider; pairs and required names stay. */
function checkCustodyRule(source, child) {
  for (const list of ["custodies", "accounts", "regions", "origins", "managers"]) {
    if (source[list] === undefined) continue;
    must(child[list]?.every((entry) => source[list].includes(entry)) === true, "custody-rule");
  }
  for (const [key, value] of source.pairs ?? []) must(child.pairs?.get(key) === value, "custody-rule");
  for (const pair of source.requiredPairs ?? []) must(child.requiredPairs?.includes(pair) === true, "custody-rule");
}

/** LIN-8: a revision is of the same content, by the same first issuer, and the next one. */
function checkRevision(source, child, asFirstIssuer) {
  const ofSameContent =
    source.content.format === child.content.format &&
    source.content.sizeBytes === child.content.sizeBytes &&
    source.content.root.algorithm === child.content.root.algorithm &&
    source.content.root.bare.equals(child.content.root.bare) &&
    sameValue(source.content.floeHeader, child.content.floeHeader) &&
    source.content.externalKey === child.content.externalKey &&
    (source.content.mediaType === child.content.mediaType || asFirstIssuer);
  const isNext = child.revision === source.revision + 1 && source.artifactId.equals(child.artifactId);
  must(ofSameContent && isNext && source.firstIssuer === child.firstIssuer, "parent-digest");
}

/** LIN-2: sources are judged at the time of the seal where it counts and is trusted for time, else when the seal is judged. */
function sourcesJudgedAt([seal]) {
  return seal.counts && seal.signer.trustedTime === true ? seal.time : seal.judgedAt;
}

/** The first revision of an artifact, or null where the way to it isn't attached. */
function firstRevisionOf(core, surroundings) {
  let first = core;
  while (first?.supersedes !== undefined) first = surroundings.findSource(first.supersedes)?.core ?? null;
  return first;
}

/** LIN-9: role derive has a first issuer's rights over what has parents alone. */
function actsAsFirstIssuer({ core, anchors }, surroundings) {
  if (core.supersedes === undefined || core.issuer !== core.firstIssuer) return false;
  const first = firstRevisionOf(core, surroundings);
  return anchors[0].signer.role !== "derive" || first === null || surroundings.entriesOf(first, "parents").length > 0;
}

/** LIN-9: the sources whose status entries and custody rule bind a core; null stands for one that isn't attached. */
function bindingSources(child, surroundings) {
  const cores = (references) => references.map((reference) => surroundings.findSource(reference)?.core ?? null);
  if (!actsAsFirstIssuer(child, surroundings)) return cores(surroundings.sourcesOf(child.core));
  const first = firstRevisionOf(child.core, surroundings);
  return first === null ? [] : cores(surroundings.entriesOf(first, "parents"));
}

/** LIN-2 to LIN-6, LIN-8 for one source of a core whose own anchors were judged. */
function checkSource(reference, source, { core, anchors, approvals }, context) {
  const sealedAt = anchors[0].time;
  const { surroundings, trust, rootOf } = context;
  must(source.core.artifactId.equals(reference.id), "parent-digest");
  if (reference.role === "superseded")
    checkRevision(source.core, core, actsAsFirstIssuer({ core, anchors }, surroundings));
  const judged = verifyAnchors({ ...source, keys: null }, { trust, now: sourcesJudgedAt(anchors), rootOf });
  must(judged[0].counts, "suite-lapsed");
  must(judged[0].time <= sealedAt && judged.at(-1).time <= sealedAt + 300, "lineage-time"); // LIN-6
  const [layers, childLayers] = [source.core, core].map((held) => surroundings.entriesOf(held, "layers"));
  for (const { policy } of layers) {
    const message = surroundings.find("policy", policy);
    if (message) verifyPolicy(message, judged, trust);
    const scoped = judged[0].signer.scope === undefined || message !== null; // TRU-11
    must(
      scoped && (!message || withinScope(judged[0].signer, message.document.id)),
      scoped ? "signer-scope" : "parent-missing",
    );
  }
  checkLayers(layers, childLayers, core.lineage.operation, approvals, surroundings);
  const own = judgeApprovals(source.core, judged, sourcesJudgedAt(judged), context);
  return { core: source.core, anchors: judged, approvals: own };
}

/** Every attached source, nearest first, and whether none is missing. */
export function verifySources(core, anchors, context) {
  const checked = [];
  let complete = true;
  const approvals = judgeApprovals(core, anchors, sourcesJudgedAt(anchors), context);
  const pending = [{ core, anchors, approvals }];
  for (const child of pending) {
    for (const binding of bindingSources(child, context.surroundings)) {
      if (binding === null) continue;
      checkStatus(binding.status, child.core.status); // LIN-5
      checkCustodyRule(binding.custodyRule, child.core.custodyRule);
    }
    for (const reference of context.surroundings.sourcesOf(child.core)) {
      const source = context.surroundings.findSource(reference);
      if (source === null) {
        complete = false;
        continue;
      }
      pending.push(checkSource(reference, source, child, context));
      checked.push(nameOf(source.core.bytes));
    }
  }
  return { names: [...new Set(checked)], complete };
}
