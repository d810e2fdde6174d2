// Attachments: content-addressed, each named by core, anchors or an attachment that is itself named. Anything else is refused.
import { assertNoCrit, decodeCore, layersShape, nameOf, parentsShape } from "./artifact.ts";
import type { Core, Layer, Source } from "./artifact.ts";
import { anchorsName, parseAnchor, rootMessages } from "./anchor.ts";
import type { ParsedAnchor } from "./anchor.ts";
import { maxRootBytes } from "./batch.ts";
import { decodeCbor, encodeCbor, ownBytes } from "./cbor.ts";
import { FormatError } from "./errors.ts";
import type { JsonObject } from "./evaluator.ts";
import { isKept, nameOfKnown } from "./known-names.ts";
import { keptPolicy, parseNamedPolicy } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import { bytes, isDigest, list, nullable, refuse, tuple } from "./shape.ts";
import type { Digest, Shape } from "./shape.ts";

/** Kinds of attachment, by their number in the format. Spec: ATT-1. */
export const attachmentKinds = { policy: 1, root: 2, leaves: 3, source: 4, list: 5, approval: 6 } as const;
type Kind = keyof typeof attachmentKinds;

/** A source artifact as attached: core and anchors, no keys. */
export interface AttachedSource {
  readonly name: Digest;
  readonly coreBytes: Uint8Array;
  readonly core: Core;
  readonly anchors: readonly ParsedAnchor[];
}

/** Where policies, roots, lists, approvals and sources of compact artifacts come from. Whatever it gives is checked against its name. Spec: ATT-5. */
export interface Store {
  /** Bytes whose SHA-384 is `name`, or undefined. Synchronous: a cache or a local folder. A source is its core, and the array of ANC-4 over its anchors. */
  get(name: Digest): Uint8Array | undefined;
}

/** The attachments by name, with what the store adds. */
export interface Attachments {
  policy(name: Digest): PolicyMessage | undefined;
  root(name: Digest): Uint8Array | undefined;
  /** True for a root message that is there and verified before, for whomever. False says nothing. */
  holdsKnownRoot(name: Digest): boolean;
  approval(name: Digest): Uint8Array | undefined;
  /** The source that a reference names: core and anchors both. Throws `attachment-missing` for a root message that isn't there. */
  source(reference: Source): AttachedSource | undefined;
  layers(core: Core): readonly Layer[];
  parents(core: Core): readonly Source[];
  /** Concatenated leaf hashes, or null where they aren't attached. */
  readonly leaves: Uint8Array | null;
}

const sourceShape: Shape<readonly [Uint8Array, readonly Uint8Array[]]> = tuple(
  bytes(1, 1 << 20),
  list(bytes(1, 1 << 20), 1, 4096),
);

/** Names a source by core and anchors. */
export function sourceKey({ core, anchors }: Pick<Source, "core" | "anchors">): string {
  return `${core} ${anchors}`;
}

/** Bytes of an attachment. */
export function encodeAttachment(kind: Kind, content: Uint8Array): Uint8Array {
  return encodeCbor([attachmentKinds[kind], content]);
}

/** Bytes of a source, to attach: `[core, anchors]`. Spec: ATT-2. */
export function encodeSource(core: Uint8Array, anchors: readonly Uint8Array[]): Uint8Array {
  return encodeCbor(sourceShape.write([core, anchors]));
}

const kindOf: ReadonlyMap<unknown, Kind> = new Map(
  Object.entries(attachmentKinds).map(([kind, number]) => [number, kind as Kind]),
);

/** Reads an attachment; throws FormatError. */
function readAttachment(input: Uint8Array, path: string): { kind: Kind; content: Uint8Array } {
  const value = decodeCbor(input);
  if (!Array.isArray(value) || value.length !== 2 || !(value[1] instanceof Uint8Array)) refuse(path, "an attachment");
  return { kind: kindOf.get(value[0]) ?? refuse(path, "an attachment of a known kind"), content: value[1] };
}

