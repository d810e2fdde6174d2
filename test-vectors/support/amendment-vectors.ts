// Revisions that lower layers by approvals, revisions by the first issuer, adopted bytes.
import { layersDigest } from "../../packages/core/src/approval.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { Core, Layer } from "../../packages/core/src/artifact.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import { nameHash } from "../../packages/core/src/suites.ts";
import { anchor, joined, sealed, sourceOf } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { coseSign, flipped } from "./cose.ts";
import type { CoseEdits, Header } from "./cose.ts";
import { policy } from "./draft.ts";
import type { PolicyFixture } from "./draft.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { bytesOf, intern, issuer, lab, office, officer, owner, stranger } from "./material.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const day = 86_400;
const ada = "urn:example:person:ada";
const bob = "urn:example:person:bob";
const nameOfChain = ({ draft: { coreBytes } }: Chain): Digest => nameOf(coreBytes);
const named = (digest: Digest): Loose => [nameHash, digestBytes(digest)];

const strict = await policy("strict", {
  document: {
    declassify: { threshold: 2, approvers: [officer.authority, owner.authority], atMost: { notOperations: ["train"] } },
  },
});
const lax = await policy("lax", { document: { limits: { notOperations: ["train"] } } });
const before = await sealed({ policies: [strict] });
const laxLayers: readonly Layer[] = [{ policy: lax.name }];

