// What attacks through lineage share: a licence that is released into an open policy, a source under it, children of it.
import { randomBytes } from "node:crypto";
import { derive, parsePolicy } from "@writ/core";
import type { DeriveOptions, Issued, VerifiedArtifact } from "@writ/core";
import { at, document, evaluator, keystore, policy, sealed, signers, verified } from "../support/scene.ts";

/** What aggregates of ten and more are released into. */
export const open_ = await policy(
  document({
    id: "urn:acme:policy:open",
    permissions: [{ id: "p1", operations: ["read", "train", "share"], purposes: ["dpv:AcademicResearch"] }],
  }),
);
export const licence = await policy(
  document({
    id: "urn:acme:policy:licence",
    permissions: [{ id: "p1", operations: ["read", "aggregate"], purposes: ["dpv:AcademicResearch"] }],
    derive: { aggregate: { release: { policy: parsePolicy(open_).digest, requires: { "output.k": { gte: 10 } } } } },
  }),
);

export const source = await sealed(randomBytes(200), { policies: [{ message: licence }], releasePolicies: [open_] });
export const parent = await verified(source.artifact);

/** A child by the scene's deriver. */
export async function derived(
  parents: readonly VerifiedArtifact[],
  change: Partial<DeriveOptions> = {},
): Promise<Issued> {
  return derive(parents, {
    operation: "transform",
    content: Buffer.from("year,strikes"),
    write: () => undefined,
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer: signers.deriver,
    clock: at(120),
    ...change,
  });
}
