// What dates what: marked keys, anchors that don't count, seals that don't; keys under several hashes; where leaf lists end.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import { rootOfLeaves } from "../../packages/core/src/merkle.ts";
import { digestText } from "../../packages/core/src/shape.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import { approved, bob, both, byApprovers, lowered, nameOfChain, before } from "./amendment-scene.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import type { Header } from "./cose.ts";
import { keysBytesOf, policy, usualKey, wrapTo } from "./draft.ts";
import { childOf, derivedAt } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import {
  archive,
  bureau,
  bytesOf,
  coveredAgainAt,
  defaultNow,
  issuer,
  issuerEd25519,
  issuerHybrid,
  notary,
  officerP384,
  owner,
  seconds,
} from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

/** A child of a hybrid parent, sealed by an issuer that some trust policies trust for time; its policy is of no suite that lapses. */
async function childOfHybrid(): Promise<{ readonly child: Chain; readonly parent: Chain }> {
  const policies = [await policy("wildlife", { signer: bureau })];
  const parent = await sealed({ policies }, { signer: issuerHybrid });
  const child = await childOf([parent], { policies, seal: { signer: issuerEd25519, time: derivedAt } });
  return { child, parent };
}

/** Adopted bytes of two segments, the second one shorter than the header of floe content. */
async function twoSegments(): Promise<Chain> {
  const sizeBytes = 2 ** 20 + 10;
  const leaves = bytesOf("leaves of two segments", 64);
  return sealed({
    core: {
      content: { format: "opaque", sizeBytes, root: digestText(-16, rootOfLeaves(-16, leaves)) },
      lineage: { operation: "adopt", parents: [], receipts: [], actor: issuer.authority },
    },
    wraps: [],
    attachments: [encodeAttachment("leaves", leaves)],
  });
}

/** Adopted content of no bytes. */
async function noBytes(attachments: readonly Uint8Array[]): Promise<Chain> {
  const { sizeBytes, root } = await hashContent(new Uint8Array(), { format: "opaque" });
  return sealed({
    core: {
      content: { format: "opaque", sizeBytes, root },
      lineage: { operation: "adopt", parents: [], receipts: [], actor: issuer.authority },
    },
    wraps: [],
    attachments,
  });
}

/** A revision whose approvals end so many seconds after the verifier's clock. */
async function approvedUntil(after: number, options: ChildOptions = {}): Promise<Chain> {
  const end = { statement: (map: Header): void => void map.set(8, seconds(defaultNow) + after) };
  return lowered(await both(end), options);
}

/** A revision of which one approval is under P-384. */
async function approvedByP384(): Promise<Chain> {
  return lowered([await approved({ signer: officerP384 }), await approved({ signer: owner, approver: bob })]);
}

/** Artifacts that verify. */
export async function acceptedDatings(): Promise<Case[]> {
  const { child, parent } = await childOfHybrid();
  const hybridCover = await anchor(await sealed(), { signer: archive });
  const leaves = await twoSegments();
  const lastSecond = await approvedUntil(1);
  const lastSigned = await approvedByP384();
  const revises = { sources: [nameOfChain(before)] };
  return [
    {
      id: "limit-approval-expires",
      title: "approvals in the last second before they end, judged at now",
      spec: ["APR-8"],
      ...byApprovers,
      artifact: joined(lastSecond),
      chain: lastSecond,
      expect: revises,
    },
    {
      id: "limit-approval-sign-until",
      title: "a seal in the last second before signUntil of an approval's suite",
      spec: ["APR-8", "SUI-5"],
      trust: "approvers-p384-signed-until-after-the-revision",
      artifact: joined(lastSigned),
      chain: lastSigned,
      expect: revises,
    },
    {
      id: "sources-judged-at-a-timed-seal",
      title: "a parent whose suite has lapsed since, judged at the time of a seal that is trusted for time",
      spec: ["LIN-2", "TRU-9"],
      trust: "issuer-timed-hybrid-lapsed",
      artifact: joined(child),
      chain: child,
      expect: { sources: [nameOf(parent.draft.coreBytes)] },
    },
    {
      id: "marked-hybrid-cover",
      title: "a hybrid cover whose key is marked lifts no era",
      spec: ["ING-6", "TRU-8"],
      trust: "archive-marked",
      artifact: joined(hybridCover),
      chain: hybridCover,
      expect: { counts: [true, false] },
    },
    {
      id: "leaf-list-of-short-last-segment",
      title: "the attached leaf list of two opaque segments, the second of 10 bytes",
      spec: ["ATT-3", "CON-8", "ADO-1"],
      artifact: joined(leaves),
      chain: leaves,
      expect: { wrapEra: null },
    },
  ];
}

