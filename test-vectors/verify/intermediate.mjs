// The intermediate values of an accepted artifact, computed again: what is covered by each signature, the leaves and
// roots of batches, and from each custody's secret the way to the data key (RCP-1 to RCP-4).
import { hkdfSync } from "node:crypto";
import { leafOf } from "./anchors.mjs";
import { Surroundings } from "./attachments.mjs";
import { decode, encode } from "./cbor.mjs";
import { coveredBytes, hash, nameOf, readCoseSign, suites } from "./cose.mjs";
import { contextDigest, contextOf, secretOf, unwrapKey } from "./recipients.mjs";
import { readArtifact, rootStatement } from "./structure.mjs";

const hex = (bytes) => Buffer.from(bytes).toString("hex");

function anchorValues({ statement, evidence }, surroundings) {
  if (!suites.has(statement.suite)) return { statement: hex(statement.bytes) };
  if (evidence.batch === undefined) {
    const covered = coveredBytes(readCoseSign(evidence.cose, "anchor"), statement.bytes);
    return { statement: hex(statement.bytes), covered: covered.map(hex) };
  }
  const sign = readCoseSign(surroundings.get("root", evidence.batch.root).cose, "anchor root");
  return {
    statement: hex(statement.bytes),
    leaf: hex(leafOf(statement.hash, "writ/1 anchor leaf", statement.bytes, evidence.batch.salt)),
    root: hex(rootStatement(decode(sign.payload)).root),
    rootCovered: coveredBytes(sign).map(hex),
  };
}

function policyValues({ bytes, document, cose }) {
  const documentDigest = hash(-43, document.bytes);
  return {
    name: `sha384:${nameOf(bytes)}`,
    documentDigest: hex(documentDigest),
    covered: coveredBytes(readCoseSign(cose, "policy"), documentDigest).map(hex),
  };
}

/** RCP-1, RCP-2. */
function wrapValues(state, recipient, given) {
  const context = contextOf(state, recipient, given.context);
  const info = encode(["writ/1 wrap", state.core.artifactId, recipient.bound]);
  const secret = given.key === undefined ? Buffer.from(given.secret, "hex") : secretOf(recipient, given.key);
  const kek = Buffer.from(hkdfSync("sha384", secret, Buffer.alloc(0), info, 32));
  const dataKey = unwrapKey(kek, recipient.wrappedKey);
  return {
    custodyUri: recipient.custodyUri,
    context,
    contextDigest: hex(contextDigest(context)),
    ...(given.key === undefined ? {} : { key: given.key }),
    secret: hex(secret),
    info: hex(info),
    kek: hex(kek),
    dataKey: dataKey === null ? null : hex(dataKey),
  };
}

/** Values in the order of the vector, which is free; what it lacks comes last. */
function inOrderOf(given, values, isSame) {
  const position = (value) => given.findIndex((item) => isSame(item, value)) >>> 0;
  return values.toSorted((left, right) => position(left) - position(right));
}

/** What `intermediate` of an artifact vector must say; `given` supplies only the custodies' secrets. */
export function intermediateValues(bare, store, given) {
  const artifact = readArtifact(bare);
  const surroundings = new Surroundings(artifact.attachments, store);
  const layers = surroundings.entriesOf(artifact.core, "layers");
  const policyNames = [...new Set(layers.map(({ policy }) => policy))];
  const state = { core: artifact.core, policyNames };
  const isNamed = (policy, name) => policy.name === `sha384:${name}`;
  const isWrapOf = (wrap, recipient) => wrap.custodyUri === recipient.custodyUri;
  return {
    coreDigest: nameOf(artifact.core.bytes),
    keysDigest: nameOf(artifact.keys.bytes),
    anchors: artifact.anchors.map((anchor) => anchorValues(anchor, surroundings)),
    policies: inOrderOf(given.policies, policyNames, isNamed).map((name) =>
      policyValues(surroundings.get("policy", name)),
    ),
    wraps: inOrderOf(given.wraps, artifact.keys.recipients, isWrapOf).map((recipient, index) =>
      wrapValues(state, recipient, given.wraps[index]),
    ),
  };
}
