// Permissions, prohibitions and what duties demand before a use. Spec 4.7, 4.8, 4.11.
import type { DecisionState, Digest } from "@writ/core";
import type { Conjunct, Part } from "./conjunct.ts";
import type { Duty, Permission, Prohibition, PurposeElement } from "./document.ts";
import { and, known, lookup, no, not, or, yes } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { isIri } from "./field.ts";
import { isBanned } from "./operation-table.ts";
import { holdsForAll, holdsForAny, isBeyond, isTraining, judgeConsent, relation, staleAfter } from "./situation.ts";
import type { Situation } from "./situation.ts";

/** Whether a purpose passes a clause, alone. Spec: PUR-2. */
export function passesClause(situation: Situation, clause: readonly PurposeElement[], purpose: string): Expression {
  const { graph } = situation.layer;
  return relation(situation, () =>
    clause.some((element) =>
      typeof element === "string" ? graph.isWithin(purpose, element) : purpose === element.exactly,
    ),
  );
}

/** Whether a ban of these operations hits, training included. Spec: OPS-2, PUR-5. */
export function banHits(situation: Situation, operations: readonly string[]): Expression {
  if (isBanned(operations, situation.request.operation)) return yes;
  return isBanned(operations, "train") ? isTraining(situation) : no;
}

function names(situation: Situation, permission: Permission): Expression {
  const { operations, unrestricted } = permission;
  if (unrestricted) return yes;
  if (!operations.includes(situation.request.operation)) return no;
  return operations.includes("train") ? yes : not(isTraining(situation));
}

/** Operation, purposes and `when` of a permission. Spec: EVL-7, DUT-1. */
export function applies(situation: Situation, permission: Permission): Expression {
  const { purposes } = permission;
  const named = names(situation, permission);
  if (named === no) return no; // whatever the rest says
  return and([
    named,
    ...(purposes ? situation.request.purposes.map((purpose) => passesClause(situation, purposes, purpose)) : []),
    holdsForAll(situation, permission.when),
  ]);
}

function permits(situation: Situation, permission: Permission): Expression {
  const applying = applies(situation, permission);
  if (!permission.consents || applying === no) return applying;
  return and([applying, ...permission.consents.map((id) => judgeConsent(situation, id as string))]);
}

/** Some of these permissions must hold. Spec: EVL-7. */
export function judgePermissions(situation: Situation, permissions: readonly Permission[]): Conjunct {
  const { document } = situation.layer;
  const parts: Part[] = [];
  if (document.kind === "grant") {
    const only = permissions.length === 1 ? permissions[0]!.id : undefined;
    parts.push({
      holds: or(permissions.map((permission) => permits(situation, permission))),
      ...(only !== undefined && { rule: only }),
      subject: situation.request.operation,
    });
  }
  return { code: "no-permission", parts };
}

type Hits = (requested: string, banned: string) => boolean;

function prohibitionHits(situation: Situation, prohibition: Prohibition, hits: Hits): Expression {
  const { purposes } = prohibition;
  const requested = situation.request.purposes;
  const purpose = (banned: readonly string[]): Expression =>
    requested.length === 0
      ? known(false) // OPS-3: a deletion without purposes
      : relation(situation, () => requested.some((asked) => banned.some((name) => hits(asked, name))));
  const banned = banHits(situation, prohibition.operations);
  if (banned === no) return no; // whatever the rest says
  return and([banned, purposes ? purpose(purposes) : known(true), holdsForAny(situation, prohibition.when)]);
}

/** The two ways in which prohibitions hit. Spec: EVL-8, PUR-3. */
export function judgeProhibitions(situation: Situation): readonly [prohibited: Conjunct, tooBroad: Conjunct] {
  const { graph, document } = situation.layer;
  const within: Hits = (asked, banned) => graph.isWithin(asked, banned);
  const broader: Hits = (asked, banned) => asked !== banned && graph.isWithin(banned, asked);
  const parts = (list: readonly Prohibition[], hits: Hits): Part[] =>
    list.map((prohibition) => ({ holds: not(prohibitionHits(situation, prohibition, hits)), rule: prohibition.id }));
  const prohibitions = document.prohibitions ?? [];
  return [
    { code: "prohibited", parts: parts(prohibitions, within) },
    {
      code: "purpose-too-broad",
      parts: parts(
        prohibitions.filter(({ purposes }) => purposes !== undefined),
        broader,
      ),
    },
  ];
}

/** Whether a duty must be discharged; what says nothing must. */
export function isRequired(duty: Duty): boolean {
  return (duty.criticality ?? "required") === "required";
}

function appliesAny(situation: Situation, duty: Duty): Expression {
  const permissions = situation.layer.document.permissions ?? [];
  const naming = permissions.filter(({ duties }) => duties?.includes(duty.id));
  return or(naming.map((permission) => applies(situation, permission)));
}

/** Whether an approval that isn't older than `bound` seconds waives a duty of the policy. Spec: DUT-4. */
export function isApproved(state: DecisionState, policy: Digest, duty: string, bound: number | undefined): boolean {
  const waives = (approval: NonNullable<DecisionState["approvals"]>[number]): boolean =>
    approval.policy === policy && approval.waives === duty && !isBeyond(bound, approval.ageMs);
  return state.approvals?.some(waives) === true;
}

function judgeApproval({ layer, waived, state }: Situation, duty: Duty): Expression {
  const approved = isApproved(state, layer.policy, duty.id, staleAfter(layer, waived, "approval"));
  return approved ? known(true) : lookup(`approval:${duty.id}`);
}

/** Required duties of unknown types, and those due before the use. Spec: DUT-3, DUT-4. */
export function judgeDuties(situation: Situation): readonly [unknownType: Conjunct, undischarged: Conjunct] {
  const required = (situation.layer.document.duties ?? []).filter(isRequired);
  const unknownTypes = required.filter(({ type }) => isIri(type));
  const before = required.filter(({ trigger }) => trigger === "before-use");
  return [
    {
      code: "duty-unknown-type",
      parts: unknownTypes.map((duty) => ({
        holds: not(appliesAny(situation, duty)),
        rule: duty.id,
        subject: duty.type,
      })),
    },
    {
      code: "duty-undischarged",
      parts: before.map((duty) => ({
        holds: or([not(appliesAny(situation, duty)), judgeApproval(situation, duty)]),
        rule: duty.id,
      })),
    },
  ];
}