/** Reads a source as attached; throws FormatError. Spec: ATT-2. */
export function parseSource(content: Uint8Array): AttachedSource {
  const [coreBytes, anchors] = sourceShape.read(decodeCbor(content), "source");
  const core = decodeCore(coreBytes);
  assertNoCrit(core);
  return { name: nameOf(coreBytes), coreBytes, core, anchors: anchors.map(parseAnchor) };
}

/** Thousands of anchors may name one root, and the digest over them repeats it. Spec: BAT-3. */
function boundedRoot(content: Uint8Array): Uint8Array {
  if (content.length > maxRootBytes)
    throw new FormatError("input-too-large", `a root message of ${content.length} bytes is not read`);
  return content;
}

/** Digests of release policies that a document names. */
export function releasePolicies(document: JsonObject): readonly Digest[] {
  const derive = document["derive"];
  if (typeof derive !== "object" || derive === null || Array.isArray(derive)) return [];
  return Object.values(derive as JsonObject).flatMap((entry) => {
    const release =
      typeof entry === "object" && entry !== null && !Array.isArray(entry)
        ? (entry as JsonObject)["release"]
        : undefined;
    const policy =
      typeof release === "object" && release !== null && !Array.isArray(release)
        ? (release as JsonObject)["policy"]
        : undefined;
    return isDigest(policy) ? [policy] : [];
  });
}

const pairsShape: Shape<readonly (readonly [Uint8Array, Uint8Array | null])[]> = list(
  tuple(bytes(1, 1 << 20), nullable(bytes(1, 1 << 20))),
  1,
  4096,
);

/** What is named, by what it is named as. */
type Named = { [K in Exclude<Kind, "leaves">]?: Set<string> };

/** Attachments by name, with the store behind them. */
export class AttachmentIndex implements Attachments {
  /** Most artifacts have few kinds: a map is made when it is needed. */
  readonly #content: { [K in Exclude<Kind, "leaves" | "source">]?: Map<Digest, Uint8Array> } = {};
  readonly #unnamed: AttachedSource[] = [];
  #sources: ReadonlyMap<string, AttachedSource> | undefined;
  readonly #policies = new Map<Digest, PolicyMessage>();
  #lists: Map<unknown, Map<Digest, unknown>> | undefined;
  readonly #store: Store | undefined;
  readonly #stored = new Map<string, AttachedSource>();
  /** What the store gave: attached, it would make the artifact portable. */
  readonly fetched: Map<string, { readonly kind: Kind; readonly content: Uint8Array }> = new Map();
  leaves: Uint8Array | null = null;

  readonly #collects: boolean;

