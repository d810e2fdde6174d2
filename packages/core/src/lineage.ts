// Lineage: a core with parents is checked against them, and they against theirs, up to cores sealed by a role issue.
import { equalBytes } from "./cbor.ts";
import type { Approval } from "./approval-check.ts";
import type { Attachments, AttachedSource } from "./attachments.ts";
import { releasePolicies, sourceKey } from "./attachments.ts";
import type { Core, Layer, Source } from "./artifact.ts";
import { assertRuleWithin } from "./custody-rule.ts";
import { VerificationError } from "./errors.ts";
import type { Evaluator, JsonObject, Operation, PolicyLayer } from "./evaluator.ts";
import { judgeChain, maxAheadSeconds, sourcesJudgedAt, verifyChain } from "./evidence.ts";
import type { ApprovalDates, Evidence, SignedChain, SourceChain } from "./evidence.ts";
import { checkLowered, holderOf, judgeApprovals, policyLayers, toReferred } from "./lowering.ts";
import type { ReferredLayer } from "./lowering.ts";
import { assertIssuerScope, cborToJson } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import type { Digest } from "./shape.ts";
import { judgePolicy } from "./policy-evidence.ts";
import type { SuiteName } from "./suites.ts";
import type { Role, TrustPolicy } from "./trust.ts";

/** What the walk over sources found. */
export interface LineageVerdict {
  /** `checked` only where every source up to originals is there and verifies. */
  readonly standing: "checked" | "unchecked";
  readonly reason?: string;
  /** Names of the cores that were checked, nearest first. */
  readonly sources: readonly Digest[];
  /** Their anchors, in the order of the walk: what a later date is asked of. */
  readonly chains: readonly SourceChain[];
  /** The approvals that the core itself names. */
  readonly approvals: readonly ApprovalDates[];
}

interface Member {
  readonly name: Digest;
  readonly core: Core;
}

interface Pending {
  readonly member: Member;
  readonly evidence: Evidence;
  readonly approvals: readonly Approval[];
  /** Place of its anchors in the chains; -1 for the artifact itself. */
  readonly chain: number;
}

function broken(
  code: "parent-missing" | "parent-digest" | "layer-dropped" | "lineage-time" | "parent-status",
  message: string,
): never {
  throw new VerificationError(code, message);
}

/** The policies of a core's layers. */
function policiesOf(core: Core, attachments: Attachments): readonly PolicyMessage[] {
  return attachments
    .layers(core)
    .map(({ policy }) => attachments.policy(policy) ?? broken("parent-missing", "a policy of a source is not at hand"));
}

