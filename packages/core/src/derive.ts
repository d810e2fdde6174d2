// derive: a governed child. Its layers are the union of its parents' layers, each by its own policy's rule for the operation.
import { anchorsName, parseAnchor, rootMessages } from "./anchor.ts";
import { layersShape, nameOf, parentsShape } from "./artifact.ts";
import type { CustodyRule, Layer, Source, StatusEntry } from "./artifact.ts";
import { encodeAttachment, encodeSource, listAttachments } from "./attachments.ts";
import { encodeCbor } from "./cbor.ts";
import type { CborMap } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { randomBytes } from "#crypto";
import { PolicyError, VerificationError } from "./errors.ts";
import type { ChildLayer, Evaluator, JsonObject, Operation } from "./evaluator.ts";
import { issue } from "./issue.ts";
import type { Issued, RecipientKey } from "./issue.ts";
import { assertRuleWithin, meetRules } from "./custody-rule.ts";
import { rejectUnknownOptions } from "./options.ts";
import { jsonToCbor, parsePolicy } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import { checkLayers, toLayers } from "./seal.ts";
import type { SealPolicy } from "./seal.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import type { HashAlg } from "./suites.ts";
import { assertTrust } from "./trust.ts";
import { assertVerified, evidenceStands, lineageStands } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `derive`. */
export interface DeriveOptions {
  readonly operation: Operation;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  /** Attested facts of the output; release conditions read them. They stand in the lineage. */
  readonly output?: JsonObject;
  /** Layers that the deriver adds: layers are ANDed, so anyone may. */
  readonly add?: readonly SealPolicy[];
  readonly evaluator: Evaluator;
  readonly recipients: readonly RecipientKey[];
  /** Of role issue or derive. */
  readonly signer: Signer;
  readonly actor?: string;
  readonly tool?: string;
  /** Decision receipts that the derivation rests on. */
  readonly receipts?: readonly Digest[];
  readonly mediaType?: string;
  /** Must lie within every parent's rule; default: the parents' rules, met. */
  readonly custodyRule?: CustodyRule;
  readonly requiredContext?: ReadonlyMap<string, string>;
  readonly contentHash?: HashAlg;
  /** A child under which nothing is permitted any more is refused unless this is true. */
  readonly allowEmpty?: boolean;
  readonly clock?: Clock;
}

const optionNames = [
  "operation",
  "content",
  "write",
  "output",
  "add",
  "evaluator",
  "recipients",
  "signer",
  "actor",
  "tool",
  "receipts",
  "mediaType",
  "custodyRule",
  "requiredContext",
  "contentHash",
  "allowEmpty",
  "clock",
];

/** A parent as the child's core names it. Spec: LIN-1. */
function sourceOf(artifact: VerifiedArtifact): Source {
  const pairs = rootMessages(artifact.anchors, (name) => artifact.attachments.root(name));
  return { id: artifact.core.artifactId, core: artifact.name, anchors: anchorsName(pairs), role: "parent" };
}

/** A parent's attachments but its leaves and the roots of later anchors of unknown suites, which the source goes without. */
function namedAttachments({ parts, anchors }: VerifiedArtifact): Uint8Array[] {
  const later = parts.anchors.slice(anchors.length).map((bytes, index) => parseAnchor(bytes, anchors.length + index));
  const unnamed = new Set(later.flatMap(({ batch }) => (batch ? [batch.root] : [])));
  return listAttachments(parts.attachments)
    .filter(({ kind, content }) => kind !== "leaves" && !(kind === "root" && unnamed.has(nameOf(content))))
    .map(({ bytes }) => bytes);
}

/** The long lists of a parent, which may have come from a store. */
function longLists({ core, layers, attachments }: VerifiedArtifact): Uint8Array[] {
  return [
    ...(typeof core.layers === "string" ? [layersShape.write(layers)] : []),
    ...(typeof core.lineage.parents === "string" ? [parentsShape.write(attachments.parents(core))] : []),
  ].map((list) => encodeAttachment("list", encodeCbor(list)));
}

/** What a child carries so that its lineage verifies offline: the parents, and whatever they carried but their leaves. Spec: LIN-7. */
function carriedAttachments(parents: readonly VerifiedArtifact[]): Uint8Array[] {
  return parents.flatMap((parent) => [
    encodeAttachment(
      "source",
      encodeSource(
        parent.parts.core,
        parent.anchors.map(({ bytes }) => bytes),
      ),
    ),
    ...namedAttachments(parent),
    ...longLists(parent),
    ...parent.policies.map(({ bytes }) => encodeAttachment("policy", bytes)),
    ...parent.anchors.flatMap(({ batch }) =>
      batch ? [encodeAttachment("root", parent.attachments.root(batch.root)!)] : [],
    ),
  ]);
}

