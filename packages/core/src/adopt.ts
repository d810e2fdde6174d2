// adopt: foreign ciphertext, or bytes inside a perimeter, governed as they are. Nothing is encrypted and no key is wrapped.
import { randomBytes } from "#crypto";
import type { CustodyRule, StatusEntry } from "./artifact.ts";
import { secondsNow } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { hashContent } from "./content.ts";
import type { ContentSource } from "./content-source.ts";
import { PolicyError } from "./errors.ts";
import type { Evaluator } from "./evaluator.ts";
import { anchorFirst } from "./first-anchor.ts";
import type { Issued } from "./issue.ts";
import { rejectUnknownOptions } from "./options.ts";
import { parsePolicy } from "./policy.ts";
import { checkLayers, releaseAttachments, toLayers } from "./seal.ts";
import type { SealPolicy } from "./seal.ts";
import type { Signer } from "./signer.ts";
import type { HashAlg } from "./suites.ts";

/** Options of `adopt`. */
export interface AdoptOptions {
  /** The bytes as they are stored; read once, in constant memory, and never written. */
  readonly content: ContentSource;
  readonly policies: readonly SealPolicy[];
  /** Policies that those name for release; carried along so that a deriver has them. */
  readonly releasePolicies?: readonly Uint8Array[];
  /** Of an authority that consumers trust with role issue; its authority becomes the issuer. */
  readonly signer: Signer;
  readonly evaluator: Evaluator;
  /** Under which key the bytes are encrypted, in the words of whoever decrypts them. Never read here. */
  readonly externalKey?: string;
  readonly mediaType?: string;
  readonly custodyRule?: CustodyRule;
  readonly status?: readonly StatusEntry[];
  /** Who acts, for the lineage; default: the issuer. */
  readonly actor?: string;
  readonly tool?: string;
  /** Hash of the content tree: -16 SHA-256 (default) or -43 SHA-384. */
  readonly contentHash?: HashAlg;
  readonly clock?: Clock;
}

const optionNames = [
  "content",
  "policies",
  "releasePolicies",
  "signer",
  "evaluator",
  "externalKey",
  "mediaType",
  "custodyRule",
  "status",
  "actor",
  "tool",
  "contentHash",
  "clock",
];

/**
 * Governs bytes as they are: returns the portable artifact over them, with no recipient. Whoever opens it hands the verified bytes to
 * the decryptor they are for. Throws PolicyError, FormatError. Spec: ADO-1, ADO-2, CON-8, SEA-2, SEA-4.
 */
export async function adopt(options: AdoptOptions): Promise<Issued> {
  rejectUnknownOptions(options, optionNames);
  const { signer, evaluator, externalKey, mediaType, tool } = options;
  const policies = options.policies.map(({ message }) => parsePolicy(message));
  const layers = toLayers(
    policies,
    options.policies.map(({ parameters }) => parameters),
  );
  if (policies.every(({ document }) => document["kind"] !== "grant"))
    throw new PolicyError("empty-meet", "no policy grants anything: an artifact has at least one grant");
  checkLayers(policies, layers, evaluator, false);
  const attachments = releaseAttachments(policies, options.releasePolicies ?? []);
  const { sizeBytes, root, leaves } = await hashContent(options.content, {
    format: "opaque",
    hashAlg: options.contentHash ?? -16,
  });
  const artifactId = randomBytes(16);
  const now = secondsNow(options.clock);
  const content = {
    format: "opaque" as const,
    sizeBytes,
    root,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(externalKey === undefined ? {} : { externalKey }),
  };
  const signed = await anchorFirst(
    {
      core: {
        artifactId,
        revision: 0,
        issuedAt: now,
        issuer: signer.authority,
        firstIssuer: signer.authority,
        content,
        custodyRule: options.custodyRule ?? {},
        lineage: {
          operation: "adopt",
          receipts: [],
          actor: options.actor ?? signer.authority,
          ...(tool === undefined ? {} : { tool }),
        },
        status: options.status ?? [],
      },
      layers,
      parents: [],
      keys: { recipients: [], exposures: [] },
      policies,
      attachments,
      leaves,
      now,
    },
    signer,
  );
  return { ...signed, artifactId, content, calls: [] };
}
