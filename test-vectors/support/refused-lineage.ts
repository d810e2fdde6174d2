// Refusals of lineage: everything but the case's fault is as a proper derivation makes it.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { flipped } from "./cose.ts";
import { policy, usualKey, wrapTo } from "./draft.ts";
import type { PolicyFixture } from "./draft.ts";
import { childOf, derivedAt, revisionOf, usualParents } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { bytesOf, coveredAgainAt, issuerEd25519, lab, office, sealedAt } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

/** The artifact without one of the policy messages that it would carry. */
function without(chain: Chain, { bytes }: PolicyFixture): Uint8Array {
  const left = Buffer.from(encodeAttachment("policy", bytes));
  return joined(chain, { attachments: (all) => all.filter((attachment) => !left.equals(attachment)) });
}

async function layerCases(): Promise<Case[]> {
  const { first, second } = await usualParents();
  const extra = [await policy("extra")];
  const of = async (options: ChildOptions): Promise<Uint8Array> => joined(await childOf([first], options));
  const { name } = first.draft.policies[0]!;
  const consent = await sealed({ core: { layers: [{ policy: name, parameters: new Map([["consent", "c-1"]]) }] } });
  const parameter = (value: string): ChildOptions => ({
    core: { layers: [{ policy: name, parameters: new Map([["consent", value]]) }] },
  });
  const via = await sealed({ core: { layers: [{ policy: name, via: ["train", "aggregate"] }] } });
  const release = await policy("aggregates");
  const strikes = await policy("strikes", {
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const releasing = await sealed({ policies: [strikes] });
  const ownStrikes = await policy("strikes", {
    signer: lab,
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const forged = await sealed({ policies: [ownStrikes] });
  const health = await policy("health", {
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const scoped = await sealed({ policies: [health] });
  const dropped = await childOf([first], { policies: extra });
  const keptOne = await childOf([first, second], { policies: first.draft.policies });
  const beside = await childOf([first], { policies: extra, unattached: [second] });
  const grandchild = await childOf([dropped], { label: "d", seal: { time: derivedAt + 3600 } });
  return [
    refused(
      "lineage-layer-dropped",
      "layer-dropped",
      ["LIN-3"],
      "the parent's policy dropped for another",
      joined(dropped),
    ),
    refused(
      "lineage-second-parent-dropped",
      "layer-dropped",
      ["LIN-3"],
      "two parents, the second one's policy dropped",
      joined(keptOne),
    ),
    refused(
      "lineage-dropped-beside-a-gap",
      "layer-dropped",
      ["LIN-3", "LIN-6"],
      "the attached parent's policy dropped while another parent isn't attached",
      joined(beside),
    ),
    refused(
      "lineage-dropped-a-generation-before",
      "layer-dropped",
      ["LIN-2", "LIN-3"],
      "a child that keeps everything of a parent which had dropped its own parent's policy",
      joined(grandchild),
    ),
    refused(
      "lineage-parameters-changed",
      "layer-dropped",
      ["LIN-3"],
      "the parent's policy with another parameter",
      joined(await childOf([consent], parameter("c-2"))),
    ),
    refused(
      "lineage-parameters-dropped",
      "layer-dropped",
      ["LIN-3"],
      "the parent's policy without its parameter",
      joined(await childOf([consent], { core: { layers: [{ policy: name }] } })),
    ),
    refused(
      "lineage-parameter-of-other-type",
      "layer-dropped",
      ["LIN-3"],
      "the parent's policy with a parameter of another type",
      joined(await childOf([consent], { core: { layers: [{ policy: name, parameters: new Map([["consent", 1]]) }] } })),
    ),
    refused(
      "lineage-via-shed",
      "layer-dropped",
      ["LIN-3"],
      "the parent's policy without one of the operations of its via",
      joined(await childOf([via], { core: { layers: [{ policy: name, via: ["train"] }] } })),
    ),
    refused(
      "lineage-released-under-other-operation",
      "layer-dropped",
      ["LIN-3"],
      "a release that the parent's policy names for another operation",
      joined(await childOf([releasing], { operation: "train", policies: [release] })),
    ),
    refused(
      "lineage-released-to-other-policy",
      "layer-dropped",
      ["LIN-3"],
      "a release to a policy that the parent's doesn't name",
      joined(await childOf([releasing], { policies: extra })),
    ),
    refused(
      "lineage-released-by-a-policy-not-at-hand",
      "parent-missing",
      ["LIN-3"],
      "a release whose policy isn't at hand: nothing shows that it names the child's",
      without(await childOf([releasing], { policies: [release] }), strikes),
    ),
    refused(
      "lineage-scoped-issuer-policy-not-at-hand",
      "parent-missing",
      ["LIN-6", "TRU-11"],
      "a parent by an issuer with a scope, whose policy isn't at hand to be held against it",
      without(await childOf([scoped], { policies: [release] }), health),
      { trust: "issuer-of-health-only" },
    ),
    refused(
      "lineage-adopted-from-parent",
      "structure",
      ["ART-7", "ADO-1"],
      "an adoption with a parent, which would be a release by an operation that derives nothing",
      joined(await childOf([releasing], { operation: "adopt", policies: [release] })),
    ),
    refused(
      "lineage-parent-under-forged-policy",
      "signer-role",
      ["LIN-2", "POM-2"],
      "a parent under a policy of a deriver's own, which names the child's policy for release",
      joined(await childOf([forged], { policies: [release] })),
    ),
    refused(
      "lineage-child-under-forged-policy",
      "signer-role",
      ["POM-2", "LIN-3"],
      "a deriver adds a policy of its own",
      await of({ policies: [...first.draft.policies, await policy("extra", { signer: lab })] }),
    ),
  ];
}

async function sourceCases(): Promise<Case[]> {
  const { first } = await usualParents();
  const unsigned = await sealed({}, { cose: { signature: (signature) => flipped(signature) } });
  const byLab = await sealed({ core: { issuer: lab.authority, firstIssuer: lab.authority } }, { signer: lab });
  const otherCore = await sealed({}, { statement: (s) => void s.set(6, bytesOf("other core", 32)) });
  const late = await sealed({}, { time: derivedAt + 100 });
  const muchLater = await sealed({}, { time: derivedAt + 86_400 });
  const status = await sealed({ core: { status: [{ uri: "https://status.example/1", index: 4 }] } });
  const inOffice = await sealed(
    { core: { issuer: office.authority, firstIssuer: office.authority } },
    { signer: office },
  );
  const child = async (parent: typeof first, options: ChildOptions = {}): Promise<Uint8Array> =>
    joined(await childOf([parent], options));
  const rule = first.draft.core.custodyRule;
  const lapsing = await childOf([first], { seal: { signer: issuerEd25519, time: coveredAgainAt } });
  const managed = await sealed({ core: { custodyRule: { ...rule, managers: ["customer"] } } });
  const required = await sealed({ core: { custodyRule: { ...rule, requiredPairs: ["case"] } } });
  return [
    refused(
      "lineage-parent-other-id",
      "parent-digest",
      ["LIN-2"],
      "a parent under another artifact id",
      await child(first, { sources: (all) => all.map((source) => ({ ...source, id: bytesOf("other artifact", 16) })) }),
    ),
    refused(
      "lineage-parent-signature",
      "signature-invalid",
      ["LIN-2"],
      "a parent whose seal doesn't verify",
      await child(unsigned),
    ),
    refused(
      "lineage-parent-over-other-core",
      "anchor-core",
      ["LIN-2"],
      "a parent whose seal is over another core",
      await child(otherCore),
    ),
    refused(
      "lineage-parent-by-derive-role",
      "signer-role",
      ["LIN-2", "ANC-6"],
      "a parent without parents, sealed by role derive",
      await child(byLab),
    ),
    refused(
      "lineage-parent-by-policy-role",
      "signer-role",
      ["LIN-2", "ANC-6"],
      "a parent sealed by a policy authority",
      await child(inOffice),
    ),
    refused(
      "lineage-parent-younger",
      "lineage-time",
      ["LIN-6"],
      "a parent sealed 100 s after the child",
      await child(late),
    ),
    refused(
      "lineage-parent-in-the-future",
      "lineage-time",
      ["LIN-2", "LIN-6"],
      "a parent sealed a day after the child",
      await child(muchLater),
    ),
    refused(
      "lineage-parent-expired-when-used",
      "suite-lapsed",
      ["LIN-2", "SUI-5"],
      "a parent whose suite had lapsed when it was used",
      joined(lapsing),
      { trust: "p256-verified-until-2026-02-15" },
    ),
    refused(
      "lineage-parent-lapsed-undated",
      "suite-lapsed",
      ["LIN-2", "TRU-9"],
      "a parent whose suite has lapsed since, and nothing dates the child's seal before that",
      joined(await childOf([first], { seal: { signer: issuerEd25519 } })),
      { trust: "p256-verified-until-2026-02-15" },
    ),
    refused(
      "lineage-parent-marked",
      "signer-compromised",
      ["LIN-2", "TRU-8"],
      "a parent whose key is marked, without an anchor that dates it before",
      await child(first),
      { trust: "issuer-marked" },
    ),
    refused(
      "lineage-status-missing",
      "parent-status",
      ["LIN-5"],
      "the parent's status entry left out",
      await child(status),
    ),
    refused(
      "lineage-status-other-index",
      "parent-status",
      ["LIN-5"],
      "the parent's status list at another index",
      await child(status, { core: { status: [{ uri: "https://status.example/1", index: 5 }] } }),
    ),
    refused(
      "lineage-custody-wider",
      "custody-rule",
      ["RCP-10"],
      "a Region more than the parent's rule has",
      await child(first, { core: { custodyRule: { ...rule, regions: ["eu-central-1", "us-east-1"] } } }),
    ),
    refused(
      "lineage-custody-member-dropped",
      "custody-rule",
      ["RCP-10"],
      "the parent's managers left out",
      await child(managed),
    ),
    refused(
      "lineage-custody-pair-changed",
      "custody-rule",
      ["RCP-10"],
      "a context pair of the parent's changed",
      await child(first, { core: { custodyRule: { ...rule, contextPairs: new Map([["tenant", "red"]]) } } }),
    ),
    refused(
      "lineage-custody-required-pair-dropped",
      "custody-rule",
      ["RCP-10"],
      "a required pair of the parent's left out",
      await child(required),
    ),
    refused(
      "lineage-recipient-abroad",
      "custody-rule",
      ["RCP-5", "RCP-10"],
      "a child within its parent's rule, its recipient outside it",
      await child(first, { wraps: [wrapTo("b", usualKey.replace("eu-central-1", "us-east-1"))] }),
    ),
  ];
}

async function revisionCases(): Promise<Case[]> {
  const before = await anchor(await sealed());
  const of = async (options: ChildOptions): Promise<Uint8Array> => joined(await revisionOf(before, options));
  const release = await policy("aggregates");
  const strikes = await policy("strikes", {
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const releasing = await sealed({ policies: [strikes] });
  const gap = await revisionOf(before, { core: { revision: 2 } });
  const { content } = (await sealed({ label: "c" })).draft.core;
  return [
    refused(
      "revision-layer-dropped",
      "layer-dropped",
      ["LIN-3"],
      "a revision that drops a layer",
      await of({ policies: [await policy("extra")] }),
    ),
    refused(
      "revision-released",
      "layer-dropped",
      ["LIN-3", "ART-7"],
      "a revision that takes a release, though nothing was derived",
      joined(await revisionOf(releasing, { policies: [release] })),
    ),
    refused("revision-skipped", "parent-digest", ["LIN-8"], "revision 2 that supersedes revision 0", joined(gap)),
    refused(
      "revision-of-another-id",
      "parent-digest",
      ["LIN-8"],
      "a revision under another artifact id",
      await of({ label: "b" }),
    ),
    refused(
      "revision-of-another-first-issuer",
      "parent-digest",
      ["LIN-8"],
      "a revision that names another first issuer",
      await of({ core: { firstIssuer: lab.authority }, label: before.draft.label }),
    ),
    refused(
      "revision-of-other-content",
      "parent-digest",
      ["LIN-8"],
      "a revision over other content",
      await of({ core: { content } }),
    ),
    refused(
      "revision-custody-wider",
      "custody-rule",
      ["RCP-10"],
      "a revision by a deriver that widens the custody rule",
      await of({ core: { custodyRule: {} } }),
    ),
    refused(
      "revision-older-than-superseded",
      "lineage-time",
      ["LIN-2", "LIN-6"],
      "a revision sealed a day before what it supersedes",
      await of({ seal: { time: sealedAt - 86_400 } }),
    ),
  ];
}

/** Negative cases of lineage. */
export async function refusedLineage(): Promise<Case[]> {
  return (await Promise.all([layerCases(), sourceCases(), revisionCases()])).flat();
}
