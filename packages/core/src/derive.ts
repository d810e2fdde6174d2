// derive: a governed child. Its layers are the union of its parents' layers, each by its own policy's rule for the operation.
import type { CustodyRule, StatusEntry } from "./artifact.ts";
import { encodeAttachment, listAttachments } from "./attachments.ts";
import { carriedAttachments, sourceOf } from "./carried.ts";
import type { CborMap } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { randomBytes } from "#crypto";
import { PolicyError, VerificationError } from "./errors.ts";
import type { ChildLayer, Evaluator, JsonObject, Operation } from "./evaluator.ts";
import { issue } from "./issue.ts";
import type { Issued, RecipientKey } from "./issue.ts";
import { assertRuleWithin, meetRules } from "./custody-rule.ts";
import { prepareLowering, withoutPolicies } from "./lower.ts";
import type { LowerOptions } from "./lower.ts";
import { toLayer } from "./lowering.ts";
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
  /** Takes layers out of what the operation leaves; for `declassify` alone. */
  readonly lower?: LowerOptions;
  /** Decision receipts that the derivation rests on. */
  readonly receipts?: readonly Digest[];
  readonly mediaType?: string;
  /** Must lie within every parent's rule; default: the parents' rules, met. */
  readonly custodyRule?: CustodyRule;
  readonly requiredContext?: ReadonlyMap<string, string>;
  readonly contentHash?: HashAlg;
  /**
   * True: content of more than one segment is hashed on libuv's threads while it is encrypted, for large content where a core is free.
   * Default: on this thread, which costs the processor least.
   */
  readonly threads?: boolean;
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
  "lower",
  "receipts",
  "mediaType",
  "custodyRule",
  "requiredContext",
  "contentHash",
  "threads",
  "allowEmpty",
  "clock",
];

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
 * `custody-rule`, `lineage-unchecked`, `suite-lapsed`, `trust-expired`, CustodyError; `approval-…` and `lowering-refused` where layers are lowered. Spec: LIN-1, LIN-3, LIN-5, LIN-7, INH-1 to INH-8, APR-7.
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
  if (options.lower && options.operation !== "declassify")
    throw new RangeError("only `declassify` lowers layers of its parents");
  const left = childLayers(parents, options);
  const inherited = withoutPolicies(left, options.lower?.remove ?? []);
  const added = (options.add ?? []).map(({ message }) => parsePolicy(message));
  const policies = [...policiesFor(inherited, parents), ...added];
  const layers = [
    ...inherited.map(toLayer),
    ...toLayers(
      added,
      (options.add ?? []).map(({ parameters }) => parameters),
    ),
  ];
  checkLayers(policies, layers, options.evaluator, options.allowEmpty ?? false);
  const lowering = prepareLowering(
    {
      before: left,
      layers,
      sources: parents.map(({ name }) => name),
      operation: options.operation,
      policies: [...parents.flatMap((parent) => parent.policies), ...policies],
    },
    options.lower,
    { trust: parents[0]!.trust, evaluator: options.evaluator, now },
  );
  const limit = meetRules(parents.map(({ core }) => core.custodyRule));
  if (options.custodyRule) assertRuleWithin(options.custodyRule, limit);
  const status: StatusEntry[] = parents.flatMap(({ core }) => core.status);
  const carried = carriedAttachments(parents);
  const own = new Set(policies.map(({ digest }) => digest));
  const attachments = [...carried, ...policies.map(({ bytes }) => encodeAttachment("policy", bytes))].filter(
    (attachment) => !isOwnPolicy(attachment, own),
  );
  const output = options.output === undefined ? undefined : (jsonToCbor(options.output) as CborMap);
  const issued = await issue({
    artifactId: randomBytes(16),
    issuer: options.signer.authority,
    signer: options.signer,
    content: options.content,
    write: options.write,
    hashAlg: options.contentHash ?? -16,
    threads: options.threads,
    mediaType: options.mediaType,
    layers,
    policies,
    attachments: [...attachments, ...lowering.attachments],
    recipients: options.recipients,
    custodyRule: options.custodyRule ?? limit,
    required: options.requiredContext,
    lineage: {
      operation: options.operation,
      parents: parents.map((parent) => sourceOf(parent, "parent")),
      receipts: options.receipts ?? [],
      actor: options.actor ?? options.signer.authority,
      ...(lowering.names.length === 0 ? {} : { approvals: lowering.names }),
      ...(output === undefined ? {} : { output }),
      ...(options.tool === undefined ? {} : { tool: options.tool }),
    },
    status,
    now,
  });
  await lowering.spend();
  return issued;
}

/** issue attaches the policies in force itself. */
function isOwnPolicy(attachment: Uint8Array, own: ReadonlySet<Digest>): boolean {
  const [entry] = listAttachments([attachment]);
  return entry!.kind === "policy" && own.has(parsePolicy(entry!.content).digest);
}
