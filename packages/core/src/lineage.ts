// Lineage: a core with parents is checked against them, and they against theirs, up to cores sealed by a role issue.
import { equalBytes } from "./cbor.ts";
import type { SignedApproval } from "./approval-check.ts";
import type { Attachments, AttachedSource } from "./attachments.ts";
import { releasePolicies } from "./attachments.ts";
import type { Core, Layer, Source, StatusEntry } from "./artifact.ts";
import { assertRuleWithin } from "./custody-rule.ts";
import { VerificationError } from "./errors.ts";
import type { Evaluator, JsonObject, Operation, PolicyLayer } from "./evaluator.ts";
import { sourcesJudgedAt } from "./evidence.ts";
import type { ApprovalDates, Evidence } from "./evidence.ts";
import { KnownSource } from "./known-source.ts";
import { checkLowered, holderOf, judgeApprovals, policyLayers, referredLayers } from "./lowering.ts";
import type { ReferredLayer } from "./lowering.ts";
import { cborToJson, verifyPolicy } from "./policy.ts";
import type { Digest } from "./shape.ts";
import type { Reliance, SourceGraph } from "./source-graph.ts";
import type { Role, TrustedSigner, TrustPolicy } from "./trust.ts";

/** What the walk over sources found. */
export interface LineageVerdict {
  /** `checked` only where every source up to originals is there and verifies. */
  readonly standing: "checked" | "unchecked";
  readonly reason?: string;
  /** Names of the cores that were checked, nearest first. */
  readonly sources: readonly Digest[];
  /** What they rest on: what a later date is asked of. */
  readonly chains: SourceGraph;
  /** The approvals that the core itself names. */
  readonly approvals: readonly ApprovalDates[];
}

interface Member {
  readonly name: Digest;
  readonly core: Core;
}

function broken(
  code: "parent-missing" | "parent-digest" | "layer-dropped" | "lineage-time" | "parent-status",
  message: string,
): never {
  throw new VerificationError(code, message);
}

