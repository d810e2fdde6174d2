// seal: plaintext to ciphertext and a signed artifact.
import type { CustodyRule, Layer, StatusEntry } from "./artifact.ts";
import { layerParameters } from "./artifact.ts";
import { encodeAttachment, releasePolicies } from "./attachments.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { randomBytes } from "#crypto";
import { PolicyError } from "./errors.ts";
import type { Evaluator, PolicyLayer } from "./evaluator.ts";
import { issue } from "./issue.ts";
import type { Issued, RecipientKey } from "./issue.ts";
import { rejectUnknownOptions } from "./options.ts";
import { parsePolicy, recheckTerms } from "./policy.ts";
import type { PolicyMessage } from "./policy.ts";
import type { Signer } from "./signer.ts";
import type { HashAlg } from "./suites.ts";

/** A signed policy to put in force. */
export interface SealPolicy {
  /** Bytes of the policy message. */
  readonly message: Uint8Array;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** Options of `seal`. */
export interface SealOptions {
  /** Plaintext; a stream of any size goes in constant memory. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Takes the stored content: header, then segments, each lent until it returns or resolves. */
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  readonly policies: readonly SealPolicy[];
  /** Policies that those name for release; carried along so that a deriver has them. */
  readonly releasePolicies?: readonly Uint8Array[];
  readonly recipients: readonly RecipientKey[];
  /** Of an authority that consumers trust with role issue; its authority becomes the issuer. */
  readonly signer: Signer;
  readonly evaluator: Evaluator;
  readonly mediaType?: string;
  /** Where the keys may live; default: the custodies and accounts of the recipients. */
  readonly custodyRule?: CustodyRule;
  /** Context pairs that are authenticated but not stored. */
  readonly requiredContext?: ReadonlyMap<string, string>;
  readonly status?: readonly StatusEntry[];
  /** Who acts, for the lineage; default: the issuer. */
  readonly actor?: string;
  readonly tool?: string;
  /** Hash of the content tree: -16 SHA-256 (default) or -43 SHA-384. */
  readonly contentHash?: HashAlg;
  /**
   * True: content of more than one segment is hashed on libuv's threads while it is encrypted, for large content where a core is free.
   * Default: on this thread, which costs the processor least.
   */
  readonly threads?: boolean;
  readonly clock?: Clock;
}

/** Layers of the core from policies and parameters. */
export function toLayers(policies: readonly PolicyMessage[], parameters: readonly SealPolicy["parameters"][]): Layer[] {
  return policies.map(({ digest }, index) => {
    const values = Object.entries(parameters[index] ?? {});
    return { policy: digest, ...(values.length === 0 ? {} : { parameters: new Map(values) }) };
  });
}

/** Documents read as they were signed, parameters fit, and something is still permitted. Throws PolicyError. Spec: SEA-2. */
export function checkLayers(
  policies: readonly PolicyMessage[],
  layers: readonly Layer[],
  evaluator: Evaluator,
  allowEmpty: boolean,
): void {
  for (const policy of policies) recheckTerms(policy, evaluator);
  const byDigest = new Map(policies.map((policy) => [policy.digest, policy]));
  const policyLayers = layers.map((layer): PolicyLayer => ({
    policy: layer.policy,
    document: byDigest.get(layer.policy)!.document,
    parameters: layerParameters(layer),
    via: layer.via ?? [],
  }));
  const empty = evaluator.emptyMeet(policyLayers);
  if (empty && !allowEmpty)
    throw new PolicyError("empty-meet", `nothing is permitted under these layers: ${empty.code}`);
}

/** Attachments for release policies; each must be named by a policy in force. Throws `policy-reference`. */
export function releaseAttachments(policies: readonly PolicyMessage[], messages: readonly Uint8Array[]): Uint8Array[] {
  const parsed = messages.map(parsePolicy);
  const named = new Set([...policies, ...parsed].flatMap(({ document }) => releasePolicies(document)));
  const present = new Set(policies.map(({ digest }) => digest));
  return parsed.flatMap(({ digest, id, bytes }) => {
    if (!named.has(digest)) throw new PolicyError("policy-reference", `no policy names \`${id}\` for release`);
    return present.has(digest) ? [] : [encodeAttachment("policy", bytes)];
  });
}

/**
 * Seals content under policies. Returns the portable artifact; the stored content went to `write`, which the caller discards where this rejects.
 * Throws PolicyError, CustodyError, FormatError (`context-invalid`). Spec: SEA-1 to SEA-4, CON-1.
 */
export async function seal(options: SealOptions): Promise<Issued> {
  rejectUnknownOptions(options, [
    "content",
    "write",
    "policies",
    "releasePolicies",
    "recipients",
    "signer",
    "evaluator",
    "mediaType",
    "custodyRule",
    "requiredContext",
    "status",
    "actor",
    "tool",
    "contentHash",
    "threads",
    "clock",
  ]);
  const policies = options.policies.map(({ message }) => parsePolicy(message));
  const layers = toLayers(
    policies,
    options.policies.map(({ parameters }) => parameters),
  );
  checkLayers(policies, layers, options.evaluator, false);
  return issue({
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
    attachments: releaseAttachments(policies, options.releasePolicies ?? []),
    recipients: options.recipients,
    custodyRule: options.custodyRule,
    required: options.requiredContext,
    lineage: {
      operation: "seal",
      parents: [],
      receipts: [],
      actor: options.actor ?? options.signer.authority,
      ...(options.tool === undefined ? {} : { tool: options.tool }),
    },
    status: options.status ?? [],
    now: secondsNow(options.clock),
  });
}
