// What the walk over a corpus keeps of an artifact: a few hundred bytes, and what many share only once.
import { toHex } from "#bytes";
import { anchorsName, rootMessages } from "./anchor.ts";
import type { ParsedAnchor } from "./anchor.ts";
import { layerParameters, nameOf } from "./artifact.ts";
import type { Core, CustodyRule, Layer, Source } from "./artifact.ts";
import { releasePolicies } from "./attachments.ts";
import type { Attachments } from "./attachments.ts";
import type { JsonObject, Operation } from "./evaluator.ts";
import type { AnchorEvidence } from "./evidence.ts";
import type { Digest } from "./shape.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** A source as a node names it. */
export interface Reference {
  readonly core: Digest;
  readonly anchors: Digest;
  /** Hex of the artifact id. */
  readonly id: string;
  readonly role: Source["role"];
}

/** Layers that many artifacts share. */
export interface LayerSet {
  /** For each policy with its parameters, the operations that each such layer was derived by. */
  readonly vias: ReadonlyMap<string, readonly (readonly Operation[])[]>;
  readonly entries: readonly { readonly policy: Digest; readonly key: string; readonly via: readonly Operation[] }[];
  readonly policies: ReadonlySet<Digest>;
  /** Policies that each layer's own policy names for release, by operation. */
  readonly releases: ReadonlyMap<Digest, ReadonlyMap<string, Digest>>;
}

/** What is kept of an artifact. */
export interface LineageNode {
  readonly name: Digest;
  /** Hex of the artifact id. */
  readonly id: string;
  readonly revision: number;
  readonly issuer: string;
  readonly firstIssuer: string;
  readonly operation: Core["lineage"]["operation"];
  /** As ingest judged them: what they prove is judged again here. */
  readonly anchors: readonly AnchorEvidence[];
  /** How a source names its first, its first two … anchors; the latest of them. */
  readonly states: readonly Digest[];
  readonly references: readonly Reference[];
  readonly layers: LayerSet;
  readonly status: ReadonlySet<string>;
  readonly custodyRule: CustodyRule;
  /** Digest of what a revision must leave as it is. */
  readonly content: Digest;
  readonly mediaType: string | undefined;
  /** How many approvals it names; only ingest judges them. */
  readonly approvals: number;
  /** True where ingest itself checked every source of it, up to originals. */
  readonly checked: boolean;
}

/** States of one artifact that a reference may name. More anchors are rare, and each state is hashed whole. */
const maxStates = 64;

/** The latest states of an anchor chain, the earliest first. Spec: LIN-1. */
function statesOf(anchors: readonly ParsedAnchor[], attachments: Attachments): readonly Digest[] {
  const pairs = rootMessages(anchors, (name) => attachments.root(name));
  const first = Math.max(1, pairs.length - maxStates + 1);
  return Array.from({ length: pairs.length - first + 1 }, (_, index) => anchorsName(pairs.slice(0, first + index)));
}

/** What a document names for release, by operation. */
function releasesOf(document: JsonObject): ReadonlyMap<string, Digest> {
  const entries = Object.entries((document["derive"] ?? {}) as JsonObject);
  return new Map(
    entries.flatMap(([operation, entry]) =>
      releasePolicies({ derive: { [operation]: entry } }).map((name) => [operation, name] as const),
    ),
  );
}

function layerSet(layers: readonly Layer[], attachments: Attachments): LayerSet {
  const vias = new Map<string, (readonly Operation[])[]>();
  const releases = new Map<Digest, ReadonlyMap<string, Digest>>();
  const entries = layers.map((layer) => {
    const { policy, via = [] } = layer;
    const values = Object.entries(layerParameters(layer)).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([policy, values]);
    vias.set(key, [...(vias.get(key) ?? []), via]);
    const document = attachments.policy(policy)?.document;
    if (document) releases.set(policy, releasesOf(document));
    return { policy, key, via };
  });
  return { vias, entries, policies: new Set(layers.map(({ policy }) => policy)), releases };
}

/** Keeps one of each of what many artifacts have alike. */
class Shared<T> {
  readonly #known = new Map<string, T>();

  of(key: string, make: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}

/** Makes nodes. */
export class NodeReader {
  readonly #layers = new Shared<LayerSet>();
  readonly #status = new Shared<ReadonlySet<string>>();
  readonly #rules = new Shared<CustodyRule>();
  readonly #texts = new Shared<string>();

  /** What the walk needs of an artifact; nothing of it is kept alive. */
  read({ name, core, anchors, evidence, attachments, lineage }: VerifiedArtifact): LineageNode {
    const layers = attachments.layers(core);
    const { format, sizeBytes, root, externalKey, floeHeader, mediaType } = core.content;
    const status = core.status.map(({ uri, index }) => `${index} ${uri}`);
    const text = (value: string): string => this.#texts.of(value, () => value);
    return {
      name,
      id: toHex(core.artifactId),
      revision: core.revision,
      issuer: text(core.issuer),
      firstIssuer: text(core.firstIssuer),
      operation: core.lineage.operation,
      anchors: evidence.anchors,
      states: statesOf(anchors, attachments),
      references: sourcesOf(core, attachments).map(({ core: source, anchors: state, id, role }) => ({
        core: source,
        anchors: state,
        id: toHex(id),
        role,
      })),
      layers: this.#layers.of(layersKey(layers), () => layerSet(layers, attachments)),
      status: this.#status.of(JSON.stringify(status), () => new Set(status)),
      custodyRule: this.#rules.of(ruleKey(core.custodyRule), () => core.custodyRule),
      content: nameOf(
        new TextEncoder().encode(
          JSON.stringify([format, sizeBytes, root, externalKey ?? null, toHex(floeHeader ?? new Uint8Array())]),
        ),
      ),
      mediaType,
      approvals: core.lineage.approvals?.length ?? 0,
      checked: lineage.standing === "checked",
    };
  }
}

/** Everything that a core names as its source. */
function sourcesOf(core: Core, attachments: Attachments): readonly Source[] {
  return [...attachments.parents(core), ...(core.supersedes ? [core.supersedes] : [])];
}

function layersKey(layers: readonly Layer[]): string {
  return JSON.stringify(layers.map(({ policy, parameters, via }) => [policy, [...(parameters ?? [])], via ?? []]));
}

function ruleKey(rule: CustodyRule): string {
  return JSON.stringify({ ...rule, contextPairs: [...(rule.contextPairs ?? [])] });
}
