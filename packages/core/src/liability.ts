// Liabilities: duties that uses have brought about, from receipts alone, and the receipts that discharge them.
import { toHex } from "#bytes";
import { encodeCbor } from "./cbor.ts";
import { appendDurably, principalForReceipt } from "./decide.ts";
import type { Principal } from "./evaluator.ts";
import type { Receipt, ReceiptDischarge, ReceiptObligation, ReceiptSink } from "./receipt.ts";
import type { Digest } from "./shape.ts";
import type { CheckedReceipt } from "./verify-receipts.ts";

/** A duty that someone owes, or owed. Times are seconds since the epoch. */
export interface Liability extends ReceiptObligation {
  /** The permit's receipt that it comes from. */
  readonly decision: Digest;
  readonly artifactId: Uint8Array;
  readonly core: Digest;
  /** Id of whose use it was. */
  readonly principal: string;
  readonly since: number;
  /** The receipt that discharges it; null while it is open. */
  readonly discharge: Digest | null;
}

function hex(value: Uint8Array): string {
  return toHex(value);
}

/** What makes a duty one: for `after-use` the actor, for others the permit too. Spec: DUT-2, LIA-2. */
function keyOf({ name, receipt }: CheckedReceipt, { policy, duty, trigger }: ReceiptObligation): string {
  const actor = hex(encodeCbor(receipt.principal));
  const instance = trigger === "after-use" ? "" : name;
  return JSON.stringify([policy, duty, hex(receipt.artifactId), actor, instance]);
}

function same(obligation: ReceiptObligation, discharged: ReceiptDischarge): boolean {
  const { policy, duty, by } = obligation;
  return policy === discharged.policy && duty === discharged.duty && by === discharged.by;
}

/** Duties due before a use are done or waived before the permit. */
function owed({ kind, verdict, obligations = [] }: Receipt): readonly ReceiptObligation[] {
  if (kind !== "decision" || verdict !== "permit") return [];
  return obligations.filter(({ trigger }) => trigger !== "before-use");
}

/** Every liability of checked receipts, in the order in which they arose. A use after a discharge owes anew. Spec: LIA-2, LIA-3. */
export function liabilitiesOf(receipts: readonly CheckedReceipt[]): readonly Liability[] {
  const all: Liability[] = [];
  const open = new Map<string, number>();
  const decisions = new Map<Digest, CheckedReceipt>();
  for (const checked of receipts) {
    const { name, receipt } = checked;
    const { artifactId, core, principal, time, decision, discharged } = receipt;
    if (receipt.kind === "decision") decisions.set(name, checked);
    for (const obligation of owed(receipt)) {
      const key = keyOf(checked, obligation);
      if (open.has(key)) continue;
      open.set(key, all.length);
      const id = principal.get("id");
      const of = { decision: name, artifactId, core, principal: typeof id === "string" ? id : "", since: time };
      all.push({ ...obligation, ...of, discharge: null });
    }
    const cited = decision === undefined ? undefined : decisions.get(decision);
    const done = discharged && cited && owed(cited.receipt).find((obligation) => same(obligation, discharged));
    const at = done && open.get(keyOf(cited, done));
    if (at === undefined) continue;
    all[at] = { ...all[at]!, discharge: name };
    open.delete(keyOf(cited!, done!));
  }
  return all;
}

/** Records that a duty was done; returns the receipt's name. Throws TypeError for a receipt that owes no such duty, and for a principal without the role that the duty names; PolicyError `receipt-not-durable`. Spec: LIA-1, LIA-4. */
export async function dischargeDuty(
  sink: ReceiptSink,
  decision: CheckedReceipt,
  wanted: { readonly policy: Digest; readonly duty: string },
  principal: Principal,
): Promise<Digest> {
  const { artifactId, core, request, operation, purposes } = decision.receipt;
  const obligation = owed(decision.receipt).find(
    ({ policy, duty }) => policy === wanted.policy && duty === wanted.duty,
  );
  if (!obligation) throw new TypeError(`the receipt owes no duty \`${wanted.duty}\` of that policy`);
  const { policy, duty, by } = obligation;
  if (by !== undefined && principal.roles?.includes(by) !== true)
    throw new TypeError(`duty \`${duty}\` is discharged in role \`${by}\`, which the principal doesn't have`);
  return appendDurably(sink, {
    kind: "discharge",
    artifactId,
    core,
    policies: [{ policy }],
    request,
    operation,
    purposes,
    principal: principalForReceipt(principal),
    decision: decision.name,
    discharged: { policy, duty, ...(by === undefined ? {} : { by }) },
  });
}
