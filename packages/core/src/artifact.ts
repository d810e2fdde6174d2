// The artifact's structures: what spec/artifact.cddl says, as shapes. Parsing here believes nothing; ingest.ts verifies.
import { arrayHead, byteStringHead, decodeCbor, encodeCbor } from "./cbor.ts";
import type { CborMap, CborValue, DecodeLimits } from "./cbor.ts";
import { contentLayout } from "./content.ts";
import { checkHeader } from "./floe.ts";
import type { Recipient } from "./custody.ts";
import { concatBytes } from "#bytes";
import { hashHex } from "#crypto";
import { FormatError } from "./errors.ts";
import { carriesContext, eraOfBlob, recipientKinds } from "./recipient-kind.ts";
import { operations } from "./evaluator.ts";
import type { Operation, Parameters } from "./evaluator.ts";
import {
  anyTextMap,
  bytes,
  bytesSet,
  digest,
  list,
  nameDigest,
  nullable,
  oneOf,
  optional,
  record,
  refuse,
  set,
  text,
  textMap,
  tuple,
  uint,
} from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";
import { hashes, nameHash } from "./suites.ts";

/** Another artifact as a core names it. `anchors` is what a next statement over it would carry, under SHA-384. */
export interface Source {
  readonly id: Uint8Array;
  readonly core: Digest;
  readonly anchors: Digest;
  /** `parent` or `superseded`. */
  readonly role: "parent" | "superseded";
}

/** What the artifact says of its content. */
export interface ContentReference {
  readonly format: "floe" | "opaque";
  /** Bytes as stored, header included. */
  readonly sizeBytes: number;
  /** RFC 9162 Merkle root over the segments. */
  readonly root: Digest;
  /** 74 bytes; there exactly when the format is `floe`. */
  readonly floeHeader?: Uint8Array;
  readonly mediaType?: string;
  /** Key reference of foreign ciphertext. */
  readonly externalKey?: string;
}

/** A policy in force. */
export interface Layer {
  readonly policy: Digest;
  readonly parameters?: ReadonlyMap<string, string | number | boolean>;
  readonly via?: readonly Operation[];
}

/** Where this artifact's keys may live. An absent member doesn't constrain. */
export interface CustodyRule {
  /** Schemes: `aws-kms`, `local` … */
  readonly custodies?: readonly string[];
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly origins?: readonly string[];
  readonly managers?: readonly string[];
  readonly contextPairs?: ReadonlyMap<string, string>;
  /** Names of pairs that are authenticated but not stored. */
  readonly requiredPairs?: readonly string[];
}

/** Where this artifact comes from. */
export interface Lineage {
  readonly operation: "seal" | "adopt" | "amend" | Operation;
  readonly parents: readonly Source[] | Digest;
  readonly receipts: readonly Digest[] | Digest;
  readonly actor: string;
  readonly approvals?: readonly Digest[];
  /** Attested facts of the output, for release conditions. */
  readonly output?: CborMap;
  readonly tool?: string;
}

/** Entry of a token status list. */
export interface StatusEntry {
  readonly uri: string;
  readonly index: number;
}

/** The immutable part of an artifact; its SHA-384 is its name. */
export interface Core {
  readonly artifactId: Uint8Array;
  readonly revision: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly issuer: string;
  readonly firstIssuer: string;
  readonly content: ContentReference;
  readonly layers: readonly Layer[] | Digest;
  readonly custodyRule: CustodyRule;
  readonly lineage: Lineage;
  readonly status: readonly StatusEntry[];
  readonly supersedes?: Source;
  readonly crit?: readonly string[];
  readonly ext?: ReadonlyMap<string, CborValue>;
}

/** A note that a data key was, for a time, protected by classical means only. */
export interface Exposure {
  readonly kind: "classical-wrap" | "classical-transport";
  readonly custodyUri: string;
  readonly notedAt: number;
}

/** Key references; the only part that rewrap changes. */
export interface Keys {
  readonly recipients: readonly Recipient[];
  readonly exposures: readonly Exposure[];
}

/** The four parts of an artifact, as bytes. */
export interface ArtifactParts {
  readonly core: Uint8Array;
  readonly keys: Uint8Array;
  readonly anchors: readonly Uint8Array[];
  readonly attachments: readonly Uint8Array[];
}

/** More layers than this must be a long list, fewer must not. Spec: ART-9. */
export const maxInlineLayers = 64;
/** More parents than this must be a long list, fewer must not. Spec: ART-9. */
export const maxInlineParents = 256;

const artifactId = bytes(16);
const sourceShape = (role: Source["role"]): Shape<Source> =>
  record<Source>({
    id: artifactId,
    core: nameDigest,
    anchors: nameDigest,
    role: oneOf(role),
  });

const parameterValue: Shape<string | number | boolean> = {
  read: (value, path) =>
    typeof value === "number" || typeof value === "boolean" ? value : text(512).read(value, path),
  write: (value) => value,
};

