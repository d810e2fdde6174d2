// A case and how it is written down.
import { decodeArtifact, decodeCore, headDigest, nameOf } from "../../packages/core/src/artifact.ts";
import { parseAnchor } from "../../packages/core/src/anchor.ts";
import type { ParsedAnchor } from "../../packages/core/src/anchor.ts";
import { saltedLeaf } from "../../packages/core/src/batch.ts";
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import type { CborValue } from "../../packages/core/src/cbor.ts";
import { splitCarrier } from "../../packages/core/src/carrier.ts";
import { contextDigest, encryptionContext } from "../../packages/core/src/context.ts";
import { hash, hkdfSha384 } from "../../packages/core/src/crypto.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { nameHash, suites } from "../../packages/core/src/suites.ts";
import type { Chain } from "./chain.ts";
import { coveredBytes } from "./cose.ts";
import { dataKeyOf, wrapInfo } from "./draft.ts";
import { defaultNow, seconds } from "./material.ts";

/** A file of the vectors: its path below test-vectors/ and what it holds. */
export interface VectorFile {
  readonly path: string;
  readonly json: unknown;
}

/** What ingest finds; what is left out has the usual value. */
export interface Found {
  readonly era?: "classical" | "hybrid" | "pq";
  readonly standing?: "valid" | "expired";
  readonly wrapEra?: "classical" | "hybrid" | "pq" | null;
  readonly lineage?: "checked" | "unchecked";
  readonly classification?: "public" | "internal" | "confidential" | "restricted";
  /** Sources that were checked, nearest first. */
  readonly sources?: readonly string[];
  /** Which anchors count; default all. */
  readonly counts?: readonly boolean[];
  /** At which time the seal is judged; default now. */
  readonly judgedAt?: number;
  readonly unknownLater?: number;
  /** Requirements that aren't met and only reported, each as its suites. */
  readonly reported?: readonly (readonly string[])[];
}

/** A case: one artifact under one trust policy. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  /** Bytes of a bare artifact. */
  readonly artifact?: Uint8Array | undefined;
  /** Bytes of an envelope or sidecar, to split first; its content is then given to ingest. */
  readonly carrier?: Uint8Array;
  readonly content?: Uint8Array;
  readonly store?: readonly Uint8Array[];
  readonly limits?: { readonly maxArtifactBytes?: number; readonly maxContentBytes?: number };
  readonly trust?: string;
  readonly now?: string;
  readonly expect: ErrorCode | Found;
  /** What was built, for intermediate values. */
  readonly chain?: Chain;
}

