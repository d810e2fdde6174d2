// Revisions that lower layers by approvals, revisions by the first issuer, adopted bytes.
import type { Layer } from "../../packages/core/src/artifact.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { policy } from "./draft.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import { issuer, officer } from "./material.ts";
import type { Case } from "./vector.ts";
import {
  nameOfChain,
  before,
  approved,
  both,
  attach,
  lowered,
  childBy,
  status,
  lineageOf,
  byApprovers,
} from "./amendment-scene.ts";
import { refusedApprovals } from "./refused-approvals.ts";
import { refusedRevisions } from "./refused-revisions.ts";

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

/** Negative cases. */
export async function refusedAmendments(): Promise<Case[]> {
  return [...(await refusedApprovals()), ...(await refusedRevisions())];
}