const layerShape: Shape<Layer> = record<Layer>({
  policy: nameDigest,
  parameters: optional(textMap(parameterValue)),
  via: optional(set(oneOf(...operations), 1)),
});

/** A list, or the name of the long list that holds it. */
function listOrName<T>(inline: Shape<readonly T[]>): Shape<readonly T[] | Digest> {
  return {
    read: (value, path) =>
      Array.isArray(value) && typeof value[0] === "number" ? nameDigest.read(value, path) : inline.read(value, path),
    write: (value) => (typeof value === "string" ? nameDigest.write(value) : inline.write(value)),
  };
}

/** A set of at most `max`: what no reader takes isn't written either (RangeError). Each layer of each parent is looked at. Spec: ART-9. */
function longList<T>(item: Shape<T>, min: number, max: number): Shape<readonly T[]> {
  const plain = set(item, min, max);
  return {
    read: (value, path) => plain.read(value, path),
    write: (value) => {
      const written = plain.write(value) as readonly CborValue[];
      if (written.length > max) throw new RangeError(`${written.length} entries where a list has at most ${max}`);
      return written;
    },
  };
}

/** Layers as a long list holds them. */
export const layersShape: Shape<readonly Layer[]> = longList(layerShape, 1, 1024);
/** Parents as a long list holds them. */
export const parentsShape: Shape<readonly Source[]> = longList(sourceShape("parent"), 0, 4096);

const anyValue: Shape<CborValue> = { read: (value) => value, write: (value) => value };

const coreShape: Shape<Core> = record<Core>({
  artifactId,
  revision: uint(),
  issuedAt: uint(),
  issuer: text(),
  firstIssuer: text(),
  content: record<ContentReference>({
    format: oneOf("floe", "opaque"),
    sizeBytes: uint(),
    root: digest,
    floeHeader: optional(bytes(74)),
    mediaType: optional(text(256)),
    externalKey: optional(text()),
  }),
  layers: listOrName(set(layerShape, 1, maxInlineLayers)),
  custodyRule: record<CustodyRule>({
    custodies: optional(set(text(64), 1)),
    accounts: optional(set(text(128), 1)),
    regions: optional(set(text(64), 1)),
    origins: optional(set(text(64), 1)),
    managers: optional(set(text(64), 1)),
    contextPairs: optional(textMap(text(384), 8)),
    requiredPairs: optional(set(text(128), 1, 8)),
  }),
  lineage: record<Lineage>({
    operation: oneOf("seal", "adopt", "amend", ...operations),
    parents: listOrName(set(sourceShape("parent"), 0, maxInlineParents)),
    receipts: listOrName(set(nameDigest)),
    actor: text(),
    approvals: optional(set(nameDigest, 1)),
    output: optional(anyTextMap),
    tool: optional(text(256)),
  }),
  status: set(record<StatusEntry>({ uri: text(), index: uint() })),
  supersedes: optional(sourceShape("superseded")),
  crit: optional(set(text(256), 1)),
  ext: optional(textMap(anyValue)),
});

const recipientShape: Shape<Recipient> = record<Recipient>({
  kind: oneOf(...recipientKinds),
  custodyUri: text(),
  blob: bytes(1, 6144),
  wrappedKey: bytes(40),
  bound: nullable(bytes(48)),
  alias: optional(text()),
  materialId: optional(text(256)),
  batchId: optional(text(64)),
  transportGroup: optional(text(64)),
});

const keysShape: Shape<Keys> = {
  read: (value, path) => {
    const [recipients, exposures] = pairShape.read(value, path);
    return { recipients, exposures };
  },
  write: (value) => pairShape.write([value.recipients, value.exposures]),
};
const pairShape: Shape<readonly [readonly Recipient[], readonly Exposure[]]> = tuple(
  set(recipientShape, 0, 64),
  list(record<Exposure>({ kind: oneOf("classical-wrap", "classical-transport"), custodyUri: text(), notedAt: uint() })),
);

const partsShape: Shape<readonly [Uint8Array, Uint8Array, readonly Uint8Array[], readonly Uint8Array[]]> = tuple(
  bytes(1, Number.MAX_SAFE_INTEGER),
  bytes(1, Number.MAX_SAFE_INTEGER),
  list(bytes(1, Number.MAX_SAFE_INTEGER), 1, 4096),
  bytesSet(bytes(1, Number.MAX_SAFE_INTEGER)),
);

/** SHA-384 of bytes in text form: how cores, policies, attachments and receipts are named. Spec: ART-6. */
export function nameOf(content: Uint8Array): Digest {
  return `${hashes[nameHash].text}:${hashHex(nameHash, content)}`;
}

/** First bytes of a bare artifact: array(6), text(4) "writ", 1. */
export const artifactPrefix: Uint8Array = Uint8Array.of(0x86, 0x64, 0x77, 0x72, 0x69, 0x74);

