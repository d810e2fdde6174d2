// Cases with two faults: the check that comes first decides.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain, JoinOptions } from "./chain.ts";
import { flipped } from "./cose.ts";
import { policy, usualKey, wrapTo } from "./draft.ts";
import { childOf } from "./family.ts";
import { lab } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const spec = ["ING-3"];

/** Negative cases of the order of checks. */
export async function refusedOrder(): Promise<Case[]> {
  const seal = await sealed();
  const stray = encodeAttachment("policy", (await policy("stray")).bytes);
  const withStray: JoinOptions = { attachments: (all) => [...all, stray] };
  const broken = { cose: { signature: (signature: Uint8Array): Uint8Array => flipped(signature) } };
  const abroad = [wrapTo("a", usualKey.replace("eu-central-1", "us-east-1"))];
  const forged = await policy("research", { signer: lab });
  const unsigned = await policy("research", { message: ([document]) => [document!, null] });
  const records = await policy("records", { document: { classification: "confidential" } });
  const parent = await sealed({ label: "c" });
  const childAbroad: Chain = await childOf([parent], {
    policies: [records],
    wraps: [wrapTo("b", usualKey.replace("eu-central-1", "us-east-1"))],
  });
  const childDropping = await childOf([parent], { policies: [records] });
  const unlisted = await sealed({ policies: [records] });
  const unknownMember = await sealed({ editCore: (core) => void core.set(14, 1) });
  return [
    refused(
      "order-trust-before-form",
      "trust-expired",
      spec,
      "version 2, under an expired trust policy",
      joined(seal, { members: ([word, , ...rest]) => [word!, 2, ...rest] }),
      { now: "2027-01-01T00:00:00Z" },
    ),
    refused(
      "order-form-before-attachments",
      "structure",
      spec,
      "an unknown member of the core, and an unnamed attachment",
      joined(unknownMember, withStray),
    ),
    refused(
      "order-attachments-before-anchors",
      "attachment-unnamed",
      spec,
      "an unnamed attachment, and a seal that doesn't verify",
      joined(await sealed({}, broken), withStray),
    ),
    refused(
      "order-policy-messages-before-anchors",
      "cose-structure",
      spec,
      "a policy message without a signature, and a seal that doesn't verify",
      joined(await sealed({ policies: [unsigned] }, broken)),
    ),
    refused(
      "order-anchors-before-requirements",
      "signature-invalid",
      spec,
      "a cover that doesn't verify, and a requirement that isn't met",
      joined(await anchor(seal, broken)),
      { trust: "hybrid-required" },
    ),
    refused(
      "order-requirements-before-policies",
      "suite-required",
      spec,
      "a requirement that isn't met, and a policy by a deriver",
      joined(await sealed({ policies: [forged] })),
      { trust: "hybrid-required" },
    ),
    refused(
      "order-policies-before-custody",
      "signer-role",
      spec,
      "a policy by a deriver, and a recipient outside the custody rule",
      joined(await sealed({ policies: [forged], wraps: abroad })),
    ),
    refused(
      "order-custody-before-sources",
      "custody-rule",
      spec,
      "a recipient outside the custody rule, and a dropped layer",
      joined(childAbroad),
    ),
    refused(
      "order-sources-before-status",
      "layer-dropped",
      spec,
      "a dropped layer, and no status entry where one is demanded",
      joined(childDropping),
      { trust: "status-demanded" },
    ),
    refused(
      "order-status-before-content",
      "status-missing",
      spec,
      "no status entry where one is demanded, and other content",
      joined(unlisted),
      { trust: "status-demanded", content: flipped(unlisted.draft.content, 100) },
    ),
  ];
}
