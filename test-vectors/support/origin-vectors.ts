// Sources and revisions with one fault each: members that others would hide, two ways to one source, what else is attached.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { compareBytes, encodeCbor } from "../../packages/core/src/cbor.ts";
import { hashContent } from "../../packages/core/src/content.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import type { Core } from "../../packages/core/src/artifact.ts";
import { status } from "./amendment-scene.ts";
import { anchor, batched, joined, sealed, sourceOf } from "./chain.ts";
import type { Chain, JoinOptions } from "./chain.ts";
import { flipped } from "./cose.ts";
import { idOf, policy } from "./draft.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { bureau, bytesOf, issuer, issuerEd25519, issuerHybrid, lab, otherIssuer, sealedAt } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const hour = 3600;

/** Two ways to one parent, of which one dates it and the other doesn't: its own parent's suite has lapsed since. */
async function diamond(datedFirst: boolean): Promise<Chain> {
  const policies = [await policy("wildlife", { signer: bureau })];
  const origin = await sealed({ policies }, { signer: issuerHybrid });
  const shared = await childOf([origin], { policies, label: "b" });
  const labels = ["c", "d"].toSorted((one, other) => compareBytes(idOf(one), idOf(other)));
  const [dated, undated] = datedFirst ? labels : labels.toReversed();
  const time = derivedAt + hour;
  const parents = [
    await childOf([shared], { policies, label: dated!, seal: { signer: issuerEd25519, time } }),
    await childOf([shared], { policies, label: undated!, seal: { time } }),
  ];
  const attached = await childOf(parents, { policies, label: "e", seal: { time: derivedAt + 2 * hour } });
  const unique = [...new Map(attached.draft.attachments.map((one) => [nameOf(one), one])).values()];
  return { ...attached, draft: { ...attached.draft, attachments: unique } };
}

/** Revisions that differ from what they supersede in one member alone. */
async function revisionCases(): Promise<Case[]> {
  const before = await anchor(await sealed());
  const { content } = before.draft.core;
  const of = async (core: Partial<Core>): Promise<Uint8Array> => joined(await revisionOf(before, { core }));
  const { sizeBytes, root } = await hashContent(Buffer.from("ciphertext"), { format: "opaque" });
  const adopted = await sealed({
    core: {
      content: { format: "opaque", sizeBytes, root, externalKey: "arn:aws:kms:eu-central-1:1:alias/old" },
      lineage: { operation: "adopt", parents: [], receipts: [], actor: issuer.authority },
    },
    wraps: [],
  });
  const rekeyed = await revisionOf(adopted, {
    wraps: [],
    core: { content: { format: "opaque", sizeBytes, root, externalKey: "arn:aws:kms:eu-central-1:1:alias/new" } },
  });
  const case_ = (id: string, title: string, artifact: Uint8Array): Case =>
    refused(`revision-${id}-alone`, "parent-digest", ["LIN-8"], title, artifact);
  return [
    case_("id", "the same content under another artifact id", await of({ artifactId: idOf("c"), content })),
    case_(
      "first-issuer",
      "the same content under another first issuer",
      await of({ firstIssuer: lab.authority, content }),
    ),
    case_(
      "header",
      "the same content with another FLOE header",
      await of({ content: { ...content, floeHeader: flipped(content.floeHeader!) } }),
    ),
    case_("external-key", "the same bytes under another external key", joined(rekeyed)),
  ];
}

/** Revisions by an issuer who isn't the first one. */
async function otherIssuerCases(): Promise<Case[]> {
  const before = await sealed({ core: { status } });
  const of = async (options: ChildOptions["core"]): Promise<Uint8Array> =>
    joined(await revisionOf(before, { core: { status, ...options }, seal: { signer: otherIssuer, time: derivedAt } }));
  const { content } = before.draft.core;
  return [
    refused(
      "revision-status-dropped-by-another-issuer",
      "parent-status",
      ["LIN-5", "LIN-9"],
      "a revision by another issuer without the first issuer's status entry",
      await of({ status: [] }),
    ),
    refused(
      "revision-rule-widened-by-another-issuer",
      "custody-rule",
      ["LIN-9", "RCP-10"],
      "a revision by another issuer that widens the custody rule",
      await of({ custodyRule: {} }),
    ),
    refused(
      "revision-media-type-by-another-issuer",
      "parent-digest",
      ["LIN-8", "LIN-9"],
      "a revision by another issuer with another media type",
      await of({ content: { ...content, mediaType: "text/plain" } }),
    ),
  ];
}

/** A cover whose root message is longer than any that is read, for a store to hold or an attachment. */
async function longRoot(): Promise<Chain> {
  return batched(await sealed(), { root: (root) => void root.set(6, new Uint8Array(33_000)) });
}