/** What of the parents' layers an operation leaves: what must stand in the child, unless it is lowered. Spec: LIN-3, LIN-4. */
function expectedLayers(
  child: Member,
  layers: readonly (readonly Layer[])[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): readonly ReferredLayer[] {
  const { operation } = child.core.lineage;
  const all = layers.flatMap(referredLayers);
  if (operation === "seal" || operation === "adopt" || operation === "amend") return all;
  if (evaluator) return expectedOnce(child, layers, operation, attachments, evaluator);
  const inForce = new Set(attachments.layers(child.core).map(({ policy }) => policy));
  return all.filter((layer) => {
    const policy = attachments.policy(layer.policy);
    const named = policy ? releaseFor(policy.document, operation) : undefined;
    return named === undefined || !inForce.has(named);
  });
}

function releaseFor(document: JsonObject, operation: Operation): Digest | undefined {
  const entry = (document["derive"] as JsonObject | undefined)?.[operation];
  return entry === undefined ? undefined : releasePolicies({ derive: { [operation]: entry } })[0];
}

/** What an evaluator derives from one list by an operation: thousands of sources may share a long list. */
const derivedBy = new WeakMap<Evaluator, WeakMap<readonly Layer[], Map<Operation, readonly ReferredLayer[]>>>();

/** As `expectedByEvaluator`, computed once for one list where no release asks what the output is. */
function expectedOnce(
  child: Member,
  lists: readonly (readonly Layer[])[],
  operation: Operation,
  attachments: Attachments,
  evaluator: Evaluator,
): readonly ReferredLayer[] {
  const [list] = lists;
  const releases = [...new Set(list!.map(({ policy }) => policy))].some((name) => {
    const policy = attachments.policy(name);
    return policy === undefined || releaseFor(policy.document, operation) !== undefined;
  });
  if (lists.length > 1 || releases) return expectedByEvaluator(child, lists, operation, attachments, evaluator);
  outputOf(child);
  const byList = derivedBy.get(evaluator) ?? new WeakMap<readonly Layer[], Map<Operation, readonly ReferredLayer[]>>();
  const byOperation = byList.get(list!) ?? new Map<Operation, readonly ReferredLayer[]>();
  const known = byOperation.get(operation);
  if (known) return known;
  const made = expectedByEvaluator(child, lists, operation, attachments, evaluator);
  derivedBy.set(evaluator, byList.set(list!, byOperation.set(operation, made)));
  return made;
}

/** The attested facts of an output as evaluators take them; throws FormatError `structure`. */
function outputOf({ core }: Member): JsonObject | undefined {
  const { output } = core.lineage;
  return output === undefined ? undefined : (cborToJson(output, "core/lineage/output") as JsonObject);
}

/** With an evaluator the whole derivation is done again, release conditions included. Spec: LIN-4. */
function expectedByEvaluator(
  child: Member,
  parents: readonly (readonly Layer[])[],
  operation: Operation,
  attachments: Attachments,
  evaluator: Evaluator,
): readonly ReferredLayer[] {
  const parentLayers = parents.map((layers) => policyLayers(layers, attachments));
  if (parentLayers.some((layers) => layers === undefined))
    broken("parent-missing", "a policy of a parent is not at hand");
  const expected = evaluator.childLayers(
    parentLayers as readonly (readonly PolicyLayer[])[],
    operation,
    outputOf(child),
    (name) => attachments.policy(name)?.document,
  );
  if (expected.forbiddenBy.length > 0)
    broken("layer-dropped", `layer \`${expected.forbiddenBy[0]!}\` forbids \`${operation}\``);
  if (expected.refused.length > 0) broken("layer-dropped", `a release does not hold: ${expected.refused[0]!.code}`);
  return expected.layers;
}

/** Every layer that the sources leave stands in the child, or was lowered with approvals. Spec: LIN-3, LIN-4, APR-7. */
function checkLayersKept(
  child: Member,
  parents: readonly Member[],
  approvals: readonly SignedApproval[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): void {
  const own = attachments.layers(child.core);
  const lists = [...new Set(parents.map(({ core }) => attachments.layers(core)))]; // a long list that many share is one
  if (!evaluator && lists.every((list) => list === own)) return;
  const holds = holderOf(own);
  const layers = lists.flatMap(referredLayers);
  const unread = new Set(layers.map(({ policy }) => policy).filter((policy) => !attachments.policy(policy)));
  if (unread.size > 0 && layers.some((layer) => unread.has(layer.policy) && !holds(layer)))
    broken("parent-missing", "the policy of a layer that a source had is not at hand");
  const gone = expectedLayers(child, lists, attachments, evaluator).filter((layer) => !holds(layer));
  const approved = approvals.map(({ approval }) => approval);
  checkLowered(child.core, gone, approved, attachments, evaluator);
}

/** A revision is of the same artifact and content, and the next one. Spec: LIN-8. */
function checkRevision(core: Core, superseded: Core, asFirstIssuer: boolean): void {
  const [now, before] = [core.content, superseded.content];
  const sameContent = (["format", "sizeBytes", "root", "externalKey"] as const).every(
    (member) => now[member] === before[member],
  );
  const none = new Uint8Array();
  if (
    !equalBytes(core.artifactId, superseded.artifactId) ||
    core.firstIssuer !== superseded.firstIssuer ||
    !sameContent ||
    !equalBytes(now.floeHeader ?? none, before.floeHeader ?? none)
  )
    broken("parent-digest", "a revision is of another artifact than what it supersedes");
  if (now.mediaType !== before.mediaType && !asFirstIssuer)
    broken("parent-digest", "only the first issuer gives the content of a revision another media type");
  if (core.revision !== superseded.revision + 1)
    broken("parent-digest", "a revision is not the next one after what it supersedes");
}

/** Status entries of every parent stand in the child, so that a parent's revocation stops it. Spec: LIN-5. */
function checkStatusUnited(child: Core, parents: readonly Core[]): void {
  const key = ({ uri, index }: StatusEntry): string => `${index} ${uri}`;
  const entries = new Set(child.status.map(key));
  for (const { status } of parents)
    for (const entry of status)
      if (!entries.has(key(entry))) broken("parent-status", "a status entry of a source is missing");
}

/** Finds the first revision of an artifact, each step of the way down taken once. */
function firstRevisions(attachments: Attachments): FirstRevision {
  const known = new Map<Core, Core | undefined>();
  return (core) => {
    const way: Core[] = [];
    let first: Core | undefined = core;
    while (first?.supersedes && !known.has(first)) {
      way.push(first);
      first = attachments.source(first.supersedes)?.core;
    }
    if (first && known.has(first)) first = known.get(first);
    for (const step of way) known.set(step, first);
    return first;
  };
}

/** Finds the first revision of an artifact; undefined where the way to it is not at hand. */
type FirstRevision = (core: Core) => Core | undefined;

/**
 * True for a revision by the first issuer. What has no parents was sealed by role `issue`, and there a signer of role `derive` is not
 * he, though he bears the same authority: his only right is to pass on. Spec: LIN-9.
 */
function actsAsFirstIssuer(core: Core, role: Role, attachments: Attachments, firstRevision: FirstRevision): boolean {
  if (!core.supersedes || core.issuer !== core.firstIssuer) return false;
  if (role !== "derive") return true;
  const first = firstRevision(core);
  return first === undefined || attachments.parents(first).length > 0;
}

/**
 * The cores whose status entries and custody rule bind a core. For a revision by the first issuer these are the parents of the first
 * revision, not the one it supersedes: he may change what he himself set. Spec: LIN-5, LIN-9, RCP-10.
 */
function bindingCores(
  core: Core,
  sources: readonly Member[],
  attachments: Attachments,
  firstRevision: FirstRevision,
  asFirstIssuer: boolean,
): readonly Core[] {
  if (!asFirstIssuer) return sources.map((source) => source.core);
  const first = firstRevision(core);
  const parents = first ? attachments.parents(first) : [];
  return parents.flatMap((reference) => attachments.source(reference)?.core ?? []);
}

/** A reference with the source that is at hand for it. */
interface Referenced {
  readonly reference: Source;
  readonly known: KnownSource | null;
}

/** Every source that is at hand, once. */
class KnownSources {
  readonly #attachments: Attachments;
  readonly #trust: TrustPolicy;
  readonly #known = new Map<AttachedSource, KnownSource>();
  readonly #referenced = new Map<Core, readonly Referenced[]>();

  constructor(attachments: Attachments, trust: TrustPolicy) {
    this.#attachments = attachments;
    this.#trust = trust;
  }

  /** What a core names as its sources. */
  of(core: Core): readonly Referenced[] {
    const before = this.#referenced.get(core);
    if (before) return before;
    const references = [...this.#attachments.parents(core), ...(core.supersedes ? [core.supersedes] : [])];
    const referenced = references.map((reference): Referenced => {
      const source = this.#attachments.source(reference);
      return { reference, known: source ? this.#knownOf(source) : null };
    });
    this.#referenced.set(core, referenced);
    return referenced;
  }

  #knownOf(source: AttachedSource): KnownSource {
    const before = this.#known.get(source);
    if (before) return before;
    const known = new KnownSource(source, this.#known.size, this.#attachments, this.#trust);
    this.#known.set(source, known);
    return known;
  }

  #placesOf(core: Core): readonly number[] {
    return [...new Set(this.of(core).flatMap(({ known }) => known?.place ?? []))];
  }

  /** What an artifact rests on, with all that these rest on. */
  graphOf(core: Core, approvals: readonly SignedApproval[]): SourceGraph {
    const artifact: Reliance = {
      policySigners: this.#markedSigners(core),
      approvers: new Set(approvals.map(({ signer }) => signer)),
      sources: this.#placesOf(core),
    };
    return { artifact, nodes: [...this.#known.values()].map((known) => known.node(this.#placesOf(known.core))) };
  }

  /** Who signed the artifact's own policies and is marked: what else time decides over there, their suites say. */
  #markedSigners(core: Core): ReadonlySet<TrustedSigner> {
    if (this.#trust.signers.every(({ invalidSince }) => invalidSince === null)) return new Set();
    const policies = this.#attachments.layers(core).map(({ policy }) => this.#attachments.policy(policy));
    const signers = policies
      .filter((policy) => policy !== undefined)
      .map((policy) => verifyPolicy(policy, this.#trust));
    return new Set(signers.filter(({ invalidSince }) => invalidSince !== null));
  }
}

function isOriginal({ lineage, supersedes }: Core): boolean {
  return lineage.parents.length === 0 && supersedes === undefined;
}

/** A core that is looked at, as it was judged at one time. */
interface Visit {
  readonly member: Member;
  readonly evidence: Evidence;
  readonly approvals: readonly SignedApproval[];
}

/**
 * Checks a core against its sources, without recursion; `evidence` is what its own anchors prove. What no time decides over is checked once
 * for each core, the rest at each time at which something names it.
 * Returns `unchecked` where a source isn't attached; throws `parent-…`, `layer-dropped`, `lineage-…`, `approval-…`, `lowering-refused`. Spec: LIN-1 to LIN-6, LIN-8, LIN-9, APR-7, APR-8.
 */
export function checkLineage(
  core: Core,
  coreName: Digest,
  attachments: Attachments,
  trust: TrustPolicy,
  evidence: Evidence,
  evaluator?: Evaluator,
): LineageVerdict {
  const approvals = judgeApprovals(core, evidence, attachments, trust);
  const sources = new KnownSources(attachments, trust);
  if (isOriginal(core))
    return {
      standing: "checked",
      sources: [],
      chains: sources.graphOf(core, approvals),
      approvals: approvals.map(({ approval }) => approval),
    };
  const checked = new Set<Digest>();
  const walked = new Set<string>();
  const ruled = new Set<Core>();
  const firstRevision = firstRevisions(attachments);
  const pending: Visit[] = [{ member: { name: coreName, core }, evidence, approvals }];
  let gap: string | undefined;
  for (const { member, evidence: own, approvals: approved } of pending) {
    const { time: sealedAt, signer: sealer } = own.anchors[0]!;
    const judgedAt = sourcesJudgedAt(own.anchors);
    const asFirstIssuer = actsAsFirstIssuer(member.core, sealer.role, attachments, firstRevision);
    const parents: Member[] = [];
    for (const { reference, known } of sources.of(member.core)) {
      if (!known) {
        gap ??= `source \`${reference.core}\` is not attached`;
        continue;
      }
      const { source } = known;
      const proven = known.judgeAt(reference, judgedAt, sealedAt, () => {
        if (reference.role === "superseded") checkRevision(member.core, source.core, asFirstIssuer);
      });
      parents.push(source);
      checked.add(source.name);
      if (proven === null) continue;
      const visit = `${known.place} ${sourcesJudgedAt(proven.anchors)}`; // its own sources are judged by this time
      if (walked.has(visit)) continue;
      walked.add(visit);
      pending.push({ member: source, evidence: proven, approvals: known.approvals });
    }
    if (ruled.has(member.core)) continue;
    ruled.add(member.core);
    const binding = bindingCores(member.core, parents, attachments, firstRevision, asFirstIssuer);
    checkStatusUnited(member.core, binding);
    for (const { custodyRule } of binding) assertRuleWithin(member.core.custodyRule, custodyRule);
    if (parents.length > 0) checkLayersKept(member, parents, approved, attachments, evaluator); // a gap excuses no other source
  }
  const chains = sources.graphOf(core, approvals);
  const found = { sources: [...checked], chains, approvals: approvals.map(({ approval }) => approval) };
  return gap === undefined ? { standing: "checked", ...found } : { standing: "unchecked", reason: gap, ...found };
}
