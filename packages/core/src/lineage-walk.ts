// The walk over a lineage: a graph of nodes, and what its artifacts are to each other. Nothing here recurses: a corpus may be deep and wide.
import { assertRuleWithin } from "./custody-rule.ts";
import { GovernanceError } from "./errors.ts";
import type { VerificationCode } from "./errors.ts";
import { judge, maxAheadSeconds, sourcesJudgedAt } from "./evidence.ts";
import type { LayerSet, LineageNode, Reference } from "./lineage-node.ts";
import type { LineageTable } from "./lineage-table.ts";
import type { Digest } from "./shape.ts";
import type { TrustPolicy } from "./trust.ts";

/** `checked` up to originals; `unchecked` where a source isn't at hand; `broken` where a rule doesn't hold. */
export type LineageStanding = "checked" | "unchecked" | "broken";

/** A rule that doesn't hold between an artifact and what it names as its source. */
export interface LineageFinding {
  readonly code: VerificationCode;
  readonly artifact: Digest;
  readonly source: Digest;
  readonly message: string;
}

/**
 * A source that isn't at hand, or not with the anchors that it was used with; or approvals that an artifact names for what it
 * dropped, and that only an ingest with the source attached judges.
 */
export interface LineageGap {
  readonly artifact: Digest;
  readonly source: Digest;
  readonly gap: "missing" | "other-anchors" | "approvals";
}

/** Several cores of one artifact id and revision: somebody went two ways. */
export interface LineageFork {
  /** 32 lower-case hex digits. */
  readonly artifactId: string;
  readonly revision: number;
  readonly cores: readonly Digest[];
}

/** A core that a later revision replaces. */
export interface Superseded {
  readonly core: Digest;
  readonly by: Digest;
}

/** What the walk found. */
export interface LineageReport {
  /** The weakest of all. */
  readonly standing: LineageStanding;
  readonly artifacts: number;
  /** By the name of a core; undefined for one that isn't there. */
  readonly standingOf: (core: Digest) => LineageStanding | undefined;
  readonly findings: readonly LineageFinding[];
  readonly gaps: readonly LineageGap[];
  readonly forks: readonly LineageFork[];
  readonly superseded: readonly Superseded[];
  /** Derived from what had been superseded before: `core` derives, `by` had replaced its source. */
  readonly stale: readonly Superseded[];
  readonly references: number;
  /** Sets of layers that were held against each other: alike ones once. */
  readonly comparisons: number;
}

/** Holds sets of layers against each other, alike ones once. Spec: LIN-3. */
class LayerComparison {
  readonly #done = new Map<LayerSet, Map<LayerSet, Map<string, Digest | null>>>();
  count = 0;

  /** A layer of `source` that `child` neither keeps nor has released; null where there is none. */
  dropped(child: LayerSet, source: LayerSet, operation: LineageNode["operation"]): Digest | null {
    const bySource = this.#done.get(child) ?? new Map<LayerSet, Map<string, Digest | null>>();
    const byOperation = bySource.get(source) ?? new Map<string, Digest | null>();
    const known = byOperation.get(operation);
    if (known !== undefined) return known;
    this.count += 1;
    const missing = source.entries.find(({ policy, key, via }) => {
      const kept = child.vias.get(key)?.some((held) => via.every((one) => held.includes(one))) ?? false;
      const released = source.releases.get(policy)?.get(operation);
      return !kept && (released === undefined || !child.policies.has(released));
    });
    const found = missing?.policy ?? null;
    this.#done.set(child, bySource.set(source, byOperation.set(operation, found)));
    return found;
  }
}

interface Edge {
  readonly child: number;
  readonly source: number;
  readonly reference: Reference;
}

/** The graph over nodes; a walk in one direction is a loop over `order`. */
class Graph {
  readonly nodes: LineageTable;
  /** Every child before its sources; nodes of a circle are left out. */
  readonly order: Uint32Array;
  /** Nodes that supersede something. */
  readonly revisions: number[] = [];
  readonly #starts: Uint32Array;
  readonly #sources: Int32Array;

  constructor(nodes: LineageTable) {
    this.nodes = nodes;
    this.#starts = new Uint32Array(nodes.size + 1);
    for (let at = 0; at < nodes.size; at += 1) this.#starts[at + 1] = this.#starts[at]! + nodes.countReferences(at);
    this.#sources = new Int32Array(this.#starts[nodes.size]!);
    this.#resolve();
    this.order = this.#sorted();
  }

  /** Places of a node's sources, -1 for one that isn't there, in the order of its references. */
  sources(at: number): Int32Array {
    return this.#sources.subarray(this.#starts[at], this.#starts[at + 1]);
  }

