// From a policy document to ODRL 2.2: what ODRL and its profile have no word for is refused where it stands. Spec 10.
import type { JsonObject, JsonValue } from "@writ/core";
import { checkDocument } from "./check-document.ts";
import { isParam, placedItems } from "./document.ts";
import type { Duty, Limits, Permission, Placed, PolicyDocument, Prohibition } from "./document.ts";
import { fromCondition, fromPurposes } from "./odrl-constraint.ts";
import { unsupported } from "./odrl-node.ts";
import {
  actionByDutyType,
  actionByOperation,
  limitOperands,
  literalMembers,
  odrlContext,
  profileIri,
  profileNamespace,
  triggerByOperator,
  useOperations,
} from "./odrl-terms.ts";
import { at } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { copyPolicyValue } from "./policy-text.ts";

/** What a policy document doesn't say of itself. */
export interface OdrlExportOptions {
  /** The asset that the policy is for, as ODRL asks of a rule. */
  readonly target?: string;
}

const operatorByTrigger = new Map([...triggerByOperator].map(([operator, trigger]) => [trigger, operator]));
const limitMembers = new Set([
  ...limitOperands.map(({ member }) => member),
  "purposes",
  "notPurposes",
  "notOperations",
]);

function checkExpressible(document: PolicyDocument): void {
  for (const member of ["parameters", "crit", "ext"] as const) {
    if (document[member]) unsupported(at("", member), `ODRL has no word for \`${member}\``);
  }
  for (const member of Object.keys(document.limits ?? {})) {
    if (!limitMembers.has(member)) unsupported(at("/limits", member), `ODRL has no word for \`${member}\``);
    const banned = member === "notPurposes" || member === "notOperations";
    if (document.kind === "restrict" && !banned)
      unsupported(at("/limits", member), "ODRL has no limits without permissions");
  }
  if (document.kind === "restrict" && prohibitionsOf(document).length === 0)
    unsupported("", "a restriction without prohibitions has no rule of ODRL");
}

/** Constraints that limits put on every permission, in the order of the table. */
function limitConstraints(limits: Limits): readonly JsonValue[] {
  return limitOperands.flatMap(({ member, operand, operator, form }): readonly JsonValue[] => {
    const value = limits[member as keyof Limits] as JsonValue | undefined;
    if (value === undefined) return [];
    if (JSON.stringify(value).includes('{"param":') && [value].flat(2).some(isParam))
      unsupported(at("/limits", member), "ODRL has no word for parameters");
    const leftOperand = operand;
    if (form === "clause")
      return (value as JsonValue[]).map((rightOperand) => ({ leftOperand, operator, rightOperand }));
    if (form === "counter")
      return Object.entries(value as Record<string, number>).map(([unit, rightOperand]) => ({
        leftOperand,
        operator,
        rightOperand,
        unit,
      }));
    if (operand !== "dateTime") return [{ leftOperand, operator, rightOperand: value }];
    return [{ leftOperand, operator, rightOperand: { "@value": value, "@type": "xsd:dateTime" } }];
  });
}

