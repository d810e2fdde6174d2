// Compact children: their sources come from a store, as a core and as its anchors with their root messages.
import { encodeEarlier } from "../../packages/core/src/anchor.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import { batched, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { childOf, derivedAt } from "./family.ts";
import { encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const none = { attachments: (): Uint8Array[] => [] };
const spec = ["ATT-5", "LIN-2"];
const nameOfChain = ({ draft: { coreBytes } }: Chain): string => nameOf(coreBytes);

/** What a store holds of a source: its policies, its core, and its anchors with their root messages. */
function storeOf({ draft: { policies, coreBytes }, links }: Chain, pairs = encodeEarlier(links)): Uint8Array[] {
  return [...policies.map(({ bytes }) => bytes), coreBytes, pairs];
}

/** Compact children that verify, and such whose lineage stays unchecked. */
export async function acceptedCompact(): Promise<Case[]> {
  const parent = await sealed();
  const covered = await batched(parent);
  const child = await childOf([parent]);
  const ofCovered = await childOf([covered]);
  const grandchild = await childOf([ofCovered], { label: "d", seal: { time: derivedAt + 3600 } });
  const pairs = encodeEarlier(covered.links);
  const accepted = (id: string, title: string, chain: Chain, store: Uint8Array[], sources: string[] | null): Case => ({
    id,
    title,
    spec,
    artifact: joined(chain, none),
    store,
    chain,
    expect: sources === null ? { lineage: "unchecked" } : { sources },
  });
  return [
    accepted("compact-source", "the source of a compact child in the store", child, storeOf(parent), [
      nameOfChain(parent),
    ]),
    accepted(
      "compact-source-batched",
      "a source with a batched anchor: its root message stands beside it",
      ofCovered,
      storeOf(covered),
      [nameOfChain(parent)],
    ),
    accepted(
      "compact-source-of-source",
      "two generations in the store",
      grandchild,
      [...storeOf(ofCovered), ...storeOf(covered)],
      [nameOfChain(ofCovered), nameOfChain(parent)],
    ),
    accepted(
      "compact-source-without-anchors",
      "the store has the source's core alone",
      ofCovered,
      storeOf(covered)
        .filter((bytes) => bytes !== pairs)
        .slice(0, 2),
      null,
    ),
    accepted(
      "compact-source-other-anchors",
      "the store has the source with fewer anchors than the child names",
      ofCovered,
      storeOf(parent),
      null,
    ),
  ];
}

/** Sources in a store that are not in their form, or don't verify. */
export async function refusedCompact(): Promise<Case[]> {
  const covered = await batched(await sealed());
  const other = await batched(await sealed({ label: "c" }));
  const [seal, cover] = covered.links as [Chain["links"][number], Chain["links"][number]];
  const named = async (pairs: Uint8Array, core = covered.draft.coreBytes): Promise<[Uint8Array, Uint8Array[]]> => {
    const child = await childOf([covered], {
      sources: (all) => all.map((source) => ({ ...source, core: nameOf(core), anchors: nameOf(pairs) })),
    });
    return [joined(child, none), [...covered.draft.policies.map(({ bytes }) => bytes), core, pairs]];
  };
  const wrong = async (id: string, title: string, pairs: Loose, core?: Uint8Array): Promise<Case> => {
    const [artifact, store] = await named(encodeRaw(pairs), core);
    return refused(`compact-source-${id}`, "structure", ["ATT-5"], title, artifact, { store });
  };
  const [artifact, store] = await named(encodeEarlier(other.links));
  return [
    await wrong("root-exchanged", "a batched anchor with another root message than it names", [
      [seal.anchor, null],
      [cover.anchor, other.links[1]!.root],
    ]),
    await wrong("root-left-out", "a batched anchor without its root message", [
      [seal.anchor, null],
      [cover.anchor, null],
    ]),
    await wrong("root-of-direct", "a direct anchor with a root message", [
      [seal.anchor, cover.root],
      [cover.anchor, cover.root],
    ]),
    await wrong("no-anchors", "a source without anchors", []),
    await wrong("anchors-bare", "anchors without places for root messages", [seal.anchor, cover.anchor]),
    await wrong("pair-of-three", "a pair of three members", [[seal.anchor, null, null]]),
    await wrong("no-core", "a source whose core is none", [[seal.anchor, null]], encodeRaw(new Map([[1, 1]]))),
    refused(
      "compact-source-anchors-of-another",
      "anchor-artifact",
      ["ATT-5", "ANC-6"],
      "a source with the anchors of another artifact",
      artifact,
      { store },
    ),
  ];
}