  #resolve(): void {
    for (let at = 0; at < this.nodes.size; at += 1) {
      let place = this.#starts[at]!;
      for (const { core, role } of this.nodes.references(at)) {
        this.#sources[place++] = this.nodes.indexOf(core) ?? -1;
        if (role === "superseded") this.revisions.push(at);
      }
    }
  }

  #sorted(): Uint32Array {
    const { size } = this.nodes;
    const children = new Uint32Array(size);
    for (let at = 0; at < size; at += 1) for (const source of this.sources(at)) if (source >= 0) children[source]! += 1;
    const order = new Uint32Array(size);
    let length = 0;
    for (let at = 0; at < size; at += 1) if (children[at] === 0) order[length++] = at;
    for (let next = 0; next < length; next += 1) {
      for (const source of this.sources(order[next]!)) {
        if (source < 0) continue;
        children[source]! -= 1;
        if (children[source] === 0) order[length++] = source;
      }
    }
    return order.subarray(0, length);
  }
}

function revisionFault(node: LineageNode, source: LineageNode, asFirstIssuer: boolean): string | null {
  if (node.id !== source.id || node.firstIssuer !== source.firstIssuer || node.content !== source.content)
    return "a revision is of another artifact than what it supersedes";
  if (node.mediaType !== source.mediaType && !asFirstIssuer)
    return "only the first issuer gives the content of a revision another media type";
  return node.revision === source.revision + 1 ? null : "a revision is not the next one after what it supersedes";
}

/** What of a source binds what derives from it, or revises it. */
type Binding = Pick<LineageNode, "status" | "custodyRule">;

/** What binds every revision of an artifact: the parents of the first one, alike ones once. */
interface Origin {
  readonly parents: readonly (Binding & { readonly source: number })[];
  /** The first that isn't there. */
  readonly missing: Digest | null;
}

/** What binds a core and stands in it no longer: a status entry, the custody rule. Spec: LIN-5, RCP-10. */
function bindingFault(node: LineageNode, source: Binding): { code: VerificationCode; message: string } | null {
  if (source.status !== node.status && [...source.status].some((entry) => !node.status.has(entry)))
    return { code: "parent-status", message: "a status entry of a source is missing" };
  if (node.custodyRule === source.custodyRule) return null;
  try {
    assertRuleWithin(node.custodyRule, source.custodyRule);
    return null;
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    return { code: "custody-rule", message: error.message };
  }
}

class Walk {
  readonly #graph: Graph;
  readonly #trust: TrustPolicy;
  readonly #now: number;
  readonly comparison = new LayerComparison();
  readonly findings: LineageFinding[] = [];
  readonly gaps: LineageGap[] = [];
  references = 0;
  readonly #firsts = new Map<number, number | undefined>();
  readonly #origins = new Map<number, Origin>();
  readonly #faulty: Uint8Array;
  readonly #gapped: Uint8Array;

  constructor(graph: Graph, trust: TrustPolicy, now: number) {
    this.#graph = graph;
    this.#trust = trust;
    this.#now = now;
    this.#faulty = new Uint8Array(graph.nodes.size);
    this.#gapped = new Uint8Array(graph.nodes.size);
  }

