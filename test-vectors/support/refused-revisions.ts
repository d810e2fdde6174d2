// Revisions that change what they may not, or cite what they don't follow.
import { hashContent } from "../../packages/core/src/content.ts";
import { joined, sealed, sourceOf } from "./chain.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import { issuer, lab } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";
import { status } from "./amendment-scene.ts";

/** Cases of revisions that are refused. */
export async function refusedRevisions(): Promise<Case[]> {
  const listed = await sealed({ core: { status } });
  const parent = await sealed({ core: { status } });
  const child = await childOf([parent], { core: { status } });
  const later = { seal: { time: derivedAt + 3600 } };
  const second = await revisionOf(child, { core: { status }, ...later });
  const last = { seal: { time: derivedAt + 7200 } };
  const stored = Buffer.from("ciphertext");
  const { root, sizeBytes } = await hashContent(stored, { format: "opaque" });
  const opaque = { format: "opaque" as const, sizeBytes, root };
  const adopting = { operation: "adopt" as const, parents: [], receipts: [], actor: issuer.authority };
  const adopted = await sealed({ core: { content: opaque, lineage: adopting }, wraps: [] });
  return [
    refused(
      "revision-with-parents",
      "structure",
      ["ART-7"],
      "a revision that takes in a parent",
      joined(
        await revisionOf(listed, {
          core: {
            status,
            lineage: {
              operation: "amend",
              parents: [sourceOf(parent)],
              receipts: [],
              actor: lab.authority,
            },
          },
        }),
      ),
    ),
    refused(
      "revision-status-dropped-by-other",
      "parent-status",
      ["LIN-5", "AMD-2"],
      "a revision by a deriver without the first issuer's status entry",
      joined(await revisionOf(listed, { core: { status: [] } })),
    ),
    refused(
      "revision-parent-status-dropped",
      "parent-status",
      ["LIN-9"],
      "a deriver who is first issuer drops his parent's status entry",
      joined(await revisionOf(child, { core: { status: [] }, ...later })),
    ),
    refused(
      "revision-parent-status-dropped-later",
      "parent-status",
      ["LIN-9"],
      "the same, two revisions on",
      joined(await revisionOf(second, { core: { status: [] }, ...last })),
    ),
    refused(
      "revision-parent-rule-widened",
      "custody-rule",
      ["LIN-9", "RCP-10"],
      "a deriver who is first issuer widens the rule beyond his parent's",
      joined(await revisionOf(child, { core: { status, custodyRule: {} }, ...later })),
    ),
    refused(
      "revision-parent-rule-widened-later",
      "custody-rule",
      ["LIN-9", "RCP-10"],
      "the same, two revisions on",
      joined(await revisionOf(second, { core: { status, custodyRule: {} }, ...last })),
    ),
    refused(
      "adopted-floe",
      "structure",
      ["ADO-1"],
      "an adoption of content that Writ encrypted",
      joined(await sealed({ core: { lineage: adopting } })),
    ),
    refused(
      "adopted-by-derive-role",
      "signer-role",
      ["ADO-2", "ANC-6"],
      "an adoption by a signer of role derive",
      joined(
        await sealed(
          {
            core: {
              content: opaque,
              lineage: { ...adopting, actor: lab.authority },
              issuer: lab.authority,
              firstIssuer: lab.authority,
            },
            wraps: [],
          },
          { signer: lab },
        ),
      ),
    ),
    refused(
      "adopted-other-content",
      "content-root",
      ["ADO-1", "ING-8"],
      "other bytes of the same length",
      joined(adopted),
      { content: Buffer.from("ciphertexT") },
    ),
    refused(
      "adopted-content-longer",
      "content-size",
      ["ADO-1", "ING-8"],
      "the adopted bytes and one more",
      joined(adopted),
      { content: Buffer.from("ciphertext!") },
    ),
  ];
}
