// Artifacts that verify: children, releases, revisions.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { anchor, batched, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { policy } from "./draft.ts";
import { childOf, derivedAt, revisionOf, usualParents } from "./family.ts";
import { issuer, issuerEd25519 } from "./material.ts";
import type { Case } from "./vector.ts";

const nameOfChain = ({ draft: { coreBytes } }: Chain): string => nameOf(coreBytes);
/** Parents stand sorted in a core, and are checked in that order. */
const sortedNames = (...chains: readonly Chain[]): string[] =>
  chains.toSorted((a, b) => Buffer.compare(a.draft.core.artifactId, b.draft.core.artifactId)).map(nameOfChain);

async function childCases(): Promise<Case[]> {
  const { first, second } = await usualParents();
  const child = await childOf([first]);
  const byIssuer = await childOf([first], { seal: { signer: issuer } });
  const ofTwo = await childOf([first, second]);
  const grandchild = await childOf([child], { label: "d", seal: { time: derivedAt + 3600 } });
  const unattached = await childOf([], { unattached: [first] });
  const orphan = await childOf([unattached], { label: "d", seal: { time: derivedAt + 3600 } });
  const later = await batched(first);
  const reanchored = await childOf([later]);
  const bothStates = await childOf([first, later]);
  return [
    {
      id: "lineage-child",
      title: "a child by a signer of role derive, its parent attached",
      spec: ["LIN-1", "LIN-2", "LIN-3", "ANC-6", "ATT-2"],
      artifact: joined(child),
      chain: child,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "lineage-child-by-issuer",
      title: "a child by a signer of role issue",
      spec: ["ANC-6", "LIN-2"],
      artifact: joined(byIssuer),
      chain: byIssuer,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "lineage-two-parents",
      title: "a child of two parents under the layers of both",
      spec: ["LIN-3"],
      artifact: joined(ofTwo),
      chain: ofTwo,
      expect: { sources: sortedNames(first, second) },
    },
    {
      id: "lineage-grandchild",
      title: "two generations, all attached",
      spec: ["LIN-2", "LIN-7"],
      artifact: joined(grandchild),
      chain: grandchild,
      expect: { sources: [nameOfChain(child), nameOfChain(first)] },
    },
    {
      id: "lineage-unattached",
      title: "a parent that isn't attached leaves lineage unchecked",
      spec: ["LIN-6", "ING-5"],
      artifact: joined(unattached),
      chain: unattached,
      expect: { lineage: "unchecked" },
    },
    {
      id: "lineage-grandparent-unattached",
      title: "a parent's parent that isn't attached leaves lineage unchecked",
      spec: ["LIN-6"],
      artifact: joined(orphan),
      chain: orphan,
      expect: { lineage: "unchecked", sources: [nameOfChain(unattached)] },
    },
    {
      id: "lineage-parent-batched",
      title: "a parent as it was after a batched cover, its root message attached",
      spec: ["LIN-1", "ATT-3"],
      artifact: joined(reanchored),
      chain: reanchored,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "lineage-parent-twice",
      title: "one parent in two states: before and after a cover",
      spec: ["LIN-1", "ATT-3"],
      artifact: joined(bothStates),
      chain: bothStates,
      expect: { sources: [nameOfChain(first)] },
    },
  ];
}

async function ruleCases(): Promise<Case[]> {
  const release = await policy("aggregates", { document: { classification: "public" } });
  const strikes = await policy("strikes", {
    document: { derive: { aggregate: { release: { policy: release.name } } } },
  });
  const parent = await sealed({ policies: [strikes] });
  const released = await childOf([parent], { policies: [release] });
  const { first } = await usualParents();
  const narrower = await childOf([first], {
    core: {
      custodyRule: {
        ...first.draft.core.custodyRule,
        managers: ["customer"],
        contextPairs: new Map([
          ["tenant", "blue"],
          ["study", "s1"],
        ]),
      },
    },
  });
  const status = [{ uri: "https://status.example/1", index: 4 }];
  const revocable = await sealed({ core: { status } });
  const united = await childOf([revocable], {
    core: { status: [...status, { uri: "https://status.example/2", index: 0 }] },
  });
  const more = await childOf([first], { policies: [...first.draft.policies, await policy("extra")] });
  const lapsed = await anchor(await childOf([first], { seal: { signer: issuerEd25519 } }), { time: derivedAt + 3600 });
  const covered = await anchor(first);
  const revision = await revisionOf(covered);
  const again = await revisionOf(revision, { seal: { time: derivedAt + 3600 } });
  const viaParent = await childOf([first], {
    core: { layers: [{ policy: first.draft.policies[0]!.name, via: ["aggregate"] }] },
  });
  const viaChild = await childOf([viaParent], {
    label: "d",
    operation: "train",
    core: { layers: [{ policy: first.draft.policies[0]!.name, via: ["train", "aggregate"] }] },
    seal: { time: derivedAt + 3600 },
  });
  return [
    {
      id: "lineage-released",
      title: "a parent's layer replaced by the policy that its document names for release under this operation",
      spec: ["LIN-3"],
      artifact: joined(released),
      chain: released,
      expect: { sources: [nameOfChain(parent)], classification: "public" },
    },
    {
      id: "lineage-narrower-custody-rule",
      title: "a child's custody rule narrower than its parent's",
      spec: ["RCP-10"],
      artifact: joined(narrower),
      chain: narrower,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "lineage-status-united",
      title: "a parent's status entry beside one of the child's own",
      spec: ["LIN-5"],
      artifact: joined(united),
      chain: united,
      expect: { sources: [nameOfChain(revocable)] },
    },
    {
      id: "lineage-more-layers",
      title: "more layers than the parent's",
      spec: ["LIN-3", "LIN-4"],
      artifact: joined(more),
      chain: more,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "lineage-via-grows",
      title: "via of a layer grows along the generations",
      spec: ["LIN-3"],
      artifact: joined(viaChild),
      chain: viaChild,
      expect: { sources: [nameOfChain(viaParent), nameOfChain(first)] },
    },
    {
      id: "lineage-parent-lapsed-since",
      title: "a parent whose suite has lapsed since: a cover in time dates the child's seal, and with it the use",
      spec: ["LIN-2", "TRU-9"],
      trust: "p256-verified-until-2026-02-15",
      artifact: joined(lapsed),
      chain: lapsed,
      expect: { sources: [nameOfChain(first)], judgedAt: derivedAt + 3600 },
    },
    {
      id: "revision",
      title: "a revision by a deriver, with the superseded one attached",
      spec: ["ART-7", "LIN-3", "ANC-6", "LIN-8"],
      artifact: joined(revision),
      chain: revision,
      expect: { sources: [nameOfChain(first)] },
    },
    {
      id: "revision-of-revision",
      title: "a second revision, both older ones attached",
      spec: ["ART-7", "LIN-2", "LIN-8"],
      artifact: joined(again),
      chain: again,
      expect: { sources: [nameOfChain(revision), nameOfChain(first)] },
    },
  ];
}

/** Positive cases of lineage. */
export async function acceptedLineage(): Promise<Case[]> {
  return [...(await childCases()), ...(await ruleCases())];
}
