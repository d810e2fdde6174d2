// amend: a new revision of an artifact over the same content. Layers are added; they go only with approvals.
import { amendedKeys } from "./amend-keys.ts";
import type { Core, CustodyRule, Layer, StatusEntry } from "./artifact.ts";
import { carriedAttachments, sourceOf } from "./carried.ts";
import { equalBytes } from "./cbor.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { thumbprint } from "./cose.ts";
import type { Custody, CustodyCall } from "./custody.ts";
import { assertRuleWithin } from "./custody-rule.ts";
import { PolicyError, VerificationError } from "./errors.ts";
import type { Evaluator, JsonObject } from "./evaluator.ts";
import { anchorFirst } from "./first-anchor.ts";
import type { RecipientKey } from "./issue.ts";
import { prepareLowering, withoutPolicies } from "./lower.ts";
import type { LowerOptions } from "./lower.ts";
import { toLayer, toReferred } from "./lowering.ts";
import { rejectUnknownOptions } from "./options.ts";
import { parsePolicy } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import { checkLayers, toLayers } from "./seal.ts";
import type { SealPolicy } from "./seal.ts";
import type { Digest } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { assertTrust } from "./trust.ts";
import { assertVerified, evidenceStands, lineageStands } from "./verified.ts";
import type { VerifiedArtifact } from "./verified.ts";

/** Options of `amend`. */
export interface AmendOptions {
  /** Layers to add: layers are ANDed, so whoever holds the artifact may. */
  readonly add?: readonly SealPolicy[];
  /** Takes layers out, with the approvals that their policies ask for. */
  readonly lower?: LowerOptions;
  /** First issuer: entries of this revision's own, in place of those of the one before; others: entries beside those. */
  readonly status?: readonly StatusEntry[];
  /** By the first issuer any rule that what he derived from allows, by others one within the present rule. */
  readonly custodyRule?: CustodyRule;
  /** By the first issuer alone. */
  readonly mediaType?: string;
  /**
   * Sets the old revision's own status entries to `superseded`; called once everything else has worked, and nothing is given out unless
   * it resolves. With `status` alone.
   */
  readonly supersede?: (entries: readonly StatusEntry[]) => Promise<void>;
  /** Custodies of the present keys, which must follow the new policies; `[]` for opaque content. */
  readonly custody: Custody | readonly Custody[];
  /** Keys in place of the present ones. */
  readonly recipients?: readonly RecipientKey[];
  /** True where a wrap whose custody enforces the context may be followed by one whose doesn't. */
  readonly dropContext?: boolean;
  readonly requiredContext?: ReadonlyMap<string, string>;
  readonly evaluator: Evaluator;
  /** Of role issue or derive. */
  readonly signer: Signer;
  readonly actor?: string;
  readonly tool?: string;
  readonly receipts?: readonly Digest[];
  /** A revision under which nothing is permitted any more is refused unless this is true. */
  readonly allowEmpty?: boolean;
  readonly clock?: Clock;
}

const optionNames = [
  "add",
  "lower",
  "status",
  "custodyRule",
  "mediaType",
  "supersede",
  "custody",
  "recipients",
  "dropContext",
  "requiredContext",
  "evaluator",
  "signer",
  "actor",
  "tool",
  "receipts",
  "allowEmpty",
  "clock",
];

/** What a revision doesn't reach, and its author should know. */
export interface AmendWarning {
  /** `copies-unaware`: nothing tells who holds the old revision. `cover-before`: approvals end, and nothing dates the seal. */
  readonly code: "copies-unaware" | "cover-before";
  /** One sentence for people. */
  readonly message: string;
}

/** A new revision. */
export interface Amended {
  /** The bare artifact, portable; the content stays where it is, its leaf list too. */
  readonly artifact: Uint8Array;
  readonly name: Digest;
  readonly revision: number;
  /** Own entries of the old revision: `superseded` before this one is published. */
  readonly superseded: readonly StatusEntry[];
  readonly warnings: readonly AmendWarning[];
  readonly calls: readonly CustodyCall[];
}

/** Layers of a revision: those in force but the removed ones, then the added ones. Throws `policy-reference`. Spec: AMD-1. */
export function amendedLayers(
  artifact: VerifiedArtifact,
  add: readonly SealPolicy[],
  remove: readonly Digest[],
): { readonly layers: readonly Layer[]; readonly policies: readonly PolicyMessage[] } {
  const kept = withoutPolicies(artifact.layers, remove);
  const added = add.map(({ message }) => parsePolicy(message));
  const keptNames = new Set(kept.map(({ policy }) => policy));
  return {
    layers: [
      ...kept,
      ...toLayers(
        added,
        add.map(({ parameters }) => parameters),
      ),
    ],
    policies: [...artifact.policies.filter(({ digest }) => keptNames.has(digest)), ...added],
  };
}

