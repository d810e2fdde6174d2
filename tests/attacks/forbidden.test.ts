// A deriver who seals what its source's policy forbids, or hides what it would be released to, whatever layers he leaves in place.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ingest } from "@writ/core";
import type { Core } from "@writ/core";
import { at, document, policy, sealed, signers, trust, verified } from "../support/scene.ts";
import { accepted, refusal, resealed } from "./forge.ts";
import { derived, open_, parent } from "./lineage-scene.ts";

const as =
  (operation: "aggregate" | "share" | "train", output?: ReadonlyMap<string, number>) =>
  (core: Core): Core => ({
    ...core,
    lineage: { ...core.lineage, operation, ...(output ? { output } : {}) },
  });

describe("with an evaluator the derivation is done again", () => {
  test("[LIN-4] [INH-2] an operation that a policy forbids makes no child, though every layer is kept", async () => {
    const closed = await policy(
      document({
        id: "urn:acme:policy:closed",
        permissions: [
          { id: "p1", operations: ["read", "transform", "share", "train"], purposes: ["dpv:AcademicResearch"] },
        ],
        derive: { share: "forbid" },
      }),
    );
    const source = await verified((await sealed(randomBytes(9), { policies: [{ message: closed }] })).artifact);
    const child = await derived([source]);
    const train = await resealed(child.artifact, signers.deriver, { core: as("train") });
    expect(await refusal(train, trust, { seconds: 200 }), "control").toBe(accepted);
    const share = await resealed(child.artifact, signers.deriver, { core: as("share") });
    expect(await refusal(share, trust, { seconds: 200 })).toBe("layer-dropped");
    const unread = await ingest(share, trust, { clock: at(200) });
    expect(unread.checks.find(({ check }) => check === "terms")!.outcome, "what was not checked is said").toBe(
      "unchecked",
    );
  });

  test("[LIN-4] [INH-4] a release to a policy that isn't at hand makes no child, though the source's layer is kept", async () => {
    const child = await derived([parent]);
    const aggregate = (k: number, keep: (kind: string, content: Uint8Array) => boolean): Promise<Uint8Array> =>
      resealed(child.artifact, signers.deriver, { core: as("aggregate", new Map([["k", k]])), keep });
    const hidden = (_kind: string, content: Uint8Array): boolean => !Buffer.from(open_).equals(content);
    expect(await refusal(await aggregate(12, hidden), trust, { seconds: 200 })).toBe("layer-dropped");
    const inherited = await aggregate(3, () => true);
    expect(await refusal(inherited, trust, { seconds: 200 }), "control: too few to be released").toBe(accepted);
  });
});
