// Evidence packs: spec 5.6.
import { ingest } from "./artifact.mjs";
import { decode, encode } from "./cbor.mjs";
import { nameOf, readCoseSign } from "./cose.mjs";
import { instantOf, secondsOf } from "./instant.mjs";
import { rootOfPath } from "./merkle.mjs";
import { checkAge, receiptLeaf, readRoot } from "./receipts.mjs";
import { must } from "./refusal.mjs";
import { verifyReport } from "./reports.mjs";
import { evidenceManifest, packedReceipt, readArtifact } from "./structure.mjs";
import { checkCurrent, checkDates, checkRole, readTrustPolicy, verifySigner } from "./trust.mjs";

const packLimit = 64 * 2 ** 20;
const aheadSeconds = 300;
const named = (digest) => `sha384:${digest}`;

/** EVP-1: the message and the encoded items of a pack. */
function readPack(bytes) {
  const value = decode(bytes, packLimit);
  must(Array.isArray(value) && value[0] === "writ-evidence", "format-unknown");
  must(value[1] === 1, "version-unknown");
  const [, , message, items] = value;
  must(value.length === 4 && Buffer.isBuffer(message) && Array.isArray(items), "structure");
  must(items.length <= 65_536 && items.every((item) => Buffer.isBuffer(item) && item.length > 0), "structure");
  const inOrder = (a, b) => a.length < b.length || (a.length === b.length && Buffer.compare(a, b) < 0);
  must(
    items.every((item, index) => index === 0 || inOrder(items[index - 1], item)),
    "set-order",
  );
  return { message, items };
}

/** EVP-2. */
function readManifest(message, items, trust, now) {
  const sign = readCoseSign(decode(message, packLimit), "evidence pack");
  const signer = verifySigner(trust, sign, null);
  const manifest = evidenceManifest(decode(sign.payload, packLimit));
  checkRole(signer, "receipt");
  checkDates(signer, manifest.madeAt);
  must(signer.invalidSince === undefined, "signer-compromised");
  const dates = trust.suites.get(signer.suite);
  const accepted = dates !== undefined && manifest.madeAt < (dates.signUntil ?? Infinity);
  must(accepted && now < (dates.verifyUntil ?? Infinity), "suite-lapsed");
  must(manifest.madeAt <= now + aheadSeconds, "evidence-pack");
  const same = items.length === manifest.items.length && items.every((item, at) => nameOf(item) === manifest.items[at]);
  must(same, "evidence-pack");
  return { manifest, signer };
}

/** EVP-1: the contents of the items, by kind. */
function readItems(items) {
  const contents = items.map((item) => {
    const value = decode(item, packLimit);
    must(Array.isArray(value) && value.length === 2 && [1, 2, 3, 4, 5].includes(value[0]), "structure");
    must(Buffer.isBuffer(value[1]), "structure");
    return { kind: value[0], content: value[1] };
  });
  const of = (kind) => contents.filter((entry) => entry.kind === kind).map(({ content }) => content);
  must(of(1).length > 0, "structure");
  return { artifacts: of(1), receipts: of(2), roots: of(3), reports: of(4), statusLists: of(5) };
}

/** EVP-3: who speaks for a packed receipt. */
function placeReceipt({ receipt, salt, place }, roots) {
  const name = nameOf(receipt.bytes);
  if (place === undefined) return { name, receipt, rootedBy: null };
  must(roots.has(place.root), "attachment-missing");
  const found = roots.get(place.root);
  found.isNamed = true;
  const leaf = receiptLeaf(found.hash, receipt, salt);
  const fits = place.treeSize === found.root.treeSize && place.index < place.treeSize;
  must(fits && place.path.every((digest) => digest.length === leaf.length), "receipt-root");
  must(reaches(found, leaf, place), "receipt-root");
  checkAge(receipt, found.root);
  return { name, receipt, rootedBy: found.fault === null ? found.authority : null };
}

function reaches({ hash, root }, leaf, { index, treeSize, path }) {
  try {
    return rootOfPath(hash, leaf, index, treeSize, path).equals(root.root);
  } catch {
    return false; // a path of another length
  }
}