/** Layers of a child by `declassify`: those that the operation leaves but the removed ones, then the added ones. Throws `policy-reference`, `derive-forbidden`. Spec: INH-1, APR-7. */
export function declassifiedLayers(
  { policyLayers, attachments }: VerifiedArtifact,
  add: readonly SealPolicy[],
  remove: readonly Digest[],
  evaluator: Evaluator,
): readonly Layer[] {
  const lookup = (name: Digest): JsonObject | undefined => attachments.policy(name)?.document;
  const { layers, forbiddenBy, refused } = evaluator.childLayers([policyLayers], "declassify", undefined, lookup);
  if (forbiddenBy.length > 0 || refused.length > 0)
    throw new PolicyError("derive-forbidden", "a policy doesn't let this be declassified");
  const added = add.map(({ message }) => parsePolicy(message));
  return [
    ...withoutPolicies(layers, remove).map(toLayer),
    ...toLayers(
      added,
      add.map(({ parameters }) => parameters),
    ),
  ];
}

function entryKey({ uri, index }: StatusEntry): string {
  return `${index} ${uri}`;
}

function firstRevision({ core, attachments }: VerifiedArtifact): Core | undefined {
  let first: Core | undefined = core;
  while (first?.supersedes) first = attachments.source(first.supersedes)?.core;
  return first;
}

/** True for a signer of the first issuer, but not for one who may only derive where the artifact has no parents. Spec: LIN-9. */
function actsAsFirstIssuer(artifact: VerifiedArtifact, { authority, keys }: Signer): boolean {
  if (authority !== artifact.core.firstIssuer) return false;
  const own = thumbprint(keys[0]!.alg, keys[0]!.publicKey);
  const known = artifact.trust.signers.find((signer) => equalBytes(signer.keys[0]!.kid, own));
  if (known?.role !== "derive") return true;
  const first = firstRevision(artifact);
  return first === undefined || artifact.attachments.parents(first).length > 0;
}

/** Entries that the parents of the first revision have: no revision is rid of them. Spec: LIN-9. */
function inheritedEntries(artifact: VerifiedArtifact): readonly StatusEntry[] {
  const { core, attachments } = artifact;
  const first = firstRevision(artifact);
  if (!first) return core.status; // who doesn't see the origin keeps everything
  const parents = attachments.parents(first).map((reference) => attachments.source(reference)?.core);
  if (parents.includes(undefined)) return core.status;
  const names = new Set(parents.flatMap((parent) => parent!.status.map(entryKey)));
  return core.status.filter((entry) => names.has(entryKey(entry)));
}

/** Entries of the new revision, and those of the old one that end with it. Spec: AMD-2, LIN-5, LIN-9. */
function statusOf(
  artifact: VerifiedArtifact,
  isFirstIssuer: boolean,
  status: readonly StatusEntry[] | undefined,
): { readonly status: readonly StatusEntry[]; readonly superseded: readonly StatusEntry[] } {
  const before = artifact.core.status;
  if (!isFirstIssuer || status === undefined) return { status: [...before, ...(status ?? [])], superseded: [] };
  const inherited = inheritedEntries(artifact);
  const kept = new Set([...inherited, ...status].map(entryKey));
  return { status: [...inherited, ...status], superseded: before.filter((entry) => !kept.has(entryKey(entry))) };
}

/** Throws where somebody changes what the first issuer alone changes: `custody-rule`, `parent-digest`. Spec: AMD-2, LIN-8, LIN-9. */
function assertMayChange({ core }: VerifiedArtifact, isFirstIssuer: boolean, options: AmendOptions): void {
  if (isFirstIssuer) return;
  if (options.custodyRule) assertRuleWithin(options.custodyRule, core.custodyRule);
  if (options.mediaType !== undefined && options.mediaType !== core.content.mediaType)
    throw new VerificationError(
      "parent-digest",
      `only the first issuer, \`${core.firstIssuer}\`, gives the content another media type`,
    );
}

