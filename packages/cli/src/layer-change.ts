// Which layers a revision has: the flags --add-policy and --remove-policy, for `amend` and for those who approve it.
import type { Digest, Evaluator, Layer, PolicyMessage, SealPolicy, VerifiedArtifact } from "@writ/core";
import { amendedLayers, declassifiedLayers } from "@writ/core/amend";
import type { Context } from "./command.ts";
import { UsageError } from "./fault.ts";
import { policiesOf, readPolicy } from "./policies.ts";

/** Flags of a change of layers. */
export interface LayerChangeOptions {
  readonly addPolicy?: readonly string[];
  readonly removePolicy?: readonly string[];
  readonly param?: readonly string[];
}

/** A change of layers. */
export interface LayerChange {
  readonly add: readonly SealPolicy[];
  readonly remove: readonly Digest[];
  /** The exact new set. */
  readonly layers: readonly Layer[];
}

/** The policies that ids or digests name. Throws UsageError for one that isn't in force. */
export function namedPolicies(policies: readonly PolicyMessage[], names: readonly string[]): readonly Digest[] {
  return names.map((name) => {
    const found = policies.find(({ id, digest }) => id === name || digest === name);
    if (found) return found.digest;
    throw new UsageError(
      `--remove-policy: \`${name}\` is not in force`,
      `in force are ${policies.map(({ id }) => id).join(", ")}`,
    );
  });
}

/** Throws UsageError for a policy that isn't signed: each signing gives it another digest. */
export async function assertSigned({ io }: Context, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if ((await readPolicy(io, path)).kind === "text")
      throw new UsageError(
        `\`${path}\` is not signed, and approvals are of signed policies`,
        "sign it once with `writ policy sign`, and approve and amend with that file",
      );
}

/** Reads the flags against an artifact. A policy whose layers are approved is a signed one: each signing gives it another digest. Throws UsageError, FormatError, PolicyError. */
export async function layerChange(
  context: Context,
  artifact: VerifiedArtifact,
  evaluator: Evaluator,
  { addPolicy = [], removePolicy = [], param }: LayerChangeOptions,
  operation: "amend" | "declassify" = "amend",
): Promise<LayerChange> {
  const { io } = context;
  const remove = namedPolicies(artifact.policies, removePolicy);
  if (remove.length > 0) await assertSigned(context, addPolicy);
  const add = await policiesOf(io, addPolicy, { param, evaluator, findHome: () => context.findHome() });
  const layers =
    operation === "amend"
      ? amendedLayers(artifact, add, remove).layers
      : declassifiedLayers(artifact, add, remove, evaluator);
  return { add, remove, layers };
}