  /** `collects`: what the store gives is kept in `fetched`. */
  constructor(attachments: readonly Uint8Array[], store: Store | undefined, collects = false) {
    this.#store = store;
    this.#collects = collects;
    attachments.forEach((attachment, index) => this.#add(attachment, `attachments/${index}`));
    Object.freeze(this);
  }

  #add(attachment: Uint8Array, path: string): void {
    const { kind, content } = readAttachment(attachment, path);
    if (kind === "leaves") {
      if (this.leaves !== null)
        throw new FormatError("attachment-unnamed", "the content root names one leaf list", { path });
      this.leaves = content;
    } else if (kind === "source") this.#unnamed.push(parseSource(content));
    else
      (this.#content[kind] ??= new Map()).set(nameOfKnown(content), kind === "root" ? boundedRoot(content) : content);
  }

  #lookup(kind: "policy" | "root" | "list" | "approval", name: Digest): Uint8Array | undefined {
    const attached = this.#content[kind]?.get(name);
    if (attached) return attached;
    const content = this.#named(name);
    if (!content) return undefined;
    if (kind === "root") boundedRoot(content);
    if (this.#collects) this.fetched.set(name, { kind, content });
    return content;
  }

  /** True where attachments or store hold a message that verified before: it needn't be copied out of the store to be relied on. */
  #holdsKnown(kind: "policy" | "root", name: Digest): boolean {
    if (this.#content[kind]?.has(name)) return true;
    const stored = this.#store?.get(name);
    return stored instanceof Uint8Array && isKept(stored, name);
  }

  holdsKnownRoot(name: Digest): boolean {
    return this.#holdsKnown("root", name);
  }

  policy(name: Digest): PolicyMessage | undefined {
    const known = this.#policies.get(name);
    if (known) return known;
    const kept = this.#collects ? undefined : keptPolicy(name);
    const content = kept && this.#holdsKnown("policy", name) ? null : this.#lookup("policy", name);
    if (content === undefined) return undefined;
    const policy = content === null ? kept! : parseNamedPolicy(content, name);
    this.#policies.set(name, policy);
    return policy;
  }

  root(name: Digest): Uint8Array | undefined {
    return this.#lookup("root", name);
  }

  approval(name: Digest): Uint8Array | undefined {
    return this.#lookup("approval", name);
  }

  source(reference: Source): AttachedSource | undefined {
    return this.#sourceMap().get(sourceKey(reference)) ?? this.#storedSource(reference);
  }

  /** A source from the store: its core, and its anchors with their root messages, each under the name that the reference gives. Spec: ATT-5. */
  #storedSource(reference: Source): AttachedSource | undefined {
    const key = sourceKey(reference);
    const known = this.#stored.get(key);
    if (known || !this.#store) return known;
    const [core, anchors] = [this.#named(reference.core), this.#named(reference.anchors)];
    if (!core || !anchors) return undefined;
    const pairs = pairsShape.read(decodeCbor(anchors), "source/anchors");
    const content = encodeSource(
      core,
      pairs.map(([anchor]) => anchor),
    );
    const source = parseSource(content);
    source.anchors.forEach(({ batch }, index) => {
      const root = pairs[index]![1];
      if ((batch === null) !== (root === null) || (batch && root && nameOf(root) !== batch.root))
        refuse("source/anchors", "anchors with their own root messages");
      if (!batch || !root || this.#content.root?.has(batch.root)) return;
      (this.#content.root ??= new Map()).set(batch.root, boundedRoot(root));
      if (this.#collects) this.fetched.set(batch.root, { kind: "root", content: root });
    });
    this.#stored.set(key, source);
    if (this.#collects) this.fetched.set(key, { kind: "source", content });
    return source;
  }

  /** Bytes of the store under their name; a store is not believed, nor trusted to leave its bytes alone. */
  #named(name: Digest): Uint8Array | undefined {
    const stored = this.#store?.get(name);
    if (!stored) return undefined;
    const owned = ownBytes(stored);
    return nameOfKnown(owned) === name ? owned : undefined;
  }

  /** One artifact may be a source twice, before and after it was re-anchored. */
  #sourceMap(): ReadonlyMap<string, AttachedSource> {
    this.#sources ??= new Map(
      this.#unnamed.map((source) => [
        sourceKey({ core: source.name, anchors: anchorsName(rootMessages(source.anchors, (name) => this.root(name))) }),
        source,
      ]),
    );
    return this.#sources;
  }

  layers(core: Core): readonly Layer[] {
    return typeof core.layers === "string" ? this.#longList(core.layers, layersShape, 64) : core.layers;
  }

  parents(core: Core): readonly Source[] {
    return typeof core.lineage.parents === "string"
      ? this.#longList(core.lineage.parents, parentsShape, 256)
      : core.lineage.parents;
  }

  /** Read once: thousands of sources may name one list. */
  #longList<T>(name: Digest, shape: Shape<readonly T[]>, maxInline: number): readonly T[] {
    const known = this.#lists?.get(shape)?.get(name) as readonly T[] | undefined;
    if (known) return known;
    const content = this.#lookup("list", name);
    if (!content)
      throw new FormatError("attachment-missing", `long list \`${name}\` is neither attached nor in the store`);
    const items = shape.read(decodeCbor(content), "list");
    if (items.length <= maxInline)
      throw new FormatError("long-list-form", `a list of ${items.length} entries must stand in the core`);
    this.#lists ??= new Map();
    this.#lists.set(shape, (this.#lists.get(shape) ?? new Map<Digest, unknown>()).set(name, items));
    return items;
  }