/** Splits an artifact; throws FormatError `format-unknown`, `version-unknown`, `structure`, `set-order` or `cbor-…`. Spec: ART-1, ART-2. */
export function decodeArtifact(input: Uint8Array, limits?: DecodeLimits): ArtifactParts {
  if (!artifactPrefix.every((byte, index) => input[index] === byte))
    throw new FormatError("format-unknown", "the input is not an artifact");
  const value = decodeCbor(input, limits);
  if (!Array.isArray(value) || value[0] !== "writ")
    throw new FormatError("format-unknown", "the input is not an artifact");
  if (value[1] !== 1) throw new FormatError("version-unknown", "the artifact is of a version that is not known here");
  const [core, keys, anchors, attachments] = partsShape.read(value.slice(2), "artifact");
  return { core, keys, anchors, attachments };
}

/** Joins an artifact's parts. */
export function encodeArtifact(parts: ArtifactParts): Uint8Array {
  return encodeCbor([
    "writ",
    1,
    ...(partsShape.write([parts.core, parts.keys, parts.anchors, parts.attachments]) as readonly CborValue[]),
  ]);
}

/** Reads a core; throws FormatError, VerificationError `content-size`, `content-header` for what no writer makes. Spec: ART-3, ART-7, ART-8, ADO-1, APR-7. */
export function decodeCore(input: Uint8Array): Core {
  const core = coreShape.read(decodeCbor(input), "core");
  const { content, lineage } = core;
  if ((content.format === "floe") !== (content.floeHeader !== undefined))
    refuse("core/content/floeHeader", "there exactly when the format is floe");
  if (core.crit?.some((member) => !core.ext?.has(member))) refuse("core/crit", "a list of members of ext");
  if ((core.revision === 0) !== (core.supersedes === undefined))
    refuse("core/supersedes", "there exactly when the revision is above 0");
  if ((lineage.operation === "amend") !== (core.supersedes !== undefined))
    refuse("core/lineage/operation", "`amend` exactly where something is superseded");
  if (core.revision === 0 && core.firstIssuer !== core.issuer) refuse("core/firstIssuer", "the issuer at revision 0");
  if (["seal", "adopt", "amend"].includes(lineage.operation) && lineage.parents.length !== 0)
    refuse("core/lineage/parents", "empty where nothing is derived"); // a revision's parents are those of the first one
  if (lineage.operation === "adopt" && content.format !== "opaque")
    refuse("core/content/format", "opaque where bytes are adopted");
  if (lineage.approvals && lineage.operation !== "amend" && lineage.operation !== "declassify")
    refuse("core/lineage/approvals", "there only where layers may be lowered");
  if (content.floeHeader !== undefined) {
    contentLayout("floe", content.sizeBytes); // CON-2
    checkHeader(content.floeHeader); // CON-3
  }
  return core;
}

/** This version knows no critical extension: throws `crit-unknown` where a core, also a source's, has one. Spec: ART-8. */
export function assertNoCrit({ crit }: Core): void {
  if (crit)
    throw new FormatError("crit-unknown", `critical extension \`${crit[0]!}\` is not known here`, {
      path: "core/crit",
    });
}

/** The bytes of a core. */
export function encodeCore(core: Core): Uint8Array {
  return encodeCbor(coreShape.write(core));
}

/** Reads the keys part; throws FormatError. Spec: RCP-2, RCP-11. */
export function decodeKeys(input: Uint8Array): Keys {
  const keys = keysShape.read(decodeCbor(input), "keys");
  keys.recipients.forEach(({ kind, blob, bound }, index) => {
    const path = `keys/recipients/${index}`;
    if (eraOfBlob(kind, blob.length) === null) refuse(`${path}/blob`, `as long as one of kind \`${kind}\` is`);
    // where the custody authenticates the context nothing would compare what stands here
    if ((bound === null) !== carriesContext(kind))
      refuse(`${path}/bound`, carriesContext(kind) ? "null" : "a context digest");
  });
  return keys;
}

/** The bytes of a keys part. */
export function encodeKeys(keys: Keys): Uint8Array {
  return encodeCbor(keysShape.write(keys));
}

/** What compare-and-swap and permits bind: SHA-384 over `[core, keys, anchors]`; attachments don't count. Spec: ART-10. */
export function headDigest(parts: ArtifactParts): Digest {
  const { core, keys, anchors } = parts;
  const pieces = [arrayHead(3), byteStringHead(core.length), core, byteStringHead(keys.length), keys];
  pieces.push(arrayHead(anchors.length));
  for (const anchor of anchors) pieces.push(byteStringHead(anchor.length), anchor);
  return nameOf(concatBytes(pieces));
}

const noParameters: Parameters = Object.freeze(Object.create(null) as Record<string, never>);

/** Parameters of a layer as the evaluator takes them. */
export function layerParameters({ parameters }: Layer): Parameters {
  if (parameters === undefined) return noParameters;
  const values = Object.create(null) as Record<string, string | number | boolean>;
  return Object.freeze(Object.assign(values, Object.fromEntries(parameters)));
}
