// Attachments that something names, but as something else.
import { expect, test } from "vitest";
import { nameOf } from "@writ/core";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { research, sealed, signers } from "../support/scene.ts";
import { accepted, refusal, resealed, withParts } from "./forge.ts";

test("[ATT-3] what is named as one thing doesn't stand there as another", async () => {
  const { artifact } = await sealed();
  const beside = (...more: Uint8Array[]): Uint8Array =>
    withParts(artifact, ({ attachments }) => ({ attachments: [...attachments, ...more] }));
  for (const kind of ["root", "list", "approval"] as const)
    expect(await refusal(beside(encodeAttachment(kind, research))), kind).toBe("attachment-unnamed");
  expect(await refusal(beside()), "control: as a policy it is named").toBe(accepted);
  const list = encodeCbor(["receipts"]);
  const naming = (kind: "policy" | "root" | "list" | "approval"): Promise<Uint8Array> =>
    resealed(artifact, signers.issuer, {
      core: (core) => ({ ...core, lineage: { ...core.lineage, receipts: nameOf(list) } }),
      attach: [encodeAttachment(kind, list)],
    });
  for (const kind of ["policy", "root", "approval"] as const)
    expect(await refusal(await naming(kind)), kind).toBe("attachment-unnamed");
  expect(await refusal(await naming("list")), "control: a list of receipts is one").toBe(accepted);
});