/** A negative case: code, statements, title, and what is given. */
export function refused(
  id: string,
  expect: ErrorCode,
  spec: readonly string[],
  title: string,
  artifact: Uint8Array,
  more: Partial<Case> = {},
): Case {
  return { id, title, spec, artifact, expect, ...more };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const instant = (time: number): string => new Date(time * 1000).toISOString().replace(".000Z", "Z");

function anchorValues({ statementBytes, suite, batch, signatures }: ParsedAnchor, root: Uint8Array | null): unknown {
  if (suite === null) return { statement: hex(statementBytes) };
  if (!batch || !root)
    return {
      statement: hex(statementBytes),
      covered: coveredBytes(evidenceOf(signatures), "anchor", statementBytes).map(hex),
    };
  const payload = (decodeCbor(root) as readonly Uint8Array[])[2]!;
  return {
    statement: hex(statementBytes),
    leaf: hex(saltedLeaf(suites[suite].hash, "writ/1 anchor leaf", statementBytes, batch.salt)),
    root: hex((decodeCbor(payload) as ReadonlyMap<number, Uint8Array>).get(3)!),
    rootCovered: coveredBytes(root, "anchor root", payload).map(hex),
  };
}

function evidenceOf(signatures: ParsedAnchor["signatures"]): CborValue {
  return signatures
    ? [
        signatures.bodyProtected,
        new Map(),
        null,
        signatures.signatures.map(({ protectedBytes, signature }) => [protectedBytes, new Map(), signature]),
      ]
    : [];
}

function policyValues({ name, bytes }: Chain["draft"]["policies"][number]): unknown {
  const [document, cose] = decodeCbor(bytes) as readonly [Uint8Array, CborValue];
  const digest = hash(nameHash, document);
  return { name, documentDigest: hex(digest), covered: coveredBytes(cose, "policy", digest).map(hex) };
}

function wrapValues({ draft: { core, label, wraps, policies } }: Chain): unknown {
  if (wraps.length === 0) return [];
  return wraps.map(({ recipient, secret, key, required }) => {
    const context = encryptionContext({
      artifactId: core.artifactId,
      policies: policies.map(({ name }) => name),
      pairs: core.custodyRule.contextPairs,
      requiredNames: core.custodyRule.requiredPairs,
      required,
      batchId: recipient.batchId,
    });
    const info = wrapInfo(core.artifactId, recipient.bound);
    return {
      custodyUri: recipient.custodyUri,
      context: Object.fromEntries([...context].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      contextDigest: hex(contextDigest(context)),
      ...(key === undefined ? {} : { key: hex(key) }),
      secret: hex(secret),
      info: hex(info),
      kek: hex(hkdfSha384(secret, info, 32)),
      dataKey: hex(dataKeyOf(label)),
    };
  });
}

function intermediate(artifact: Uint8Array, chain: Chain): unknown {
  const parts = decodeArtifact(artifact);
  return {
    coreDigest: hex(hash(nameHash, parts.core)),
    keysDigest: hex(hash(nameHash, parts.keys)),
    anchors: parts.anchors.map((bytes, index) =>
      anchorValues(parseAnchor(bytes, index), chain.links[index]?.root ?? null),
    ),
    policies: [...new Map(chain.draft.policies.map((policy) => [policy.name, policy])).values()].map(policyValues),
    wraps: wrapValues(chain),
  };
}

function found(one: Case, found: Found, artifact: Uint8Array, content: boolean): unknown {
  const parts = decodeArtifact(artifact);
  const core = decodeCore(parts.core);
  const links = (one.chain?.links ?? []).slice(0, parts.anchors.length - (found.unknownLater ?? 0));
  return {
    name: nameOf(parts.core),
    head: headDigest(parts),
    artifactId: hex(core.artifactId),
    era: found.era ?? "classical",
    standing: found.standing ?? "valid",
    wrapEra: found.wrapEra === undefined ? "pq" : found.wrapEra,
    lineage: found.lineage ?? "checked",
    sources: found.sources ?? [],
    classification: found.classification ?? "internal",
    content: content ? "checked" : "unchecked",
    judgedAt: instant(found.judgedAt ?? seconds(one.now ?? defaultNow)),
    anchors: links.map(({ facts: { time, ...facts } }, index) => ({
      ...facts,
      time: instant(time),
      counts: found.counts?.[index] ?? true,
    })),
    unknownLater: found.unknownLater ?? 0,
    reported: found.reported ?? [],
  };
}

/** The file of a case. */
export function vectorFile(one: Case): VectorFile {
  const {
    id,
    title,
    spec,
    artifact,
    carrier,
    content,
    store,
    limits,
    trust = "base",
    now = defaultNow,
    chain,
    expect,
  } = one;
  const input = {
    ...(artifact ? { artifact: base64(artifact) } : {}),
    ...(carrier ? { carrier: base64(carrier) } : {}),
    ...(content ? { content: base64(content) } : {}),
    ...(store ? { store: store.map(base64) } : {}),
    ...(limits ? { limits } : {}),
  };
  const head = { id, title, spec, trust: `${trust}.json`, now, ...input };
  const path = `artifacts/${id}.json`;
  if (typeof expect === "string") return { path, json: { ...head, expect: { code: expect } } };
  const split = carrier ? splitCarrier(carrier) : { artifact: artifact!, content: content ?? null };
  return {
    path,
    json: {
      ...head,
      expect: found(one, expect, split.artifact, split.content !== null || content !== undefined),
      ...(chain ? { intermediate: intermediate(split.artifact, chain) } : {}),
    },
  };
}
