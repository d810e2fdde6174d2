// What cases of amendments share: policies that are lowered, approvals of it, revisions and children that cite them.
import { layersDigest } from "../../packages/core/src/approval-check.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { Core, Layer } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash } from "../../packages/core/src/suites.ts";
import { sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { coseSign } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { policy } from "./draft.ts";
import type { PolicyFixture } from "./draft.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { bytesOf, lab, officer, owner } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";

export const day = 86_400;
export const ada = "urn:example:person:ada";
export const bob = "urn:example:person:bob";
export const nameOfChain = ({ draft: { coreBytes } }: Chain): Digest => nameOf(coreBytes);
export const named = (digest: Digest): Loose => [nameHash, digestBytes(digest)];

export const strict = await policy("strict", {
  document: {
    declassify: { threshold: 2, approvers: [officer.authority, owner.authority], atMost: { notOperations: ["train"] } },
  },
});
export const lax = await policy("lax", { document: { limits: { notOperations: ["train"] } } });
export const before = await sealed({ policies: [strict] });
const laxLayers: readonly Layer[] = [{ policy: lax.name }];

/** What a case changes about an approval. */
export interface ApprovalOptions {
  readonly signer?: Signer;
  readonly approver?: string;
  readonly sources?: readonly Digest[];
  readonly operation?: string;
  readonly layers?: readonly Layer[];
  readonly issuedAt?: number;
  readonly seconds?: number;
  readonly statement?: (statement: Header) => void;
  readonly cose?: CoseEdits;
}

/** A message by the officer, an hour before the revision and for 27 days. */
export async function approved({
  signer = officer,
  approver = ada,
  sources = [nameOfChain(before)],
  operation = "amend",
  layers = laxLayers,
  issuedAt = derivedAt - 3600,
  seconds = 27 * day + 12 * 3600,
  statement,
  cose,
}: ApprovalOptions = {}): Promise<Uint8Array> {
  const map: Header = new Map<number | string, Loose>([
    [1, 1],
    [2, sources.map(named)],
    [3, operation],
    [4, named(layersDigest(layers))],
    [6, approver],
    [7, issuedAt],
    [8, issuedAt + seconds],
    [9, bytesOf(`${signer.authority} ${approver} nonce`, 16)],
  ]);
  statement?.(map);
  return encodeRaw(await coseSign("approval", encodeRaw(map), signer, true, cose));
}

export const both = async (options: ApprovalOptions = {}): Promise<Uint8Array[]> => [
  await approved(options),
  await approved({ signer: owner, approver: bob, ...options }),
];

export function lineageOf(
  approvals: readonly Uint8Array[],
  operation: "amend" | "declassify" | "transform",
): Pick<Core["lineage"], "operation" | "receipts" | "actor" | "approvals"> {
  return { operation, receipts: [], actor: lab.authority, approvals: approvals.map(nameOf) };
}

export const attach = (approvals: readonly Uint8Array[]): Uint8Array[] =>
  approvals.map((message) => encodeAttachment("approval", message));

/** A revision of `before` under the laxer policy. */
export function lowered(
  approvals: readonly Uint8Array[],
  options: ChildOptions = {},
  of: Chain = before,
  policies: readonly PolicyFixture[] = [lax],
): Promise<Chain> {
  return revisionOf(of, {
    policies,
    attachments: attach(approvals),
    ...options,
    core: { lineage: { ...lineageOf(approvals, "amend"), parents: [] }, ...options.core },
  });
}

/** A child of `before` by an operation, its parent's reference as the usual ones stand. */
export async function childBy(operation: "declassify" | "transform", approvals: readonly Uint8Array[]): Promise<Chain> {
  const usual = await childOf([before], { operation });
  const { parents } = usual.draft.core.lineage;
  return childOf([before], {
    policies: [lax],
    attachments: attach(approvals),
    core: { lineage: { ...lineageOf(approvals, operation), parents } },
  });
}

export const byApprovers = { trust: "approvers" };
export const status = [{ uri: "https://status.example/1", index: 4 }];