/** Layers of the child from the parents' layers. Throws `derive-forbidden`, `release-refused`. Spec: LIN-3, INH-1 to INH-4. */
function childLayers(parents: readonly VerifiedArtifact[], options: DeriveOptions): readonly ChildLayer[] {
  const lookup = (name: Digest): JsonObject | undefined =>
    parents.map(({ attachments }) => attachments.policy(name)?.document).find((document) => document !== undefined);
  const result = options.evaluator.childLayers(
    parents.map(({ policyLayers }) => policyLayers),
    options.operation,
    options.output,
    lookup,
  );
  if (result.forbiddenBy.length > 0)
    throw new PolicyError(
      "derive-forbidden",
      `policy \`${result.forbiddenBy[0]!}\` forbids \`${options.operation}\` as a derivation`,
    );
  if (result.refused.length > 0)
    throw new PolicyError(
      "release-refused",
      `a release can't be made: ${result.refused[0]!.code} ${result.refused[0]!.subject ?? ""}`.trim(),
    );
  return result.layers;
}

function policiesFor(layers: readonly ChildLayer[], parents: readonly VerifiedArtifact[]): readonly PolicyMessage[] {
  return layers.map(({ policy: name }) => {
    const policy = parents.map(({ attachments }) => attachments.policy(name)).find((found) => found !== undefined);
    if (!policy) throw new PolicyError("release-refused", `policy \`${name}\` is not at hand`);
    return policy;
  });
}

/**
 * Makes a governed child of verified parents. Throws PolicyError `derive-forbidden`, `release-refused`, `empty-meet`, VerificationError
 * `custody-rule`, `lineage-unchecked`, `suite-lapsed`, `trust-expired`, CustodyError. Spec: LIN-1, LIN-3, LIN-5, LIN-7, INH-1 to INH-7.
 */
export async function derive(parents: readonly VerifiedArtifact[], options: DeriveOptions): Promise<Issued> {
  if (parents.length === 0) throw new RangeError("a derivation has at least one parent");
  parents.forEach(assertVerified);
  rejectUnknownOptions(options, optionNames);
  const now = secondsNow(options.clock);
  for (const parent of parents) {
    assertTrust(parent.trust, now);
    if (!evidenceStands(parent, now))
      throw new VerificationError(
        "suite-lapsed",
        "the evidence of a parent has expired: what derives from it never verifies",
      );
    if (!lineageStands(parent))
      throw new VerificationError("lineage-unchecked", "the lineage of a parent is not checked, and must be");
  }
  const inherited = childLayers(parents, options);
  const added = (options.add ?? []).map(({ message }) => parsePolicy(message));
  const policies = [...policiesFor(inherited, parents), ...added];
  const inheritedLayers = inherited.map(({ policy, parameters, via }): Layer => ({
    policy,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: new Map(Object.entries(parameters)) }),
    ...(via.length === 0 ? {} : { via }),
  }));
  const layers = [
    ...inheritedLayers,
    ...toLayers(
      added,
      (options.add ?? []).map(({ parameters }) => parameters),
    ),
  ];
  checkLayers(policies, layers, options.evaluator, options.allowEmpty ?? false);
  const limit = meetRules(parents.map(({ core }) => core.custodyRule));
  if (options.custodyRule) assertRuleWithin(options.custodyRule, limit);
  const status: StatusEntry[] = parents.flatMap(({ core }) => core.status);
  const carried = carriedAttachments(parents);
  const own = new Set(policies.map(({ digest }) => digest));
  const attachments = [...carried, ...policies.map(({ bytes }) => encodeAttachment("policy", bytes))].filter(
    (attachment) => !isOwnPolicy(attachment, own),
  );
  const output = options.output === undefined ? undefined : (jsonToCbor(options.output) as CborMap);
  return issue({
    artifactId: randomBytes(16),
    issuer: options.signer.authority,
    signer: options.signer,
    content: options.content,
    write: options.write,
    hashAlg: options.contentHash ?? -16,
    mediaType: options.mediaType,
    layers,
    policies,
    attachments,
    recipients: options.recipients,
    custodyRule: options.custodyRule ?? limit,
    required: options.requiredContext,
    lineage: {
      operation: options.operation,
      parents: parents.map(sourceOf),
      receipts: options.receipts ?? [],
      actor: options.actor ?? options.signer.authority,
      ...(output === undefined ? {} : { output }),
      ...(options.tool === undefined ? {} : { tool: options.tool }),
    },
    status,
    now,
  });
}

/** issue attaches the policies in force itself. */
function isOwnPolicy(attachment: Uint8Array, own: ReadonlySet<Digest>): boolean {
  const [entry] = listAttachments([attachment]);
  return entry!.kind === "policy" && own.has(parsePolicy(entry!.content).digest);
}