/** What else is attached, or in a store. */
async function attachedCases(): Promise<Case[]> {
  const seal = await sealed();
  const critical = await sealed({ core: { ext: new Map([["urn:example:must", true]]), crit: ["urn:example:must"] } });
  const outside = await childOf([seal]);
  const long = await longRoot();
  const { root } = long.links[1]!;
  const leaves = encodeAttachment("leaves", seal.draft.leaves);
  const other = encodeAttachment("leaves", bytesOf("another leaf list", 16));
  return [
    refused(
      "crit-unknown-in-source",
      "crit-unknown",
      ["ART-8", "ATT-2"],
      "a parent with a critical extension",
      joined(await childOf([critical])),
    ),
    refused(
      "lineage-parent-outside-scope",
      "signer-scope",
      ["LIN-6", "TRU-11"],
      "a parent by an issuer with a scope, under a policy outside it",
      joined(outside),
      { trust: "issuer-of-two-other-prefixes" },
    ),
    refused(
      "attachment-two-leaf-lists",
      "attachment-unnamed",
      ["ATT-3"],
      "a list that is none before the leaf list of the content",
      joined(seal, { attachments: (all) => [...all, leaves, other] }),
    ),
    refused(
      "root-message-too-long-in-store",
      "input-too-large",
      ["BAT-3", "ATT-5"],
      "a root message of more than 32 KiB in the store",
      joined(long, { attachments: (all) => all.slice(0, 1) }),
      { store: [root!] },
    ),
    ...(await Promise.all(
      [true, false].map(async (datedFirst) =>
        refused(
          `lineage-two-ways-dated-${datedFirst ? "first" : "last"}`,
          "suite-lapsed",
          ["LIN-2"],
          `a source by two ways, of which the ${datedFirst ? "second" : "first"} has it judged after its own source's suite lapsed`,
          joined(await diamond(datedFirst)),
          { trust: "issuer-timed-hybrid-lapsed" },
        ),
      ),
    )),
  ];
}

/** Each attachment once. */
const distinct: JoinOptions = {
  attachments: (all) => [...new Map(all.map((one) => [nameOf(one), one])).values()],
};

/** Sources that are named rightly by the artifact, and wrongly by another source of it. */
async function secondNamingCases(): Promise<Case[]> {
  const source = await sealed();
  const of = async (named: Chain, more: ChildOptions = {}): Promise<Uint8Array> =>
    joined(await childOf([source, named], { label: "d", seal: { time: derivedAt + hour }, ...more }), distinct);
  const otherId = await childOf([source], {
    sources: (all) => all.map((one) => ({ ...one, id: bytesOf("other artifact", 16) })),
  });
  const older = await childOf([source], { seal: { time: sealedAt - 100 } });
  const made = (revision: number): Promise<Chain[]> =>
    Promise.all([0, 1, 2, 3].map((n) => revisionOf(source, { core: { revision }, seal: { time: derivedAt + n } })));
  const byName = (one: Chain, two: Chain): number => (sourceOf(one).core < sourceOf(two).core ? -1 : 1);
  const good = (await made(1)).toSorted(byName)[0]!; // it is read before the one that skips
  const skipping = (await made(2)).toSorted(byName).at(-1)!;
  return [
    refused(
      "lineage-second-naming-other-id",
      "parent-digest",
      ["LIN-2"],
      "a source named rightly, and by another source under another artifact id",
      await of(otherId),
    ),
    refused(
      "lineage-second-naming-older",
      "lineage-time",
      ["LIN-6"],
      "a source named rightly, and by another source that is older than it",
      await of(older),
    ),
    refused(
      "lineage-second-revision-skips",
      "parent-digest",
      ["LIN-8"],
      "two revisions of one artifact as sources, of which the second skips a number",
      joined(await childOf([good, skipping], { label: "d", seal: { time: derivedAt + hour } }), distinct),
    ),
  ];
}

/** Artifacts that verify. */
export async function acceptedOrigins(): Promise<Case[]> {
  const receipts = encodeCbor([]);
  const cited = await sealed({
    core: {
      lineage: { operation: "seal", parents: [], receipts: nameOf(receipts), actor: issuer.authority },
    },
    attachments: [encodeAttachment("list", receipts)],
  });
  return [
    {
      id: "lineage-receipts-as-attached-list",
      title: "receipts that stand as the name of an attached list, which nothing reads",
      spec: ["ART-9", "ATT-3"],
      artifact: joined(cited),
      chain: cited,
      expect: {},
    },
  ];
}

/** Artifacts that don't. */
export async function refusedOrigins(): Promise<Case[]> {
  return [
    ...(await revisionCases()),
    ...(await otherIssuerCases()),
    ...(await attachedCases()),
    ...(await secondNamingCases()),
  ];
}
