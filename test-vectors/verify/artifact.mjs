// Ingest: one artifact under one trust policy at one time, by the order of ING-3.
import { checkRequirements, verifyAnchors } from "./anchors.mjs";
import { Surroundings } from "./attachments.mjs";
import { encode } from "./cbor.mjs";
import { hash, nameOf, suites } from "./cose.mjs";
import { instantOf } from "./instant.mjs";
import { verifySources } from "./lineage.mjs";
import { treeRoot } from "./merkle.mjs";
import { checkCustodyRule, classificationOf, verifyPolicies } from "./policies.mjs";
import { checkRecipients, wrapEraOf } from "./recipients.mjs";
import { must } from "./refusal.mjs";
import { readArtifact } from "./structure.mjs";
import { checkCurrent, readTrustPolicy } from "./trust.mjs";

const envelopeMagic = Buffer.from("89575249540d0a01", "hex");
const sidecarMagic = Buffer.from("866477726974", "hex");
const segmentBytes = 2 ** 20;
const eras = ["classical", "hybrid", "pq"];

const startsWith = (bytes, magic) => bytes.subarray(0, magic.length).equals(magic);

/** CAR-1, CAR-2. */
export function readCarrier(bytes, { maxArtifactBytes = 2 ** 20, maxContentBytes = 2 ** 26 } = {}) {
  must(bytes.length > 0, "input-empty");
  if (!startsWith(bytes, envelopeMagic)) {
    must(startsWith(bytes, sidecarMagic), "format-unknown");
    must(bytes.length <= maxArtifactBytes, "input-too-large");
    return { bare: bytes, content: null };
  }
  must(bytes.length >= 12, "structure");
  const contentAt = 12 + bytes.readUInt32BE(8);
  must(contentAt - 12 <= maxArtifactBytes, "input-too-large");
  must(contentAt <= bytes.length, "structure");
  must(bytes.length - contentAt <= maxContentBytes, "input-too-large");
  return { bare: bytes.subarray(12, contentAt), content: bytes.subarray(contentAt) };
}

/** ART-10. */
function headOf({ core, keys, anchors }) {
  return nameOf(encode([core.bytes, keys.bytes, anchors.map(({ bytes }) => bytes)]));
}

/** ING-8, ANC-11: size, header, root, and the roots of rehashes that count. */
function checkContent({ format, sizeBytes, floeHeader, root }, judged, stored) {
  must(stored.length === sizeBytes, "content-size");
  const headerBytes = format === "floe" ? floeHeader.length : 0;
  if (format === "floe") must(startsWith(stored, floeHeader), "content-header");
  const rehashes = judged.filter(({ kind, counts }) => kind === "rehash" && counts);
  for (const { algorithm, bare } of [root, ...rehashes.map(({ statement }) => statement.contentRoot)]) {
    const leaves = [];
    for (let at = headerBytes; at < stored.length; at += segmentBytes) {
      leaves.push(hash(algorithm, Buffer.of(0), stored.subarray(at, at + segmentBytes)));
    }
    must(treeRoot(algorithm, leaves).equals(bare), "content-root");
  }
}

/** ING-8: a status entry where the trust policy demands one for the classification. */
function checkStatusDemand({ status }, classification, { demands = [] }) {
  const isDemanded = demands.some(
    (demand) => demand.status === true && demand.classifications.includes(classification),
  );
  must(!isDemanded || status.length > 0, "status-missing");
}

/** ING-6. */
function eraOf(judged) {
  const counting = judged.filter(({ counts }) => counts).map(({ suite }) => eras.indexOf(suites.get(suite).era));
  return eras[Math.max(0, ...counting)];
}

const anchorSummary = ({ kind, suite, signer, batched, time, counts }) => ({
  kind,
  suite,
  authority: signer.authority,
  batched,
  time: instantOf(time),
  counts,
});

/** What verifying one artifact finds, in the members of an artifact vector's `expect`. */
export function ingest({ bytes, content: givenContent, store, limits, trustBytes, now }) {
  must(trustBytes !== null, "trust-missing"); // TRU-4
  const trust = readTrustPolicy(trustBytes);
  checkCurrent(trust, now);
  const { bare, content: carriedContent } = readCarrier(bytes, limits);
  const artifact = readArtifact(bare);
  const { core, keys, anchors } = artifact;
  const surroundings = new Surroundings(artifact.attachments, store);
  surroundings.checkNamed(artifact);
  const rootOf = (name) => surroundings.get("root", name);
  const judged = verifyAnchors(artifact, { trust, now, rootOf });
  const reported = checkRequirements(judged, { trust, now });
  const layers = surroundings.entriesOf(core, "layers");
  const policies = verifyPolicies(layers, judged, { surroundings, trust });
  checkCustodyRule(core.custodyRule, keys.recipients);
  const classification = classificationOf(policies);
  checkRecipients({ core, policyNames: [...policies.keys()] }, keys.recipients, classification);
  const sources = verifySources(core, judged, { surroundings, trust, rootOf });
  checkStatusDemand(core, classification, trust);
  const content = carriedContent ?? givenContent;
  if (content !== null) checkContent(core.content, judged, content);
  return {
    name: `sha384:${nameOf(core.bytes)}`,
    head: `sha384:${headOf(artifact)}`,
    artifactId: core.artifactId.toString("hex"),
    era: eraOf(judged),
    standing: judged[0].counts ? "valid" : "expired",
    wrapEra: wrapEraOf(keys),
    lineage: sources.complete ? "checked" : "unchecked",
    sources: sources.names.map((name) => `sha384:${name}`),
    classification,
    content: content === null ? "unchecked" : "checked",
    judgedAt: instantOf(judged[0].judgedAt),
    anchors: judged.map(anchorSummary),
    unknownLater: anchors.length - judged.length,
    reported,
  };
}
