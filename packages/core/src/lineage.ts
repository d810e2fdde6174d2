// Lineage: a core with parents is checked against them, and they against theirs, up to cores sealed by a role issue.
import { equalBytes } from "./cbor.ts";
import type { Attachments, AttachedSource } from "./attachments.ts";
import { releasePolicies, sourceKey } from "./attachments.ts";
import { layerParameters } from "./artifact.ts";
import type { Core, Layer, Source } from "./artifact.ts";
import { assertRuleWithin } from "./custody-rule.ts";
import { VerificationError } from "./errors.ts";
import type { Evaluator, JsonObject, Operation, PolicyLayer } from "./evaluator.ts";
import { judgeAnchors, sourcesJudgedAt } from "./evidence.ts";
import type { Evidence, SourceChain } from "./evidence.ts";
import { cborToJson } from "./policy.ts";
import type { Digest } from "./shape.ts";
import type { TrustPolicy } from "./trust.ts";

/** What the walk over sources found. */
export interface LineageVerdict {
  /** `checked` only where every source up to originals is there and verifies. */
  readonly standing: "checked" | "unchecked";
  readonly reason?: string;
  /** Names of the cores that were checked, nearest first. */
  readonly sources: readonly Digest[];
  /** Their anchors, in the order of the walk: what a later date is asked of. */
  readonly chains: readonly SourceChain[];
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

/** The layers of a core with their documents; undefined where a policy isn't at hand. */
export function policyLayers(core: Core, attachments: Attachments): readonly PolicyLayer[] | undefined {
  const layers: PolicyLayer[] = [];
  for (const layer of attachments.layers(core)) {
    const policy = attachments.policy(layer.policy);
    if (!policy) return undefined;
    layers.push({
      policy: layer.policy,
      document: policy.document,
      parameters: layerParameters(layer),
      via: layer.via ?? [],
    });
  }
  return layers;
}

function sameParameters(a: PolicyLayer["parameters"], b: PolicyLayer["parameters"]): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function toPolicyLayer(layer: Layer): Omit<PolicyLayer, "document"> {
  return { policy: layer.policy, parameters: layerParameters(layer), via: layer.via ?? [] };
}

/** True where `child` holds a layer at least as tight as `wanted`: same policy and parameters, every `via`. */
function holds(child: readonly Layer[], wanted: Omit<PolicyLayer, "document">): boolean {
  return child
    .map(toPolicyLayer)
    .some(
      (layer) =>
        layer.policy === wanted.policy &&
        sameParameters(layer.parameters, wanted.parameters) &&
        wanted.via.every((operation) => layer.via.includes(operation)),
    );
}

/** Every parent layer stands in the child, or the policy that its own authority named for this operation. Spec: LIN-3. */
function checkLayersKept(
  child: Member,
  parents: readonly Member[],
  attachments: Attachments,
  evaluator: Evaluator | undefined,
): void {
  const childLayers = attachments.layers(child.core);
  const operation = child.core.lineage.operation;
  const derived = operation !== "seal" && operation !== "adopt" && operation !== "amend";
  if (!derived) {
    for (const parent of parents) {
      for (const layer of attachments.layers(parent.core))
        if (!holds(childLayers, toPolicyLayer(layer)))
          broken("layer-dropped", `layer \`${layer.policy}\` of a source is missing`);
    }
    return;
  }
  if (evaluator) return checkByEvaluator(child, parents, childLayers, operation, attachments, evaluator);
  for (const parent of parents) {
    for (const layer of attachments.layers(parent.core)) {
      if (holds(childLayers, toPolicyLayer(layer))) continue;
      const policy = attachments.policy(layer.policy);
      const named = policy ? releaseFor(policy.document, operation) : undefined;
      if (named === undefined || !childLayers.some(({ policy: present }) => present === named))
        broken("layer-dropped", `layer \`${layer.policy}\` of a parent is neither kept nor released`);
    }
  }
}

function releaseFor(document: JsonObject, operation: Operation): Digest | undefined {
  const entry = (document["derive"] as JsonObject | undefined)?.[operation];
  return entry === undefined ? undefined : releasePolicies({ derive: { [operation]: entry } })[0];
}

/** With an evaluator the whole derivation is done again, release conditions included. Spec: LIN-4. */
function checkByEvaluator(
  child: Member,
  parents: readonly Member[],
  childLayers: readonly Layer[],
  operation: Operation,
  attachments: Attachments,
  evaluator: Evaluator,
): void {
  const parentLayers = parents.map(({ core }) => policyLayers(core, attachments));
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
  for (const layer of expected.layers)
    if (!holds(childLayers, layer))
      broken("layer-dropped", `layer \`${layer.policy}\` of a parent is neither kept nor released`);
}

/** One source verifies as of what names it. Spec: LIN-2. */
function checkSource(
  reference: Source,
  source: AttachedSource,
  attachments: Attachments,
  trust: TrustPolicy,
  judgedAt: number,
): Evidence {
  if (!equalBytes(reference.id, source.core.artifactId))
    broken("parent-digest", "a source has another artifact id than its reference");
  const evidence = judgeAnchors(
    {
      coreBytes: source.coreBytes,
      core: source.core,
      keysBytes: null,
      anchors: source.anchors,
      root: (name) => attachments.root(name),
      trust,
      now: judgedAt,
    },
    { requirements: false },
  );
  if (evidence.standing !== "valid")
    throw new VerificationError("suite-lapsed", "the evidence of a source had expired when it was used");
  return evidence;
}

/** A revision is of the same artifact and content, and the next one. Spec: LIN-8. */
function checkRevision(core: Core, superseded: Core): void {
  const sameContent = (["format", "sizeBytes", "root"] as const).every(
    (member) => core.content[member] === superseded.content[member],
  );
  if (
    !equalBytes(core.artifactId, superseded.artifactId) ||
    core.firstIssuer !== superseded.firstIssuer ||
    !sameContent
  )
    broken("parent-digest", "a revision is of another artifact than what it supersedes");
  if (core.revision !== superseded.revision + 1)
    broken("parent-digest", "a revision is not the next one after what it supersedes");
}

/** Status entries of every parent stand in the child, so that a parent's revocation stops it. Spec: LIN-5. */
function checkStatusUnited(child: Core, parent: Core): void {
  for (const { uri, index } of parent.status) {
    if (!child.status.some((entry) => entry.uri === uri && entry.index === index))
      broken("parent-status", "a status entry of a source is missing");
  }
}

/**
 * Checks a core against its sources, without recursion; `evidence` is what its own anchors prove.
 * Returns `unchecked` where a source isn't attached; throws `parent-…`, `layer-dropped`, `lineage-…`. Spec: LIN-1 to LIN-6, LIN-8.
 */
export function checkLineage(
  core: Core,
  coreName: Digest,
  attachments: Attachments,
  trust: TrustPolicy,
  evidence: Evidence,
  evaluator?: Evaluator,
): LineageVerdict {
  const checked = new Set<Digest>();
  const walked = new Set<string>();
  const chains: SourceChain[] = [];
  const pending: { member: Member; evidence: Evidence; chain: number }[] = [
    { member: { name: coreName, core }, evidence, chain: -1 },
  ];
  let gap: string | undefined;
  for (let next = pending.shift(); next; next = pending.shift()) {
    const { member } = next;
    const sealedAt = next.evidence.anchors[0]!.time;
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
      const proven = checkSource(reference, source, attachments, trust, sourcesJudgedAt(next.evidence.anchors));
      if (proven.anchors[0]!.time > sealedAt) broken("lineage-time", "a source is younger than what it is a source of");
      if (reference.role === "superseded") checkRevision(member.core, source.core);
      checkStatusUnited(member.core, source.core);
      assertRuleWithin(member.core.custodyRule, source.core.custodyRule);
      parents.push({ name: source.name, core: source.core });
      chains.push({ anchors: proven.anchors, namedBy: next.chain });
      const visit = `${sourceKey(reference)} ${sourcesJudgedAt(proven.anchors)}`; // its own sources are judged by this time
      if (!walked.has(visit))
        pending.push({
          member: { name: source.name, core: source.core },
          evidence: proven,
          chain: chains.length - 1,
        });
      walked.add(visit);
      checked.add(source.name);
    }
    if (parents.length > 0) checkLayersKept(member, parents, attachments, evaluator); // a gap excuses no other source
  }
  return gap === undefined
    ? { standing: "checked", sources: [...checked], chains }
    : { standing: "unchecked", reason: gap, sources: [...checked], chains };
}