  #find(edge: Omit<Edge, "reference">, code: VerificationCode, message: string): void {
    const { nodes } = this.#graph;
    this.#faulty[edge.child] = 1;
    this.findings.push({ code, artifact: nodes.name(edge.child), source: nodes.name(edge.source), message });
  }

  #miss(child: number, source: Digest, gap: LineageGap["gap"]): void {
    this.#gapped[child] = 1;
    this.gaps.push({ artifact: this.#graph.nodes.name(child), source, gap });
  }

  /** From children to sources: each is judged as of what names it; what ingest checked itself isn't checked again. Spec: LIN-2, LIN-20. */
  check(): void {
    const { nodes, order } = this.#graph;
    const dated = new Float64Array(nodes.size).fill(Number.MAX_SAFE_INTEGER);
    const inOrder = new Uint8Array(nodes.size);
    for (const at of order) {
      inOrder[at] = 1;
      const node = nodes.at(at);
      const judgedAt = Math.min(dated[at]!, sourcesJudgedAt(judge(node.anchors, this.#trust, this.#now)));
      this.references += node.references.length;
      const sources = this.#graph.sources(at);
      for (const [place, reference] of node.references.entries()) {
        const source = sources[place]!;
        if (source < 0) {
          if (!node.checked) this.#miss(at, reference.core, "missing");
          continue;
        }
        const dates = this.#checkEdge({ child: at, source, reference }, node, judgedAt);
        if (dates !== null) dated[source] = Math.min(dated[source]!, dates);
      }
    }
    for (let at = 0; at < nodes.size; at += 1) {
      const source = inOrder[at] === 1 ? undefined : this.#graph.sources(at).find((one) => one >= 0);
      if (source !== undefined) this.#find({ child: at, source }, "parent-digest", "the lineage runs in a circle");
    }
  }

  /** At which time the source's own sources are judged; null where this edge says nothing of it. */
  #checkEdge(edge: Edge, node: LineageNode, judgedAt: number): number | null {
    const source = this.#graph.nodes.at(edge.source);
    const back = source.states.length - 1 - source.states.indexOf(edge.reference.anchors);
    if (back >= source.states.length) {
      if (node.checked) return null; // it carries the source with these anchors, and ingest checked both
      this.#miss(edge.child, source.name, "other-anchors");
      return null;
    }
    const named = judge(source.anchors.slice(0, source.anchors.length - back), this.#trust, judgedAt);
    if (node.checked) return sourcesJudgedAt(named);
    const sealedAt = node.anchors[0]!.time;
    if (edge.reference.id !== source.id)
      this.#find(edge, "parent-digest", "a source has another artifact id than its reference");
    if (named[0]!.time > sealedAt) this.#find(edge, "lineage-time", "a source is younger than what it is a source of");
    if (named.at(-1)!.time > sealedAt + maxAheadSeconds)
      this.#find(edge, "lineage-time", "an anchor of a source is younger than the seal that names it");
    if (!named[0]!.counts) this.#find(edge, "suite-lapsed", "the evidence of a source had expired when it was used");
    this.#checkRules(edge, node, source);
    return sourcesJudgedAt(named);
  }

  /** Spec: LIN-3, LIN-5, LIN-8, LIN-9, RCP-10. */
  #checkRules(edge: Edge, node: LineageNode, source: LineageNode): void {
    const superseded = edge.reference.role === "superseded";
    const asFirstIssuer = superseded && this.#actsAsFirstIssuer(edge.child, node);
    const fault = superseded ? revisionFault(node, source, asFirstIssuer) : null;
    if (fault !== null) this.#find(edge, "parent-digest", fault);
    const dropped = this.comparison.dropped(node.layers, source.layers, node.operation);
    if (dropped !== null && node.approvals > 0) this.#miss(edge.child, source.name, "approvals");
    else if (dropped !== null)
      this.#find(edge, "layer-dropped", `layer \`${dropped}\` of a source is neither kept nor released`);
    const unbound = bindingFault(node, source);
    if (unbound === null) return;
    if (asFirstIssuer) this.#checkOrigin(edge, node);
    else this.#find(edge, unbound.code, unbound.message);
  }

  /** Who may only derive is not the first issuer of an original, whatever authority he bears. Spec: LIN-9. */
  #actsAsFirstIssuer(at: number, node: LineageNode): boolean {
    if (node.issuer !== node.firstIssuer) return false;
    if (node.anchors[0]!.signer.role !== "derive") return true;
    const first = this.#firstRevision(at);
    return first === undefined || this.#graph.nodes.at(first).references.length > 0;
  }

  /**
   * What the first issuer changed of his own is held against the parents of the first revision. The first that is missing and the first that
   * he dropped something of are told: thousands of revisions may have thousands of parents. Spec: LIN-9, LIN-20.
   */
  #checkOrigin(edge: Edge, node: LineageNode): void {
    const first = this.#firstRevision(edge.child);
    if (first === undefined) return this.#miss(edge.child, edge.reference.core, "missing");
    const { parents, missing } = this.#originOf(first);
    if (missing !== null) this.#miss(edge.child, missing, "missing");
    for (const parent of parents) {
      const fault = bindingFault(node, parent);
      if (fault) return this.#find({ child: edge.child, source: parent.source }, fault.code, fault.message);
    }
  }

  #originOf(first: number): Origin {
    const known = this.#origins.get(first);
    if (known) return known;
    const { nodes } = this.#graph;
    const places = this.#graph.sources(first);
    const missing = nodes.at(first).references.find((_, place) => places[place]! < 0);
    const alike = new Map<Binding["status"], Set<Binding["custodyRule"]>>();
    const parents: Origin["parents"][number][] = [];
    for (const source of places) {
      if (source < 0) continue;
      const { status, custodyRule } = nodes.at(source);
      const rules = alike.get(status) ?? new Set();
      if (!rules.has(custodyRule)) parents.push({ source, status, custodyRule });
      alike.set(status, rules.add(custodyRule));
    }
    const origin = { parents, missing: missing?.core ?? null };
    this.#origins.set(first, origin);
    return origin;
  }

  /** The first revision of an artifact, where the corpus has the way to it; each step of which is taken once. */
  #firstRevision(from: number): number | undefined {
    const { nodes } = this.#graph;
    const way: number[] = [];
    let at: number | undefined = from;
    while (at !== undefined && !this.#firsts.has(at)) {
      const { revision, references } = nodes.at(at);
      way.push(at);
      const place = references.findIndex(({ role }) => role === "superseded");
      if (place < 0) break;
      const before: number = this.#graph.sources(at)[place]!;
      at = before >= 0 && nodes.at(before).revision < revision ? before : undefined; // digests allow no circle, corpora might
    }
    const first = at !== undefined && this.#firsts.has(at) ? this.#firsts.get(at) : at;
    for (const step of way) this.#firsts.set(step, first);
    return first;
  }

  /** From sources to children: nothing stands better than what it comes from, unless ingest saw all of that itself. */
  standings(): Uint8Array {
    const { nodes, order } = this.#graph;
    const found = new Uint8Array(nodes.size).fill(worst); // what no order reaches runs in a circle
    for (const at of order.toReversed()) {
      const own = this.#faulty[at] === 1 ? worst : this.#gapped[at]!;
      const checked = own !== worst && nodes.isChecked(at);
      let weakest = checked ? 0 : own;
      if (!checked) for (const source of this.#graph.sources(at)) weakest = Math.max(weakest, found[source] ?? 0);
      found[at] = weakest;
    }
    return found;
  }
}