function distinct(items: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function fromDuty(
  { id, type, trigger, within, by, proof, criticality }: Duty,
  pointer: Pointer,
  uid: string,
): JsonValue {
  if (proof !== undefined) unsupported(at(pointer, "proof"), "ODRL has no word for the proof of a duty");
  if ((criticality ?? "required") !== "required") unsupported(at(pointer, "criticality"), "a duty of ODRL is required");
  const action =
    actionByDutyType.get(type) ?? unsupported(at(pointer, "type"), `ODRL has no word for duty \`${type}\``);
  if (type === "delete" && trigger === "before-use")
    unsupported(at(pointer, "trigger"), "ODRL can't delete before the use");
  const constraint: JsonValue[] = [
    { leftOperand: "event", operator: operatorByTrigger.get(trigger)!, rightOperand: { "@id": "odrl:policyUsage" } },
  ];
  if (within !== undefined) {
    const rightOperand = { "@value": within, "@type": "xsd:duration" };
    constraint.push({ leftOperand: "elapsedTime", operator: "lteq", rightOperand });
  }
  return { uid: `${uid}#${id}`, action, ...(by !== undefined && { assignee: by }), constraint };
}

function actionsOf(operations: readonly string[]): JsonValue {
  const isUse = JSON.stringify(operations) === JSON.stringify(useOperations);
  return isUse ? "use" : operations.map((name) => actionByOperation.get(name)!);
}

function fromPermission(
  { value, pointer }: Placed<Permission>,
  document: PolicyDocument,
  target: JsonObject,
): JsonValue {
  for (const member of ["unrestricted", "consents", "waives"] as const) {
    if (value[member]) unsupported(at(pointer, member), `ODRL has no word for \`${member}\` of a permission`);
  }
  const { id, authority: _, limits = {}, duties = [] } = document;
  const clauses = [...(limits.purposes ?? []), ...(value.purposes ? [value.purposes] : [])].map(fromPurposes);
  const constraint = [
    ...limitConstraints(limits),
    ...distinct(clauses),
    ...(value.when ? fromCondition(value.when, at(pointer, "when")) : []),
  ];
  const named = placedItems(duties, "/duties").filter((duty) => value.duties?.includes(duty.value.id));
  return {
    uid: `${id}#${value.id}`,
    ...target,
    action: actionsOf(value.operations),
    ...(constraint.length > 0 && { constraint }),
    ...(named.length > 0 && { duty: named.map((duty) => fromDuty(duty.value, duty.pointer, id)) }),
  };
}

/** Bans of the limits as prohibitions, then those of the document. */
function prohibitionsOf({ limits = {}, ...document }: PolicyDocument): readonly Placed<Prohibition>[] {
  const { notOperations, notPurposes } = limits;
  const taken = [...(document.permissions ?? []), ...(document.prohibitions ?? []), ...(document.duties ?? [])];
  const free = (name: string): string => (taken.some(({ id }) => id === name) ? free(`${name}-`) : name);
  return [
    ...(notOperations
      ? [{ value: { id: free("notOperations"), operations: notOperations }, pointer: "/limits/notOperations" }]
      : []),
    ...(notPurposes
      ? [
          {
            value: { id: free("notPurposes"), operations: ["*"], purposes: notPurposes },
            pointer: "/limits/notPurposes",
          },
        ]
      : []),
    ...placedItems(document.prohibitions, "/prohibitions"),
  ];
}

function fromProhibition({ value, pointer }: Placed<Prohibition>, uid: string, target: JsonObject): JsonValue {
  const { id, operations, purposes, when } = value;
  const constraint = [
    ...(purposes ? [fromPurposes(purposes)] : []),
    ...(when ? fromCondition(when, at(pointer, "when")) : []),
  ];
  const action = operations[0] === "*" ? "use" : operations.map((name) => actionByOperation.get(name)!);
  return { uid: `${uid}#${id}`, ...target, action, ...(constraint.length > 0 && { constraint }) };
}

/** An ODRL 2.2 policy (JSON-LD) that decides alike. Throws PolicyError `odrl-unsupported` with a pointer into the document, and as `prepare` does. Spec: ODR-1, ODR-7. */
export function policyToOdrl(document: JsonObject, options: OdrlExportOptions = {}): JsonObject {
  const unknown = Object.keys(options).find((name) => name !== "target");
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  const policy = checkDocument(copyPolicyValue(document));
  checkExpressible(policy);
  const target: JsonObject = options.target === undefined ? {} : { target: options.target };
  const members = policy as unknown as JsonObject;
  const literals = literalMembers.flatMap((member) =>
    members[member] === undefined
      ? []
      : [[profileNamespace + member, { "@type": "@json", "@value": members[member] }] as const],
  );
  const permission = placedItems(policy.permissions, "/permissions").map((one) => fromPermission(one, policy, target));
  const prohibition = prohibitionsOf(policy).map((one) => fromProhibition(one, policy.id, target));
  const rules = {
    ...Object.fromEntries(literals),
    ...(permission.length > 0 && { permission }),
    ...(prohibition.length > 0 && { prohibition }),
  };
  return {
    "@context": odrlContext,
    "@type": "Set",
    uid: policy.id,
    ...(JSON.stringify(rules).includes(`"${profileNamespace}`) && { profile: profileIri }),
    conflict: "prohibit",
    assigner: policy.authority,
    ...rules,
  };
}