function assertMayBegin(artifact: VerifiedArtifact, options: AmendOptions, now: number): void {
  assertTrust(artifact.trust, now);
  if (!evidenceStands(artifact, now))
    throw new VerificationError("suite-lapsed", "the evidence has expired: a revision of it never verifies");
  if (!lineageStands(artifact))
    throw new VerificationError("lineage-unchecked", "the lineage is not checked, and must be");
  if (options.supersede && options.status === undefined)
    throw new RangeError("`supersede` is for a revision with status entries of its own");
}

function warningsOf(
  { core, trust }: VerifiedArtifact,
  superseded: readonly StatusEntry[],
  signer: Signer,
  approved: boolean,
): readonly AmendWarning[] {
  const warnings: AmendWarning[] = [];
  if (superseded.length === 0)
    warnings.push({
      code: "copies-unaware",
      message: `no status entry of revision ${core.revision} ends with it: who holds a copy doesn't notice`,
    });
  const isTimed = trust.signers.some(
    ({ authority, suite, trustedTime }) => authority === signer.authority && suite === signer.suite && trustedTime,
  );
  if (approved && !isTimed)
    warnings.push({
      code: "cover-before",
      message:
        "the signer is not trusted for time: cover the revision before its approvals end, or it expires with them",
    });
  return warnings;
}

/**
 * Makes the next revision of an artifact: same content, keys moved to the new policies' context. Nothing is published here; where the old
 * revision has a status of its own, it is superseded first. Throws PolicyError `approval-…`, `lowering-refused`, `empty-meet`,
 * VerificationError `custody-rule`, `parent-digest`, `suite-lapsed`, `lineage-unchecked`, CustodyError. Spec: AMD-1 to AMD-5, LIN-8, LIN-9, APR-7.
 */
export async function amend(artifact: VerifiedArtifact, options: AmendOptions): Promise<Amended> {
  assertVerified(artifact);
  rejectUnknownOptions(options, optionNames);
  const { core, trust } = artifact;
  const { evaluator, signer } = options;
  const now = Math.max(secondsNow(options.clock), artifact.evidence.anchors.at(-1)!.time);
  assertMayBegin(artifact, options, now);
  const isFirstIssuer = actsAsFirstIssuer(artifact, signer);
  assertMayChange(artifact, isFirstIssuer, options);
  const { layers, policies } = amendedLayers(artifact, options.add ?? [], options.lower?.remove ?? []);
  if (policies.every(({ document }) => document["kind"] !== "grant"))
    throw new PolicyError("empty-meet", "no policy grants anything: an artifact has at least one grant");
  checkLayers(policies, layers, evaluator, options.allowEmpty ?? false);
  const lowering = prepareLowering(
    {
      before: artifact.layers.map(toReferred),
      layers,
      sources: [artifact.name],
      operation: "amend",
      policies: [...artifact.policies, ...policies],
    },
    options.lower,
    { trust, evaluator, now },
  );
  const { status, superseded } = statusOf(artifact, isFirstIssuer, options.status);
  const next = {
    ...core,
    revision: core.revision + 1,
    issuedAt: now,
    issuer: signer.authority,
    content: { ...core.content, ...(options.mediaType === undefined ? {} : { mediaType: options.mediaType }) },
    custodyRule: options.custodyRule ?? core.custodyRule,
    lineage: {
      operation: "amend" as const,
      receipts: options.receipts ?? [],
      actor: options.actor ?? signer.authority,
      ...(lowering.names.length === 0 ? {} : { approvals: lowering.names }),
      ...(options.tool === undefined ? {} : { tool: options.tool }),
    },
    status,
    supersedes: sourceOf(artifact, "superseded"),
  };
  const { keys, calls } = await amendedKeys(artifact, {
    core: next,
    layers,
    policies,
    recipients: options.recipients,
    custodies: [options.custody].flat() as readonly Custody[],
    required: options.requiredContext,
    dropContext: options.dropContext ?? false,
    now,
  });
  const { artifact: bytes, name } = await anchorFirst(
    {
      core: next,
      layers,
      parents: [],
      keys,
      policies,
      attachments: [...carriedAttachments([artifact]), ...lowering.attachments],
      leaves: artifact.attachments.leaves,
      now,
    },
    signer,
  );
  await lowering.spend();
  if (superseded.length > 0) await options.supersede?.(superseded);
  return {
    artifact: bytes,
    name,
    revision: next.revision,
    superseded,
    warnings: warningsOf(artifact, superseded, signer, lowering.names.length > 0),
    calls,
  };
}