/** What a case changes about an approval. */
interface ApprovalOptions {
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
async function approved({
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

const both = async (options: ApprovalOptions = {}): Promise<Uint8Array[]> => [
  await approved(options),
  await approved({ signer: owner, approver: bob, ...options }),
];

function lineageOf(
  approvals: readonly Uint8Array[],
  operation: "amend" | "declassify" | "transform",
): Pick<Core["lineage"], "operation" | "receipts" | "actor" | "approvals"> {
  return { operation, receipts: [], actor: lab.authority, approvals: approvals.map(nameOf) };
}

const attach = (approvals: readonly Uint8Array[]): Uint8Array[] =>
  approvals.map((message) => encodeAttachment("approval", message));

/** A revision of `before` under the laxer policy. */
function lowered(
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
async function childBy(operation: "declassify" | "transform", approvals: readonly Uint8Array[]): Promise<Chain> {
  const usual = await childOf([before], { operation });
  const { parents } = usual.draft.core.lineage;
  return childOf([before], {
    policies: [lax],
    attachments: attach(approvals),
    core: { lineage: { ...lineageOf(approvals, operation), parents } },
  });
}

const byApprovers = { trust: "approvers" };
const status = [{ uri: "https://status.example/1", index: 4 }];

/** Positive cases. */
export async function acceptedAmendments(): Promise<Case[]> {
  const two = await both();
  const revision = await lowered(two);
  const again = await revisionOf(revision, { seal: { time: derivedAt + 3600 } });
  const grandchild = await childOf([revision], { label: "d", seal: { time: derivedAt + 3600 } });
  const declassified = await both({ operation: "declassify" });
  const child = await childBy("declassify", declassified);
  const covered = await anchor(revision, { time: derivedAt + 3600 });
  const one = await policy("one", {
    document: {
      parameters: { tenant: "string" },
      declassify: { threshold: 1, approvers: [officer.authority], atMost: { notOperations: ["train"] } },
    },
  });
  const tenant = (value: string): readonly Layer[] => [{ policy: one.name, parameters: new Map([["tenant", value]]) }];
  const leased = await sealed({ policies: [one], core: { layers: tenant("blue") } });
  const green = [await approved({ sources: [nameOfChain(leased)], layers: tenant("green") })];
  const moved = await lowered(
    green,
    { core: { layers: tenant("green"), lineage: { ...lineageOf(green, "amend"), parents: [] } } },
    leased,
    [one],
  );
  const listed = await sealed({ core: { status } });
  const own = {
    issuer: issuer.authority,
    lineage: { operation: "amend" as const, parents: [], receipts: [], actor: issuer.authority },
  };
  const freed = await revisionOf(listed, { core: { ...own, custodyRule: {}, status: [] }, seal: { signer: issuer } });
  const parent = await sealed({ core: { status } });
  const derived = await childOf([parent], {
    core: { status: [...status, { uri: "https://status.example/2", index: 1 }] },
  });
  const renewed = await revisionOf(derived, {
    core: { status: [...status, { uri: "https://status.example/2", index: 2 }] },
    seal: { time: derivedAt + 3600 },
  });
  const stored = Buffer.from("ciphertext of another library");
  const hashed = await hashContent(stored, { format: "opaque" });
  const adopted = await sealed({
    core: {
      content: {
        format: "opaque",
        sizeBytes: hashed.sizeBytes,
        root: hashed.root,
        mediaType: "application/octet-stream",
        externalKey: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      },
      lineage: { operation: "adopt", parents: [], receipts: [], actor: issuer.authority },
    },
    wraps: [],
  });
  const case_ = (
    id: string,
    spec: readonly string[],
    title: string,
    chain: Chain,
    sources: readonly Chain[],
    more: Partial<Case> = {},
  ): Case => ({
    id,
    title,
    spec,
    artifact: joined(chain),
    chain,
    ...byApprovers,
    expect: { sources: sources.map(nameOfChain) },
    ...more,
  });
  return [
    case_(
      "approvals-revision",
      ["APR-3", "APR-4", "APR-7", "LIN-3"],
      "a layer replaced, two of two approve",
      revision,
      [before],
    ),
    case_("approvals-from-store", ["APR-7", "ATT-4"], "the approvals come from a store", revision, [before], {
      artifact: joined(revision, {
        attachments: (all) => all.filter((bytes) => !attach(two).some((one) => Buffer.from(one).equals(bytes))),
      }),
      store: two,
    }),
    case_("approvals-then-revised", ["APR-7", "LIN-8"], "a further revision keeps what was lowered", again, [
      revision,
      before,
    ]),
    case_("approvals-then-derived", ["APR-7", "LIN-2"], "a child of what was lowered", grandchild, [revision, before]),
    case_("approvals-child", ["APR-7", "LIN-3"], "a child by `declassify` under a laxer policy", child, [before]),
    case_(
      "approvals-covered",
      ["APR-8", "TRU-9"],
      "approvals that ended since: a cover dates the seal before that",
      covered,
      [before],
      { now: "2026-06-01T12:00:00Z", expect: { sources: [nameOfChain(before)], judgedAt: derivedAt + 3600 } },
    ),
    case_("approvals-parameter", ["APR-7", "LIN-3"], "a layer's parameter replaced, one of one approves", moved, [
      leased,
    ]),
    case_(
      "revision-by-first-issuer",
      ["LIN-9", "RCP-10"],
      "the first issuer drops his status entry and widens his custody rule",
      freed,
      [listed],
    ),
    case_(
      "revision-by-deriving-first-issuer",
      ["LIN-9", "LIN-5"],
      "a deriver exchanges a status entry of his own and keeps his parent's",
      renewed,
      [derived, parent],
    ),
    case_("adopted", ["ADO-1", "ADO-2", "ADO-3", "ART-11"], "foreign ciphertext with its key reference", adopted, [], {
      content: stored,
      expect: { wrapEra: null },
    }),
  ];
}

async function approvalCases(): Promise<Case[]> {
  const of = async (approvals: readonly Uint8Array[], options: ChildOptions = {}): Promise<Uint8Array> =>
    joined(await lowered(approvals, options));
  const with_ = async (options: ApprovalOptions): Promise<Uint8Array> => of(await both(options));
  const second = (options: ApprovalOptions): Promise<Uint8Array> =>
    approved({ signer: owner, approver: bob, ...options });
  const other = await sealed({ label: "c", policies: [strict] });
  const nobody = await sealed();
  const case_ = (
    id: string,
    code: Extract<Case["expect"], string>,
    spec: string,
    title: string,
    artifact: Uint8Array,
    more: Partial<Case> = {},
  ): Case => refused(`approvals-${id}`, code, spec.split(" "), title, artifact, { ...byApprovers, ...more });
  const waiver = (map: Header): void => {
    map.delete(4);
    map.set(
      5,
      new Map<number | string, Loose>([
        [1, named(strict.name)],
        [2, "briefing"],
      ]),
    );
  };
  const unsaid = encodeCbor(["no approval"]);
  const transform = await both({ operation: "transform" });
  return [
    case_(
      "none",
      "layer-dropped",
      "LIN-3 APR-7",
      "a layer replaced without approvals",
      joined(await revisionOf(before, { policies: [lax] })),
    ),
    case_(
      "one-of-two",
      "approval-missing",
      "APR-3 APR-7",
      "one approves where two are asked for",
      await of([await approved()]),
    ),
    case_(
      "one-person",
      "approval-missing",
      "APR-3 APR-7",
      "two keys, one person",
      await of([await approved(), await second({ approver: ada })]),
    ),
    case_(
      "one-key",
      "approval-missing",
      "APR-3 APR-7",
      "two persons, one key",
      await of([await approved(), await approved({ approver: bob })]),
    ),
    case_(
      "by-non-approver",
      "approval-missing",
      "APR-7",
      "one of two isn't among the policy's approvers",
      await of([await approved(), await second({ signer: intern })]),
    ),
    case_(
      "nobody-may",
      "lowering-refused",
      "APR-7",
      "a policy without `declassify`",
      joined(await lowered(await both({ sources: [nameOfChain(nobody)] }), {}, nobody)),
    ),
    case_(
      "other-layers",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of other layers",
      await with_({ layers: [{ policy: strict.name }] }),
    ),
    case_(
      "more-layers",
      "approval-mismatch",
      "APR-4 APR-7",
      "a layer more than was approved",
      await of(await both(), { policies: [lax, await policy("extra")] }),
    ),
    case_(
      "other-parameters",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of the same policy with a parameter",
      await with_({ layers: [{ policy: lax.name, parameters: new Map([["tenant", "blue"]]) }] }),
    ),
    case_(
      "other-source",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals for another artifact under the same policy",
      await with_({ sources: [nameOfChain(other)] }),
    ),
    case_(
      "more-sources",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals for this artifact and another",
      await with_({ sources: [nameOfChain(before), nameOfChain(other)].sort() }),
    ),
    case_(
      "other-operation",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of a declassified child for a revision",
      await with_({ operation: "declassify" }),
    ),
    case_(
      "revision-for-child",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of a revision for a declassified child",
      joined(await childBy("declassify", await both())),
    ),
    case_(
      "waived-duty",
      "approval-mismatch",
      "APR-1 APR-7",
      "approvals that waive a duty",
      await with_({ statement: waiver }),
    ),
    case_(
      "by-transform",
      "structure",
      "APR-7",
      "approvals under an operation that lowers nothing",
      joined(await childBy("transform", transform)),
    ),
    case_(
      "at-seal",
      "structure",
      "APR-7",
      "approvals that an original names",
      joined(
        await sealed({
          core: {
            lineage: {
              operation: "seal",
              parents: [],
              receipts: [],
              actor: issuer.authority,
              approvals: transform.map(nameOf),
            },
          },
          attachments: attach(transform),
        }),
      ),
    ),
    case_(
      "not-at-hand",
      "attachment-missing",
      "APR-7",
      "an approval that is neither attached nor in a store",
      await of(await both(), { attachments: [] }),
    ),
    case_(
      "ended-at-seal",
      "approval-expired",
      "APR-8",
      "approvals that had ended when they were used",
      await with_({ seconds: 1800 }),
    ),
    case_(
      "ended-since",
      "approval-expired",
      "APR-8",
      "approvals that ended since, and nothing dates the seal",
      joined(await lowered(await both())),
      { now: "2026-06-01T12:00:00Z" },
    ),
    case_(
      "covered-too-late",
      "approval-expired",
      "APR-8 TRU-9",
      "a cover that came after the approvals' end",
      joined(await anchor(await lowered(await both({ seconds: 7200 })), { time: derivedAt + 86_400 })),
    ),
    case_(
      "of-later",
      "approval-expired",
      "APR-8",
      "approvals issued an hour after the seal",
      await with_({ issuedAt: derivedAt + 3600 }),
    ),
    case_("too-long", "approval-expired", "APR-2 APR-8", "approvals for 31 days", await with_({ seconds: 31 * day })),
    case_(
      "signature",
      "signature-invalid",
      "APR-2",
      "a signature that was changed",
      await of([await approved(), await second({ cose: { signature: (bytes) => flipped(bytes) } })]),
    ),
    case_(
      "by-policy-role",
      "signer-role",
      "APR-2",
      "signed by a policy authority",
      await of([await approved(), await second({ signer: office })]),
    ),
    case_(
      "by-stranger",
      "signer-unknown",
      "APR-2",
      "signed by a key that the trust policy doesn't have",
      await of([await approved(), await second({ signer: stranger })]),
    ),
    case_(
      "by-first-issuer",
      "signer-role",
      "APR-2 LIN-9",
      "the first issuer approves himself",
      await of([await approved(), await second({ signer: issuer })]),
    ),
    case_("signer-dates", "signer-dates", "APR-2 APR-8", "issued after the signer's end", await of(await both()), {
      trust: "approvers-dated",
    }),
    case_(
      "signer-marked",
      "signer-compromised",
      "APR-8 TRU-8",
      "a marked key, and nothing dates the seal before that",
      await of(await both()),
      { trust: "approvers-marked" },
    ),
    case_(
      "suite-lapsed",
      "suite-lapsed",
      "APR-8",
      "a suite that has lapsed, and nothing dates the seal before that",
      joined(await lowered(await both())),
      { trust: "approvers-lapsed" },
    ),
    case_(
      "both-forms",
      "structure",
      "APR-1",
      "an approval of layers and of a duty",
      await with_({
        statement: (map) => {
          const layers = map.get(4)!;
          waiver(map);
          map.set(4, layers);
        },
      }),
    ),
    case_(
      "neither-form",
      "structure",
      "APR-1",
      "an approval of nothing",
      await with_({ statement: (map) => void map.delete(4) }),
    ),
    case_("no-cose", "cose-structure", "APR-1 COS-1", "something else in place of an approval", await of([unsaid])),
    case_(
      "in-a-source",
      "approval-mismatch",
      "APR-7 LIN-2",
      "a child of a revision whose approvals are for something else",
      joined(
        await childOf([await lowered(await both({ sources: [nameOfChain(other)] }))], {
          label: "d",
          seal: { time: derivedAt + 3600 },
        }),
      ),
    ),
  ];
}

async function revisionCases(): Promise<Case[]> {
  const listed = await sealed({ core: { status } });
  const parent = await sealed({ core: { status } });
  const child = await childOf([parent], { core: { status } });
  const later = { seal: { time: derivedAt + 3600 } };
  const second = await revisionOf(child, { core: { status }, ...later });
  const last = { seal: { time: derivedAt + 7200 } };
  const stored = Buffer.from("ciphertext");
  const { root, sizeBytes } = await hashContent(stored, { format: "opaque" });
  const opaque = { format: "opaque" as const, sizeBytes, root };
  const adopting = { operation: "adopt" as const, parents: [], receipts: [], actor: issuer.authority };
  const adopted = await sealed({ core: { content: opaque, lineage: adopting }, wraps: [] });
  return [
    refused(
      "revision-with-parents",
      "structure",
      ["ART-7"],
      "a revision that takes in a parent",
      joined(
        await revisionOf(listed, {
          core: {
            status,
            lineage: {
              operation: "amend",
              parents: [sourceOf(parent)],
              receipts: [],
              actor: lab.authority,
            },
          },
        }),
      ),
    ),
    refused(
      "revision-status-dropped-by-other",
      "parent-status",
      ["LIN-5", "AMD-2"],
      "a revision by a deriver without the first issuer's status entry",
      joined(await revisionOf(listed, { core: { status: [] } })),
    ),
    refused(
      "revision-parent-status-dropped",
      "parent-status",
      ["LIN-9"],
      "a deriver who is first issuer drops his parent's status entry",
      joined(await revisionOf(child, { core: { status: [] }, ...later })),
    ),
    refused(
      "revision-parent-status-dropped-later",
      "parent-status",
      ["LIN-9"],
      "the same, two revisions on",
      joined(await revisionOf(second, { core: { status: [] }, ...last })),
    ),
    refused(
      "revision-parent-rule-widened",
      "custody-rule",
      ["LIN-9", "RCP-10"],
      "a deriver who is first issuer widens the rule beyond his parent's",
      joined(await revisionOf(child, { core: { status, custodyRule: {} }, ...later })),
    ),
    refused(
      "revision-parent-rule-widened-later",
      "custody-rule",
      ["LIN-9", "RCP-10"],
      "the same, two revisions on",
      joined(await revisionOf(second, { core: { status, custodyRule: {} }, ...last })),
    ),
    refused(
      "adopted-floe",
      "structure",
      ["ADO-1"],
      "an adoption of content that Writ encrypted",
      joined(await sealed({ core: { lineage: adopting } })),
    ),
    refused(
      "adopted-by-derive-role",
      "signer-role",
      ["ADO-2", "ANC-6"],
      "an adoption by a signer of role derive",
      joined(
        await sealed(
          {
            core: {
              content: opaque,
              lineage: { ...adopting, actor: lab.authority },
              issuer: lab.authority,
              firstIssuer: lab.authority,
            },
            wraps: [],
          },
          { signer: lab },
        ),
      ),
    ),
    refused(
      "adopted-other-content",
      "content-root",
      ["ADO-1", "ING-8"],
      "other bytes of the same length",
      joined(adopted),
      { content: Buffer.from("ciphertexT") },
    ),
    refused(
      "adopted-content-longer",
      "content-size",
      ["ADO-1", "ING-8"],
      "the adopted bytes and one more",
      joined(adopted),
      { content: Buffer.from("ciphertext!") },
    ),
  ];
}

/** Negative cases. */
export async function refusedAmendments(): Promise<Case[]> {
  return [...(await approvalCases()), ...(await revisionCases())];
}
