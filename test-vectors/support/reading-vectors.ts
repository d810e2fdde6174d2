// Cases of which two readers of the text once thought differently.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import { approved, attach, bob, lineageOf, lax, nameOfChain } from "./amendment-scene.ts";
import { anchor, batched, chainOf, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { draft, keysBytesOf, policy, usualKey, wrapTo } from "./draft.ts";
import { revisionOf } from "./family.ts";
import { bytesOf, coveredAt, issuer, issuerP384, officer, officerP384, sealedAt } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const opaque = Buffer.from("ciphertext of another library");

/** Content of format opaque, sealed or adopted under a recipient or none. */
async function opaqueSeal(operation: "seal" | "adopt", pair: string): Promise<Chain> {
  const { sizeBytes, root } = await hashContent(opaque, { format: "opaque" });
  const chain = await sealed({
    core: {
      content: { format: "opaque", sizeBytes, root },
      lineage: { operation, parents: [], receipts: [], actor: issuer.authority },
      custodyRule: { contextPairs: new Map([[pair, "blue"]]) },
    },
    wraps: [],
  });
  return { ...chain, draft: { ...chain.draft, content: opaque } };
}

/** A revision whose approvals are by two entries of one authority, and by two persons. */
async function byOneAuthority(): Promise<{ readonly chain: Chain; readonly before: Chain }> {
  const declassify = { threshold: 2, approvers: [officer.authority], atMost: { notOperations: ["train"] } };
  const before = await sealed({ policies: [await policy("by-one-authority", { document: { declassify } })] });
  const options = { sources: [nameOfChain(before)] };
  const approvals = [await approved(options), await approved({ ...options, signer: officerP384, approver: bob })];
  const chain = await revisionOf(before, {
    policies: [lax],
    attachments: attach(approvals),
    core: { lineage: { ...lineageOf(approvals, "amend"), parents: [] } },
  });
  return { chain, before };
}

/** Positive cases. */
export async function acceptedReadings(): Promise<Case[]> {
  const plain = await opaqueSeal("seal", "tenant");
  const alone = await sealed({
    core: { lineage: { operation: "aggregate", parents: [], receipts: [], actor: issuer.authority } },
  });
  const early = await batched(chainOf(await draft()), { size: 3, index: 1, statedTime: sealedAt - 86_400 });
  const approvedTwice = await byOneAuthority();
  return [
    {
      id: "content-opaque-sealed",
      title: "opaque content under operation seal",
      spec: ["ADO-1"],
      artifact: joined(plain),
      content: opaque,
      chain: plain,
      expect: { wrapEra: null },
    },
    {
      id: "derivation-without-parents",
      title: "a derivation that names no parents is an original: its seal is by role issue",
      spec: ["ART-7", "ANC-6"],
      artifact: joined(alone),
      chain: alone,
      expect: {},
    },
    {
      id: "seal-batched-stated-earlier",
      title: "a batched seal whose statement says it is older than the core: the root's time counts",
      spec: ["ANC-9"],
      artifact: joined(early),
      chain: early,
      expect: {},
    },
    {
      id: "approvals-two-entries-of-one-authority",
      title: "approvals by two entries of one authority, and by two persons, are two",
      spec: ["APR-3", "APR-7"],
      trust: "approvers-of-one-authority",
      artifact: joined(approvedTwice.chain),
      chain: approvedTwice.chain,
      expect: { sources: [nameOfChain(approvedTwice.before)] },
    },
  ];
}

/** Negative cases. */
export async function refusedReadings(): Promise<Case[]> {
  const seal = await sealed();
  const inBatch = await batched(seal);
  const noCbor = encodeAttachment("policy", Buffer.from("no policy message"));
  const rewrapped = await anchor(seal, {
    kind: "rewrap",
    keysBytes: keysBytesOf({ wraps: [wrapTo("a", usualKey.replace("1234abcd", "4321dcba"))] }),
    statement: (statement) => void statement.set(11, "slhdsa"),
  });
  const unnamed = await anchor(seal, { signer: issuerP384, time: coveredAt });
  return [
    refused(
      "attachment-unnamed-unread",
      "attachment-unnamed",
      ["ATT-3"],
      "bytes that are no policy message, attached as one that nothing names: nobody reads them",
      joined(seal, { attachments: (all) => [...all, noCbor] }),
    ),
    refused(
      "order-roots-before-anchors",
      "attachment-missing",
      ["ING-3"],
      "a root message that isn't at hand, and a cover in place of the seal",
      joined(inBatch, { anchors: (all) => all.slice(1), attachments: (all) => all.slice(0, 1) }),
    ),
    refused(
      "later-suite-rewrapped",
      "anchor-keys",
      ["ANC-7", "ANC-10"],
      "a rewrap of an unknown suite is passed over, and the keys it brought are nobody's",
      joined(rewrapped),
      { trust: "later-suites-accepted" },
    ),
    refused(
      "later-suite-known-and-unnamed",
      "suite-lapsed",
      ["SUI-5", "ANC-10"],
      "a last anchor of a suite that is known and that the trust policy doesn't name",
      joined(unnamed),
      { trust: "later-suites-accepted-p384-unnamed" },
    ),
    refused(
      "context-name-without-recipients",
      "context-invalid",
      ["RCP-3"],
      "a pair in capitals, and no recipient whose context has it",
      joined(await opaqueSeal("adopt", "Tenant")),
    ),
    refused(
      "root-of-other-anchors",
      "attachment-unnamed",
      ["ATT-3"],
      "a root message beside the right one",
      joined(inBatch, { attachments: (all) => [...all, encodeAttachment("root", bytesOf("another root", 99))] }),
    ),
  ];
}