  /** True where nothing is attached but policies in force and root messages of the anchors, as with most artifacts: all named. */
  isPlain({ layers, lineage }: Core, anchors: readonly ParsedAnchor[]): boolean {
    const { policy, root, list, approval } = this.#content;
    if (list || approval || this.#unnamed.length > 0) return false;
    if (typeof layers === "string" || typeof lineage.parents === "string") return false;
    for (const name of policy?.keys() ?? []) if (!layers.some((layer) => layer.policy === name)) return false;
    for (const name of root?.keys() ?? []) if (!anchors.some(({ batch }) => batch?.root === name)) return false;
    return true;
  }

  /** Reads what is attached as policies; throws FormatError, `cose-structure`. Spec: ING-3. */
  readPolicies(): void {
    for (const name of this.#content.policy?.keys() ?? []) this.policy(name);
  }

  /** Throws `attachment-unnamed` for anything that nothing names as what it is: a policy that stands there as a list too is named once. Spec: ATT-3. */
  assertNamed(core: Core, anchors: readonly ParsedAnchor[]): void {
    const named: Named = {};
    const name = (kind: keyof Named, what: string): void => void (named[kind] ??= new Set()).add(what);
    const read = new Set<string>();
    const seen = (which: "layers" | "parents", list: unknown): boolean => {
      if (typeof list !== "string") return false;
      const before = read.has(`${which} ${list}`);
      read.add(`${which} ${list}`);
      return before;
    };
    const pending: { core: Core; anchors: readonly ParsedAnchor[] }[] = [{ core, anchors }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { layers, lineage, supersedes } = next.core;
      const references = [
        ...(seen("parents", lineage.parents) ? [] : this.parents(next.core)),
        ...(supersedes ? [supersedes] : []),
      ];
      const inForce = seen("layers", layers) ? [] : this.layers(next.core);
      for (const list of [layers, lineage.parents, lineage.receipts]) if (typeof list === "string") name("list", list);
      for (const { batch } of next.anchors) if (batch) name("root", batch.root);
      for (const approval of lineage.approvals ?? []) name("approval", approval);
      this.#namePolicies(
        inForce.map(({ policy }) => policy),
        (named.policy ??= new Set()),
      );
      for (const reference of references) {
        const source = this.source(reference);
        if (!source || named.source?.has(sourceKey(reference))) continue;
        name("source", sourceKey(reference));
        pending.push(source);
      }
    }
    for (const kind of ["policy", "root", "list", "approval"] as const)
      for (const attached of this.#content[kind]?.keys() ?? []) this.#assertIn(named[kind], attached);
    if (this.#unnamed.length > 0) for (const key of this.#sourceMap().keys()) this.#assertIn(named.source, key);
  }

  #namePolicies(names: readonly Digest[], named: Set<string>): void {
    const pending = [...names];
    for (let name = pending.pop(); name; name = pending.pop()) {
      if (named.has(name)) continue;
      named.add(name);
      const policy = this.policy(name);
      if (policy) pending.push(...releasePolicies(policy.document));
    }
  }

  #assertIn(named: ReadonlySet<string> | undefined, name: string): void {
    if (!named?.has(name)) throw new FormatError("attachment-unnamed", `nothing names attachment \`${name}\``);
  }
}

// every artifact of the process answers by these methods
Object.defineProperty(AttachmentIndex.prototype, "constructor", { value: Object });
Object.freeze(AttachmentIndex.prototype);

/** Indexes the attachments of an artifact and refuses those that nothing names. Throws FormatError. Spec: ATT-1, ATT-3. */
export function indexAttachments(
  attachments: readonly Uint8Array[],
  core: Core,
  anchors: readonly ParsedAnchor[],
  store?: Store,
): Attachments {
  const index = new AttachmentIndex(attachments, store);
  if (index.isPlain(core, anchors)) index.readPolicies();
  else index.assertNamed(core, anchors);
  return index;
}

/** An attachment as a writer carries it on. */
export interface ListedAttachment {
  readonly kind: Kind;
  readonly content: Uint8Array;
  /** The whole attachment. */
  readonly bytes: Uint8Array;
}

/** The content of every attachment by kind, unverified: for writers that carry them on. */
export function listAttachments(attachments: readonly Uint8Array[]): readonly ListedAttachment[] {
  return attachments.map((attachment, index) => ({
    ...readAttachment(attachment, `attachments/${index}`),
    bytes: attachment,
  }));
}