/** From the best to the worst; a column holds their places here. */
const standingNames = ["checked", "unchecked", "broken"] as const satisfies readonly LineageStanding[];
const worst = standingNames.indexOf("broken");

/** Cores that share an artifact id and a revision. Spec: LIN-21. */
function forksOf(nodes: LineageTable): readonly LineageFork[] {
  const first = new Map<string, number>();
  const forks = new Map<string, number[]>();
  for (let at = 0; at < nodes.size; at += 1) {
    const { id, revision } = nodes.identity(at);
    const key = `${revision} ${id}`;
    const [known, same] = [first.get(key), forks.get(key)];
    if (known === undefined) first.set(key, at);
    else if (same) same.push(at);
    else forks.set(key, [known, at]);
  }
  return [...forks.values()].map((same) => {
    const { id, revision } = nodes.identity(same[0]!);
    return { artifactId: id, revision, cores: same.map((at) => nodes.name(at)).sort() };
  });
}

/** What was replaced, and what was derived from it all the same. Spec: LIN-21. */
function supersessionOf({ nodes, revisions }: Graph): Pick<LineageReport, "superseded" | "stale"> {
  const superseded: Superseded[] = [];
  const stale: Superseded[] = [];
  const replaced = new Map<Digest, { readonly by: Digest; readonly at: number }>();
  for (const index of revisions) {
    const reference = nodes.references(index).find(({ role }) => role === "superseded")!;
    const [by, at] = [nodes.name(index), nodes.at(index).anchors[0]!.time];
    superseded.push({ core: reference.core, by });
    const known = replaced.get(reference.core);
    if (!known || at < known.at) replaced.set(reference.core, { by, at });
  }
  for (let index = 0; replaced.size > 0 && index < nodes.size; index += 1) {
    const { name, anchors, references } = nodes.at(index);
    for (const { core, role } of references) {
      const later = role === "parent" ? replaced.get(core) : undefined;
      if (later && later.at < anchors[0]!.time) stale.push({ core: name, by: later.by });
    }
  }
  return { superseded, stale };
}

/** For a caller that has nodes already: the graph of them, walked. Spec: LIN-20, LIN-21. */
export function walkLineage(nodes: LineageTable, trust: TrustPolicy, now: number): LineageReport {
  const graph = new Graph(nodes);
  const walk = new Walk(graph, trust, now);
  walk.check();
  const standings = walk.standings();
  return {
    standing: standingNames[standings.reduce((found, standing) => Math.max(found, standing), 0)]!,
    artifacts: nodes.size,
    standingOf: (core) => {
      const index = nodes.indexOf(core);
      return index === undefined ? undefined : standingNames[standings[index]!];
    },
    findings: walk.findings,
    gaps: walk.gaps,
    forks: forksOf(nodes),
    ...supersessionOf(graph),
    references: walk.references,
    comparisons: walk.comparison.count,
  };
}