/** What of the parents' layers an operation leaves: what must stand in the child, unless it is lowered. Spec: LIN-3, LIN-4. */
function expectedLayers(
  child: Member,
  parents: readonly Member[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): readonly ReferredLayer[] {
  const { operation } = child.core.lineage;
  const layers = parents.map(({ core }) => attachments.layers(core));
  if (operation === "seal" || operation === "adopt" || operation === "amend") return layers.flat().map(toReferred);
  if (evaluator) return expectedByEvaluator(child, layers, operation, attachments, evaluator);
  const inForce = new Set(attachments.layers(child.core).map(({ policy }) => policy));
  return layers.flat().flatMap((layer) => {
    const policy = attachments.policy(layer.policy);
    const named = policy ? releaseFor(policy.document, operation) : undefined;
    return named !== undefined && inForce.has(named) ? [] : [toReferred(layer)];
  });
}

function releaseFor(document: JsonObject, operation: Operation): Digest | undefined {
  const entry = (document["derive"] as JsonObject | undefined)?.[operation];
  return entry === undefined ? undefined : releasePolicies({ derive: { [operation]: entry } })[0];
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
  const output =
    child.core.lineage.output === undefined
      ? undefined
      : (cborToJson(child.core.lineage.output, "core/lineage/output") as JsonObject);
  const expected = evaluator.childLayers(
    parentLayers as readonly (readonly PolicyLayer[])[],
    operation,
    output,
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
  approvals: readonly Approval[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): void {
  const holds = holderOf(attachments.layers(child.core));
  const layers = parents.flatMap(({ core }) => attachments.layers(core));
  const unread = new Set(layers.map(({ policy }) => policy).filter((policy) => !attachments.policy(policy)));
  if (unread.size > 0 && layers.some((layer) => unread.has(layer.policy) && !holds(toReferred(layer))))
    broken("parent-missing", "the policy of a layer that a source had is not at hand");
  const gone = expectedLayers(child, parents, attachments, evaluator).filter((layer) => !holds(layer));
  checkLowered(child.core, gone, approvals, attachments, evaluator);
}

/** Verifies the anchors of each source once, however many refer to it. */
function chainVerifier(attachments: Attachments, trust: TrustPolicy): (source: AttachedSource) => SignedChain {
  const verified = new Map<AttachedSource, SignedChain>();
  return (source) => {
    const known = verified.get(source);
    if (known) return known;
    const { coreBytes, name: coreName, core, anchors } = source;
    const root = (name: Digest): Uint8Array | undefined => attachments.root(name);
    const chain = verifyChain({ coreBytes, coreName, core, keysBytes: null, anchors, root, trust });
    verified.set(source, chain);
    return chain;
  };
}

/** One source verifies as of what names it. Spec: LIN-2, LIN-6, TRU-11. */
function checkSource(
  reference: Source,
  source: AttachedSource,
  attachments: Attachments,
  trust: TrustPolicy,
  { chain, judgedAt, sealedAt }: { readonly chain: SignedChain; readonly judgedAt: number; readonly sealedAt: number },
): { readonly evidence: Evidence; readonly policySuites: ReadonlySet<SuiteName> } {
  if (!equalBytes(reference.id, source.core.artifactId))
    broken("parent-digest", "a source has another artifact id than its reference");
  const evidence = judgeChain(chain, trust, judgedAt, { requirements: false });
  if (evidence.anchors[0]!.time > sealedAt) broken("lineage-time", "a source is younger than what it is a source of");
  if (evidence.anchors.at(-1)!.time > sealedAt + maxAheadSeconds)
    broken("lineage-time", "an anchor of a source is younger than the seal that names it");
  const { signer } = evidence.anchors[0]!;
  if (signer.scope !== null) assertIssuerScope(signer, policiesOf(source.core, attachments));
  if (evidence.standing !== "valid")
    throw new VerificationError("suite-lapsed", "the evidence of a source had expired when it was used");
  return { evidence, policySuites: policySuitesOf(source.core, evidence, attachments, trust) };
}

/** The policies of a source that are at hand hold as those of an artifact do; the suites of their signatures. Spec: LIN-2, POM-3. */
function policySuitesOf(
  core: Core,
  evidence: Evidence,
  attachments: Attachments,
  trust: TrustPolicy,
): ReadonlySet<SuiteName> {
  const policies = attachments.layers(core).map(({ policy }) => attachments.policy(policy));
  return new Set(
    policies.filter((policy) => policy !== undefined).map((policy) => judgePolicy(policy, evidence, trust)),
  );
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
function checkStatusUnited(child: Core, parent: Core): void {
  const entries = new Set(child.status.map(({ uri, index }) => `${index} ${uri}`));
  for (const { uri, index } of parent.status)
    if (!entries.has(`${index} ${uri}`)) broken("parent-status", "a status entry of a source is missing");
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

/**
 * Checks a core against its sources, without recursion; `evidence` is what its own anchors prove.
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
  const chainOf = chainVerifier(attachments, trust);
  const checked = new Set<Digest>();
  const walked = new Set<string>();
  const chains: SourceChain[] = [];
  const firstRevision = firstRevisions(attachments);
  const approvals = judgeApprovals(core, evidence, attachments, trust);
  const pending: Pending[] = [{ member: { name: coreName, core }, evidence, approvals, chain: -1 }];
  let gap: string | undefined;
  for (let next = pending.shift(); next; next = pending.shift()) {
    const { member } = next;
    const { time: sealedAt, signer: sealer } = next.evidence.anchors[0]!;
    const asFirstIssuer = actsAsFirstIssuer(member.core, sealer.role, attachments, firstRevision);
    const references = [
      ...attachments.parents(member.core),
      ...(member.core.supersedes ? [member.core.supersedes] : []),
    ];
    const parents: Member[] = [];
    for (const reference of references) {
      const source = attachments.source(reference);
      if (!source) {
        gap ??= `source \`${reference.core}\` is not attached`;
        continue;
      }
      const judgedAt = sourcesJudgedAt(next.evidence.anchors);
      const proof = { chain: chainOf(source), judgedAt, sealedAt };
      const { evidence: proven, policySuites } = checkSource(reference, source, attachments, trust, proof);
      if (reference.role === "superseded") checkRevision(member.core, source.core, asFirstIssuer);
      parents.push({ name: source.name, core: source.core });
      const own = judgeApprovals(source.core, proven, attachments, trust);
      chains.push({ anchors: proven.anchors, policySuites, approvals: own, namedBy: next.chain });
      const visit = `${sourceKey(reference)} ${sourcesJudgedAt(proven.anchors)}`; // its own sources are judged by this time
      if (!walked.has(visit))
        pending.push({
          member: { name: source.name, core: source.core },
          evidence: proven,
          approvals: own,
          chain: chains.length - 1,
        });
      walked.add(visit);
      checked.add(source.name);
    }
    for (const binding of bindingCores(member.core, parents, attachments, firstRevision, asFirstIssuer)) {
      checkStatusUnited(member.core, binding);
      assertRuleWithin(member.core.custodyRule, binding.custodyRule);
    }
    if (parents.length > 0) checkLayersKept(member, parents, next.approvals, attachments, evaluator); // a gap excuses no other source
  }
  return gap === undefined
    ? { standing: "checked", sources: [...checked], chains, approvals }
    : { standing: "unchecked", reason: gap, sources: [...checked], chains, approvals };
}