/** REC-10, EVP-5. */
function gapsOf(artifacts, receipts) {
  const decisions = new Map(
    receipts.filter(({ receipt }) => receipt.kind === "decision").map(({ name, receipt }) => [name, receipt]),
  );
  const citing = receipts.filter(({ receipt }) => receipt.kind === "release").map(({ receipt }) => receipt.decision);
  const released = new Set(citing);
  const follows = ({ kind, core, decision }) => {
    const cited = decisions.get(decision);
    if (cited === undefined || kind !== "release") return cited !== undefined;
    return cited.verdict === "permit" && cited.core === core && citing.filter((name) => name === decision).length === 1;
  };
  const ids = new Set(artifacts.map(({ core }) => core.artifactId.toString("hex")));
  const states = new Map(artifacts.map((artifact) => [nameOf(artifact.core.bytes), artifact]));
  const ofReceipt = ({ name, receipt, rootedBy }) => {
    const { kind, verdict, decision, core, policies } = receipt;
    const found = [];
    if (rootedBy === null) found.push("no-root");
    if (kind === "decision" && verdict === "permit" && !released.has(name)) found.push("no-release");
    if (decision !== undefined && !follows(receipt)) found.push("no-decision");
    if (!ids.has(receipt.artifactId.toString("hex"))) found.push("no-artifact");
    else if (!states.get(core)?.core.artifactId.equals(receipt.artifactId)) found.push("other-core");
    else if (kind !== "discharge") {
      const text = ({ policy, parameters }) => `${policy} ${encode(parameters ?? new Map()).toString("hex")}`;
      const textOf = (layers) => [...new Set(layers.map(text))].toSorted((a, b) => (a < b ? -1 : 1)).join();
      if (textOf(states.get(core).core.layers.entries) !== textOf(policies)) found.push("other-policies");
    }
    return found.map((gap) => ({ gap, receipt: named(name) }));
  };
  const cited = artifacts.flatMap(({ core }) => core.lineage.receipts.entries ?? [core.lineage.receipts.named]);
  const missing = cited.filter((name) => !receipts.some((one) => one.name === name));
  return [...receipts.flatMap(ofReceipt), ...missing.map((name) => ({ gap: "no-receipt", receipt: named(name) }))];
}

const asText = ({ gap, receipt }) => `${gap} ${receipt}`;

/** What verifying a pack finds, in the members of an evidence vector's `expect`. */
export function verifyEvidence({ pack, trustBytes, now }) {
  const trust = readTrustPolicy(trustBytes);
  checkCurrent(trust, now);
  const { message, items } = readPack(pack);
  const { manifest, signer } = readManifest(message, items, trust, now);
  const contents = readItems(items);
  const found = contents.artifacts.map((bytes) => ingest({ bytes, content: null, store: [], trustBytes, now }));
  const reports = contents.reports.map((report) => verifyReport(report, trust, now)); // EVP-4
  const roots = new Map(
    contents.roots.map((root) => [nameOf(root), readRoot({ cose: decode(root, 2 ** 15) }, trust, now)]),
  );
  const receipts = contents.receipts.map((packed) => placeReceipt(packedReceipt(decode(packed, 2 ** 21)), roots));
  must(new Set(receipts.map(({ name }) => name)).size === receipts.length, "evidence-pack"); // EVP-3
  must(
    [...roots.values()].every(({ isNamed }) => isNamed === true),
    "attachment-unnamed",
  );
  const times = [
    ...found.map(({ anchors }) => secondsOf(anchors.at(-1).time)),
    ...receipts.map(({ receipt }) => receipt.time),
    ...[...roots.values()].map(({ root }) => root.time),
    ...reports.map(({ statement }) => statement.endedAt),
  ];
  must(Math.max(...times) <= manifest.madeAt + 300, "evidence-pack"); // EVP-2
  return {
    madeAt: instantOf(manifest.madeAt),
    packedBy: signer.authority,
    trust: {
      name: manifest.trust.name ?? null,
      sequence: manifest.trust.sequence,
      digest: named(manifest.trust.digest),
    },
    artifacts: found.map(({ name }) => name),
    receipts: receipts
      .map(({ name, rootedBy }) => ({ name: named(name), rootedBy }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    statusLists: contents.statusLists.length,
    gaps: gapsOf(contents.artifacts.map(readArtifact), receipts).map(asText).toSorted(),
  };
}