async function markedCases(): Promise<Case[]> {
  const seal = await sealed();
  const covered = await anchor(seal);
  const twice = await anchor(covered, { signer: archive, time: coveredAgainAt });
  const byItself = await anchor(seal, { signer: issuerEd25519 });
  return [
    refused(
      "marked-issuer-covered-by-lapsed",
      "signer-compromised",
      ["TRU-8", "TRU-9"],
      "a cover before the mark, of a suite that has lapsed: it doesn't count",
      joined(covered),
      { trust: "issuer-marked-ed25519-lapsed" },
    ),
    refused(
      "marked-issuer-covered-by-same-authority",
      "signer-compromised",
      ["TRU-8"],
      "a cover before the mark, by an unmarked key of the marked one's own authority, trusted for time",
      joined(byItself),
      { trust: "issuer-marked-and-timed" },
    ),
    refused(
      "marked-issuer-covered-by-marked-that-counts",
      "signer-compromised",
      ["TRU-8"],
      "a cover before the mark, by a key that is marked too, though a later cover lets it count",
      joined(twice),
      { trust: "issuer-and-notary-marked-in-turn" },
    ),
    refused(
      "required-by-marked-cover",
      "suite-required",
      ["TRU-10", "TRU-8"],
      "two authorities are required, and the key of the second is marked",
      joined(covered),
      { trust: "two-authorities-required-notary-marked" },
    ),
  ];
}

async function keysCases(): Promise<Case[]> {
  const seal = await sealed();
  const abroad = usualKey.replace("1234abcd", "0987dcba");
  const keysBytes = keysBytesOf({ wraps: [wrapTo("a", abroad)] });
  const rewrapped = await anchor(seal, { kind: "rewrap", keysBytes, signer: notary });
  const back = await anchor({ ...rewrapped, keysBytes: seal.keysBytes }, { signer: archive, time: coveredAgainAt });
  return [
    refused(
      "anchor-keys-changed-and-covered-under-other-hash",
      "anchor-keys",
      ["ANC-7"],
      "other recipients, covered but not rewrapped, by an anchor whose hash isn't the seal's",
      joined(await anchor(seal, { signer: archive, keysBytes })),
      { trust: "hybrid" },
    ),
    refused(
      "anchor-keys-put-back-under-other-hash",
      "anchor-keys",
      ["ANC-7"],
      "the recipients before a rewrap put back by a cover whose hash isn't the rewrap's",
      joined(back),
      { trust: "hybrid" },
    ),
  ];
}

/** Artifacts that don't. */
export async function refusedDatings(): Promise<Case[]> {
  const { child } = await childOfHybrid();
  const listed = await noBytes([encodeAttachment("leaves", new Uint8Array())]);
  const seal = await sealed({}, { statement: (statement) => void statement.set(1, 0) });
  return [
    ...(await markedCases()),
    ...(await keysCases()),
    refused(
      "sources-judged-at-a-lapsed-seal",
      "suite-lapsed",
      ["LIN-2", "TRU-9"],
      "a parent whose suite has lapsed; the child's seal is trusted for time, and doesn't count itself",
      joined(child),
      { trust: "issuer-timed-hybrid-and-ed25519-lapsed" },
    ),
    refused(
      "attachment-leaf-list-of-no-segment",
      "attachment-unnamed",
      ["ATT-3"],
      "an empty leaf list for content of no bytes, which has no leaf",
      joined(listed),
    ),
    refused(
      "limit-approval-expires-reached",
      "approval-expired",
      ["APR-8"],
      "approvals that end in the second of the verifier's clock",
      joined(await approvedUntil(0)),
      byApprovers,
    ),
    refused(
      "approvals-suite-lapsed-alone",
      "suite-lapsed",
      ["APR-8", "SUI-5"],
      "an approval whose suite has lapsed since, and nothing dates the seal before that",
      joined(await approvedByP384()),
      { trust: "approvers-p384-lapsed" },
    ),
    refused(
      "approvals-end-before-a-seal-ahead-of-now",
      "approval-expired",
      ["APR-8"],
      "approvals that end after now, and before the time of a seal that lies ahead of it",
      joined(await approvedUntil(100, { seal: { time: seconds(defaultNow) + 200 } })),
      byApprovers,
    ),
    refused(
      "limit-approval-sign-until-reached",
      "suite-lapsed",
      ["APR-8", "SUI-5"],
      "a seal at signUntil of an approval's suite",
      joined(await approvedByP384()),
      { trust: "approvers-p384-signed-until-the-revision" },
    ),
    refused("anchor-version-0", "structure", ["ANC-1"], "a statement of version 0", joined(seal)),
    refused(
      "anchor-reason-513",
      "structure",
      ["ANC-1", "ART-3"],
      "a reason of 513 characters",
      joined(await anchor(await sealed(), { statement: (statement) => void statement.set(13, "r".repeat(513)) })),
    ),
  ];
}
