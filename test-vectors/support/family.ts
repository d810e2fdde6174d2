// Parents and children: what the cases of lineage are made of.
import type { Core, Source } from "../../packages/core/src/artifact.ts";
import { anchor, carried, chainOf, sealed, sourceOf } from "./chain.ts";
import type { AnchorOptions, Chain } from "./chain.ts";
import { draft, policy } from "./draft.ts";
import type { DraftOptions, PolicyFixture } from "./draft.ts";
import { coveredAt, lab } from "./material.ts";

/** When children are sealed unless a case says otherwise: after every parent. */
export const derivedAt: number = coveredAt + 86_400;

/** What a case changes about a child. */
export interface ChildOptions extends DraftOptions {
  readonly operation?: Core["lineage"]["operation"];
  readonly sources?: (sources: Source[]) => Source[];
  readonly seal?: AnchorOptions;
  /** Parents that are named but not attached. */
  readonly unattached?: readonly Chain[];
}

/** A child of attached parents: sealed by the lab, under all their policies unless the case says otherwise. */
export async function childOf(parents: readonly Chain[], options: ChildOptions = {}): Promise<Chain> {
  const {
    label = "b",
    operation = "aggregate",
    sources = (all) => all,
    seal = {},
    unattached = [],
    attachments = [],
    ...rest
  } = options;
  const inherited = new Map(
    [...parents, ...unattached]
      .flatMap(({ draft: { policies } }) => policies)
      .map((one): [string, PolicyFixture] => [one.name, one]),
  );
  const time = seal.time ?? derivedAt;
  const signer = seal.signer ?? lab;
  return anchor(
    chainOf(
      await draft({
        label,
        policies: [...inherited.values()],
        attachments: [...parents.flatMap(carried), ...attachments],
        ...rest,
        core: {
          issuer: signer.authority,
          firstIssuer: signer.authority,
          issuedAt: time,
          lineage: {
            operation,
            parents: sources([...parents, ...unattached].map((parent) => sourceOf(parent))),
            receipts: [],
            actor: signer.authority,
          },
          ...options.core,
        },
      }),
    ),
    { time, signer, ...seal },
  );
}

/** A revision of an artifact: same id, next revision, same layers. */
export async function revisionOf(before: Chain, options: ChildOptions = {}): Promise<Chain> {
  const { core } = before.draft;
  return childOf([before], {
    label: before.draft.label,
    operation: "amend",
    sources: () => [],
    ...options,
    core: {
      revision: core.revision + 1,
      firstIssuer: core.firstIssuer,
      supersedes: sourceOf(before, "superseded"),
      ...options.core,
    },
  });
}

/** The usual parent, and one under another policy. */
export async function usualParents(): Promise<{ readonly first: Chain; readonly second: Chain }> {
  return { first: await sealed(), second: await sealed({ label: "c", policies: [await policy("wildlife")] }) };
}
