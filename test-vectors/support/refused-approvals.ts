// Revisions and children whose approvals don't carry what they lower.
import { nameOf } from "../../packages/core/src/artifact.ts";
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { anchor, joined, sealed } from "./chain.ts";
import { flipped } from "./cose.ts";
import type { Header } from "./cose.ts";
import { policy } from "./draft.ts";
import { childOf, derivedAt, revisionOf } from "./family.ts";
import type { ChildOptions } from "./family.ts";
import { intern, issuer, office, officerP384, owner, stranger } from "./material.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";
import {
  day,
  ada,
  bob,
  nameOfChain,
  named,
  strict,
  lax,
  before,
  approved,
  both,
  attach,
  lowered,
  childBy,
  byApprovers,
} from "./amendment-scene.ts";
import type { ApprovalOptions } from "./amendment-scene.ts";

/** Cases of approvals that are refused. */
export async function refusedApprovals(): Promise<Case[]> {
  const of = async (approvals: readonly Uint8Array[], options: ChildOptions = {}): Promise<Uint8Array> =>
    joined(await lowered(approvals, options));
  const with_ = async (options: ApprovalOptions): Promise<Uint8Array> => of(await both(options));
  const second = (options: ApprovalOptions): Promise<Uint8Array> =>
    approved({ signer: owner, approver: bob, ...options });
  const other = await sealed({ label: "c", policies: [strict] });
  const nobody = await sealed();
  const case_ = (
    id: string,
    code: Extract<Case["expect"], string>,
    spec: string,
    title: string,
    artifact: Uint8Array,
    more: Partial<Case> = {},
  ): Case => refused(`approvals-${id}`, code, spec.split(" "), title, artifact, { ...byApprovers, ...more });
  const waiver = (map: Header): void => {
    map.delete(4);
    map.set(
      5,
      new Map<number | string, Loose>([
        [1, named(strict.name)],
        [2, "briefing"],
      ]),
    );
  };
  const unsaid = encodeCbor(["no approval"]);
  const transform = await both({ operation: "transform" });
  return [
    case_(
      "none",
      "layer-dropped",
      "LIN-3 APR-7",
      "a layer replaced without approvals",
      joined(await revisionOf(before, { policies: [lax] })),
    ),
    case_(
      "one-of-two",
      "approval-missing",
      "APR-3 APR-7",
      "one approves where two are asked for",
      await of([await approved()]),
    ),
    case_(
      "one-person",
      "approval-missing",
      "APR-3 APR-7",
      "two keys, one person",
      await of([await approved(), await second({ approver: ada })]),
    ),
    case_(
      "one-key",
      "approval-missing",
      "APR-3 APR-7",
      "two persons, one key",
      await of([await approved(), await approved({ approver: bob })]),
    ),
    case_(
      "by-non-approver",
      "approval-missing",
      "APR-7",
      "one of two isn't among the policy's approvers",
      await of([await approved(), await second({ signer: intern })]),
    ),
    case_(
      "nobody-may",
      "lowering-refused",
      "APR-7",
      "a policy without `declassify`",
      joined(await lowered(await both({ sources: [nameOfChain(nobody)] }), {}, nobody)),
    ),
    case_(
      "other-layers",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of other layers",
      await with_({ layers: [{ policy: strict.name }] }),
    ),
    case_(
      "more-layers",
      "approval-mismatch",
      "APR-4 APR-7",
      "a layer more than was approved",
      await of(await both(), { policies: [lax, await policy("extra")] }),
    ),
    case_(
      "other-parameters",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of the same policy with a parameter",
      await with_({ layers: [{ policy: lax.name, parameters: new Map([["tenant", "blue"]]) }] }),
    ),
    case_(
      "other-source",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals for another artifact under the same policy",
      await with_({ sources: [nameOfChain(other)] }),
    ),
    case_(
      "more-sources",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals for this artifact and another",
      await with_({ sources: [nameOfChain(before), nameOfChain(other)].sort() }),
    ),
    case_(
      "other-operation",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of a declassified child for a revision",
      await with_({ operation: "declassify" }),
    ),
    case_(
      "revision-for-child",
      "approval-mismatch",
      "APR-4 APR-7",
      "approvals of a revision for a declassified child",
      joined(await childBy("declassify", await both())),
    ),
    case_(
      "waived-duty",
      "approval-mismatch",
      "APR-1 APR-7",
      "approvals that waive a duty",
      await with_({ statement: waiver }),
    ),
    case_(
      "by-transform",
      "structure",
      "APR-7",
      "approvals under an operation that lowers nothing",
      joined(await childBy("transform", transform)),
    ),
    case_(
      "at-seal",
      "structure",
      "APR-7",
      "approvals that an original names",
      joined(
        await sealed({
          core: {
            lineage: {
              operation: "seal",
              parents: [],
              receipts: [],
              actor: issuer.authority,
              approvals: transform.map(nameOf),
            },
          },
          attachments: attach(transform),
        }),
      ),
    ),
    case_(
      "not-at-hand",
      "attachment-missing",
      "APR-7",
      "an approval that is neither attached nor in a store",
      await of(await both(), { attachments: [] }),
    ),
    case_(
      "ended-at-seal",
      "approval-expired",
      "APR-8",
      "approvals that had ended when they were used",
      await with_({ seconds: 1800 }),
    ),
    case_(
      "ended-since",
      "approval-expired",
      "APR-8",
      "approvals that ended since, and nothing dates the seal",
      joined(await lowered(await both())),
      { now: "2026-06-01T12:00:00Z" },
    ),
    case_(
      "covered-too-late",
      "approval-expired",
      "APR-8 TRU-9",
      "a cover that came after the approvals' end",
      joined(await anchor(await lowered(await both({ seconds: 7200 })), { time: derivedAt + 86_400 })),
    ),
    case_(
      "of-later",
      "approval-expired",
      "APR-8",
      "approvals issued an hour after the seal",
      await with_({ issuedAt: derivedAt + 3600 }),
    ),
    case_("too-long", "approval-expired", "APR-2 APR-8", "approvals for 31 days", await with_({ seconds: 31 * day })),
    case_(
      "signature",
      "signature-invalid",
      "APR-2",
      "a signature that was changed",
      await of([await approved(), await second({ cose: { signature: (bytes) => flipped(bytes) } })]),
    ),
    case_(
      "by-policy-role",
      "signer-role",
      "APR-2",
      "signed by a policy authority",
      await of([await approved(), await second({ signer: office })]),
    ),
    case_(
      "by-stranger",
      "signer-unknown",
      "APR-2",
      "signed by a key that the trust policy doesn't have",
      await of([await approved(), await second({ signer: stranger })]),
    ),
    case_(
      "by-first-issuer",
      "signer-role",
      "APR-2 LIN-9",
      "the first issuer approves himself",
      await of([await approved(), await second({ signer: issuer })]),
    ),
    case_("signer-dates", "signer-dates", "APR-2 APR-8", "issued after the signer's end", await of(await both()), {
      trust: "approvers-dated",
    }),
    case_(
      "signer-marked",
      "signer-compromised",
      "APR-8 TRU-8",
      "a marked key, and nothing dates the seal before that",
      await of(await both()),
      { trust: "approvers-marked" },
    ),
    case_(
      "suite-lapsed",
      "suite-lapsed",
      "APR-8",
      "a suite that has lapsed, and nothing dates the seal before that",
      joined(await lowered(await both())),
      { trust: "approvers-lapsed" },
    ),
    case_(
      "suite-signed-late",
      "suite-lapsed",
      "APR-8 SUI-5",
      "an approval under a suite whose signUntil is before the seal",
      joined(
        await lowered([await approved({ signer: officerP384 }), await approved({ signer: owner, approver: bob })]),
      ),
      { trust: "approvers-p384-signed-until-2026-02-02" },
    ),
    case_(
      "both-forms",
      "structure",
      "APR-1",
      "an approval of layers and of a duty",
      await with_({
        statement: (map) => {
          const layers = map.get(4)!;
          waiver(map);
          map.set(4, layers);
        },
      }),
    ),
    case_(
      "neither-form",
      "structure",
      "APR-1",
      "an approval of nothing",
      await with_({ statement: (map) => void map.delete(4) }),
    ),
    case_("no-cose", "cose-structure", "APR-1 COS-1", "something else in place of an approval", await of([unsaid])),
    case_(
      "in-a-source",
      "approval-mismatch",
      "APR-7 LIN-2",
      "a child of a revision whose approvals are for something else",
      joined(
        await childOf([await lowered(await both({ sources: [nameOfChain(other)] }))], {
          label: "d",
          seal: { time: derivedAt + 3600 },
        }),
      ),
    ),
  ];
}
