// From ODRL 2.2 to a policy document: what isn't understood is refused where it stands, nothing is dropped. Spec 10.
import type { JsonObject, JsonValue } from "@writ/core";
import { checkDocument } from "./check-document.ts";
import type { Condition, Duty, Limits, Permission, Prohibition, PurposeElement } from "./document.ts";
import { isIri } from "./field.ts";
import { conjunction, constraintAt, toConditions, toPurposes, valueOf, valuesOf } from "./odrl-constraint.ts";
import type { Constraint, Reading, Triple } from "./odrl-constraint.ts";
import { elementsAt, membersAt, resolverOf, textAt, unsupported, wordOf } from "./odrl-node.ts";
import type { Located } from "./odrl-node.ts";
import {
  dutyTypeByAction,
  limitOperands,
  literalMembers,
  operationByAction,
  profileIri,
  profileNamespace,
  triggerByOperator,
  useOperations,
} from "./odrl-terms.ts";
import type { LimitOperand } from "./odrl-terms.ts";
import { isOutbound } from "./operation-table.ts";
import { at } from "./pointer.ts";
import { copyPolicyValue, parsePolicyText } from "./policy-text.ts";
import { suggest } from "./suggestion.ts";
import { parseInstant } from "./time.ts";

/** What a policy of ODRL leaves to its reader. */
export interface OdrlImportOptions {
  /** Who signs the document; needed where the policy names no assigner, else equal to it. */
  readonly authority?: string;
  /** The asset that is meant; needed where the policy names one, and equal to it: a layer governs what carries it. */
  readonly target?: string;
  /** Left operands, as full IRIs, that stand for facts of a request. */
  readonly facts?: readonly string[];
}

/** What holds for the whole policy. */
interface Frame extends Reading {
  readonly uid: string;
  readonly authority: string;
  readonly assignee: string | undefined;
  readonly target: string | undefined;
}

interface StatedLimit {
  readonly limit: LimitOperand;
  readonly value: JsonValue;
  readonly pointer: string;
}

interface ReadPermission {
  readonly id: string;
  readonly operations: readonly string[];
  readonly limits: readonly StatedLimit[];
  readonly clauses: readonly (readonly PurposeElement[])[];
  readonly conditions: readonly Condition[];
  readonly duties: readonly Duty[];
  readonly pointer: string;
}

const ruleMembers = ["uid", "type", "target", "assigner", "assignee", "action", "constraint"];
const policyMembers = [
  "@context",
  "type",
  "uid",
  "profile",
  "conflict",
  "target",
  "assigner",
  "assignee",
  "permission",
  "prohibition",
  ...literalMembers.map((member) => profileNamespace + member),
];

/** The name of a rule or duty: what follows the policy's own IRI and `#`. */
function idAt(
  uid: JsonValue | undefined,
  pointer: string,
  frame: Pick<Frame, "uid" | "resolve">,
  other: string,
): string {
  if (uid === undefined) return other;
  const name = frame.resolve(textAt(uid, at(pointer, "uid")));
  const id = name.startsWith(`${frame.uid}#`) ? name.slice(frame.uid.length + 1) : "";
  if (!/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(id))
    unsupported(at(pointer, "uid"), `a rule is named by the policy's own IRI, \`#\` and a name`);
  return id;
}

/** An IRI that stands as a text or as an object with nothing but its name. */
function iriAt(value: JsonValue | undefined, pointer: string, frame: Pick<Frame, "resolve">): string {
  const [first, ...more] = elementsAt(value, pointer);
  if (first === undefined || more.length > 0) return unsupported(pointer, "one IRI has to stand here");
  const name = typeof first.value === "string" ? first.value : membersAt(first.value, first.pointer, ["uid"])["uid"];
  const iri = frame.resolve(textAt(name, pointer));
  return isIri(iri) ? iri : unsupported(pointer, `\`${iri}\` is no IRI`);
}

function checkRule(rule: JsonObject, pointer: string, kind: string, frame: Frame): void {
  const { type, target, assigner } = rule;
  if (type !== undefined && wordOf(frame.resolve(textAt(type, at(pointer, "type")))) !== kind)
    unsupported(at(pointer, "type"), `a rule that is no ${kind.toLowerCase()}`);
  if (target !== undefined) checkTarget(target, at(pointer, "target"), frame);
  if (assigner !== undefined && iriAt(assigner, at(pointer, "assigner"), frame) !== frame.authority)
    unsupported(at(pointer, "assigner"), "an assigner other than the policy's");
}

/** Spec: ODR-5. */
function checkTarget(value: JsonValue, pointer: string, frame: Pick<Frame, "resolve" | "target">): void {
  const iri = iriAt(value, pointer, frame);
  if (frame.target === undefined) unsupported(pointer, `say with \`target\` that the data is \`${iri}\``);
  if (frame.target !== iri) unsupported(pointer, `the policy is for \`${iri}\`, not for \`${frame.target}\``);
}

/** Who may use: the rule's assignee, else the policy's; every link of a delegation belongs to it. */
function assigneeOf(rule: JsonObject, pointer: string, frame: Frame): readonly Condition[] {
  const assignee =
    rule["assignee"] === undefined ? frame.assignee : iriAt(rule["assignee"], at(pointer, "assignee"), frame);
  return assignee === undefined ? [] : [{ "principal.org": { eq: assignee } }];
}

function actionsAt(value: JsonValue | undefined, pointer: string, frame: Frame): readonly Located<string>[] {
  const found = elementsAt(value, pointer).map((item) => {
    const name = typeof item.value === "string" ? item.value : membersAt(item.value, item.pointer, ["uid"])["uid"];
    return { value: wordOf(frame.resolve(textAt(name, item.pointer))), pointer: item.pointer };
  });
  return found.length > 0 ? found : unsupported(pointer, "`action` is missing");
}

function operationOf({ value, pointer }: Located<string>): string {
  const names = [...operationByAction.keys(), "use"];
  return (
    operationByAction.get(value) ??
    unsupported(pointer, `action \`${value}\` has no counterpart here${suggest(value, names)}`)
  );
}

function permittedAt(value: JsonValue | undefined, pointer: string, frame: Frame): readonly string[] {
  const found = actionsAt(value, pointer, frame).flatMap((action): readonly string[] => {
    if (action.value === "delete") unsupported(action.pointer, "deletion needs no permission");
    return action.value === "use" ? useOperations : [operationOf(action)];
  });
  return [...new Set(found)];
}

function bannedAt(value: JsonValue | undefined, pointer: string, frame: Frame): readonly string[] {
  const found = actionsAt(value, pointer, frame);
  if (!found.some((action) => action.value === "use")) return [...new Set(found.map(operationOf))];
  return found.length === 1 ? ["*"] : unsupported(pointer, "`use` stands alone in a prohibition");
}

function limitOf(triple: Triple): LimitOperand | undefined {
  const { operand, operator } = triple;
  if (operand === "spatial" && ["eq", "isPartOf"].includes(operator))
    return limitOperands.find(({ member }) => member === "regions");
  if (operand === "dateTime" && ["gt", "lteq"].includes(operator))
    return limitOperands.find(({ member }) => member === (operator === "gt" ? "notBefore" : "notAfter"));
  return limitOperands.find((limit) => limit.operand === operand && limit.operator === operator);
}

/** `gt` and `lteq` as `gteq` and `lt` of the next second: time is counted in whole ones. */
function instantOf(triple: Triple, text: string): string {
  const seconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? parseInstant(text) : null;
  if (seconds === null) return unsupported(at(triple.pointer, "rightOperand"), `\`${text}\` is no instant of UTC`);
  const later = triple.operator === "gt" || triple.operator === "lteq" ? 1 : 0;
  return new Date((seconds + later) * 1000).toISOString().replace(".000Z", "Z");
}

function limitValue(limit: LimitOperand, triple: Triple, frame: Frame): JsonValue {
  const { unit, pointer } = triple;
  if (unit !== undefined && limit.form !== "counter") unsupported(at(pointer, "unit"), "a unit isn't understood here");
  if (limit.form === "clause" || limit.form === "list") return valuesOf(triple, frame.resolve);
  const value = valueOf(triple, frame.resolve);
  if (limit.form === "counter") return { [unit ?? frame.uid]: value };
  return limit.operand === "dateTime" ? instantOf(triple, String(value)) : value;
}

/** A duty of a permission. Spec: ODR-6. */
function dutyAt({ value, pointer }: Located<JsonValue>, frame: Frame, next: () => string): Duty {
  const rule = membersAt(value, pointer, ["uid", "type", "action", "assignee", "constraint"]);
  checkRule({ type: rule["type"] ?? "Duty" }, pointer, "Duty", frame);
  const [action, ...more] = actionsAt(rule["action"], at(pointer, "action"), frame);
  const type = dutyTypeByAction.get(action!.value);
  if (type === undefined || more.length > 0)
    return unsupported(at(pointer, "action"), `duty \`${action!.value}\` has no counterpart here`);
  let trigger = "before-use";
  let within: string | undefined;
  for (const part of elementsAt(rule["constraint"], at(pointer, "constraint"))) {
    const constraint = constraintAt(part, frame.resolve);
    if (constraint.kind !== "one") return unsupported(part.pointer, "a duty has no logical constraints");
    const { operand, operator } = constraint.triple;
    const text = wordOf(frame.resolve(String(valueOf(constraint.triple, frame.resolve))));
    const when = operand === "event" && text === "policyUsage" ? triggerByOperator.get(operator) : undefined;
    if (when !== undefined) trigger = when;
    else if (operand === "elapsedTime" && operator === "lteq") within = text;
    else unsupported(part.pointer, "a duty has `event policyUsage` and `elapsedTime lteq` only");
  }
  if (type === "delete" && trigger === "before-use")
    unsupported(pointer, "deletion before the use: say `event gt policyUsage`");
  const { assignee } = rule;
  return {
    id: idAt(rule["uid"], pointer, frame, next()),
    type,
    trigger: trigger as Duty["trigger"],
    ...(within !== undefined && { within }),
    ...(assignee !== undefined && { by: iriAt(assignee, at(pointer, "assignee"), frame) }),
  };
}

function permissionAt(
  { value, pointer }: Located<JsonValue>,
  id: string,
  frame: Frame,
  next: () => string,
): ReadPermission {
  const rule = membersAt(value, pointer, [...ruleMembers, "duty"]);
  checkRule(rule, pointer, "Permission", frame);
  const limits: StatedLimit[] = [];
  const clauses: (readonly PurposeElement[])[] = [];
  const conditions: Condition[] = [...assigneeOf(rule, pointer, frame)];
  for (const part of elementsAt(rule["constraint"], at(pointer, "constraint"))) {
    const constraint: Constraint = constraintAt(part, frame.resolve);
    const clause = toPurposes(constraint, frame.resolve);
    const limit = constraint.kind === "one" ? limitOf(constraint.triple) : undefined;
    if (clause) clauses.push(clause);
    else if (limit && constraint.kind === "one")
      limits.push({ limit, value: limitValue(limit, constraint.triple, frame), pointer: part.pointer });
    else conditions.push(...toConditions(constraint, frame));
  }
  return {
    id: idAt(rule["uid"], pointer, frame, id),
    operations: permittedAt(rule["action"], at(pointer, "action"), frame),
    limits,
    clauses,
    conditions,
    duties: elementsAt(rule["duty"], at(pointer, "duty")).map((duty) => dutyAt(duty, frame, next)),
    pointer,
  };
}

function prohibitionAt({ value, pointer }: Located<JsonValue>, id: string, frame: Frame): Prohibition {
  const rule = membersAt(value, pointer, ruleMembers);
  checkRule(rule, pointer, "Prohibition", frame);
  let purposes: readonly string[] | undefined;
  const conditions: Condition[] = [...assigneeOf(rule, pointer, frame)];
  for (const part of elementsAt(rule["constraint"], at(pointer, "constraint"))) {
    const constraint = constraintAt(part, frame.resolve);
    const clause = toPurposes(constraint, frame.resolve);
    if (!clause) conditions.push(...toConditions(constraint, frame));
    else if (purposes) unsupported(part.pointer, "a second constraint on purposes");
    else purposes = clause.map((element) => (typeof element === "string" ? element : element.exactly)); // a ban holds for narrower purposes
  }
  return {
    id: idAt(rule["uid"], pointer, frame, id),
    operations: bannedAt(rule["action"], at(pointer, "action"), frame),
    ...(purposes && { purposes }),
    ...(conditions.length > 0 && { when: conjunction(conditions) }),
  };
}

const keyOf = ({ limit, value }: StatedLimit): string => JSON.stringify([limit.member, value]);

/** Spatial constraints that only some permissions state hold for the place of processing; for what leaves they would say too little. */
function ownRegions(permission: ReadPermission, shared: ReadonlySet<string>): readonly Condition[] {
  return permission.limits
    .filter((stated) => !shared.has(keyOf(stated)))
    .map(({ limit, value, pointer }) => {
      if (limit.member !== "regions" || permission.operations.some(isOutbound))
        return unsupported(pointer, "a constraint that every permission has to state, or none");
      return { region: { in: value as readonly string[] } };
    });
}

/** Limits that all permissions state. Spec: ODR-4. */
function sharedLimits(permissions: readonly ReadPermission[]): { limits: Limits; keys: ReadonlySet<string> } {
  const [first, ...others] = permissions;
  const shared = (first?.limits ?? []).filter((stated) =>
    others.every(({ limits }) => limits.some((other) => keyOf(other) === keyOf(stated))),
  );
  const limits: Record<string, JsonValue> = {};
  for (const { limit, value, pointer } of shared) {
    const there = limits[limit.member];
    if (limit.form === "clause") limits[limit.member] = [...((there ?? []) as JsonValue[]), value];
    else if (limit.form === "counter" && !Object.hasOwn((there ?? {}) as object, Object.keys(value as object)[0]!))
      limits[limit.member] = { ...(there as object | undefined), ...(value as object) } as JsonValue;
    else if (there === undefined) limits[limit.member] = value;
    else unsupported(pointer, "a constraint that is stated twice");
  }
  return { limits, keys: new Set(shared.map(keyOf)) };
}

/** Clauses that all permissions state, where one permission states several: a permission has one of its own. */
function sharedClauses(permissions: readonly ReadPermission[]): readonly (readonly PurposeElement[])[] {
  if (permissions.every(({ clauses }) => clauses.length < 2)) return [];
  const [first, ...others] = permissions;
  const has = (list: ReadPermission["clauses"], clause: unknown): boolean =>
    list.some((other) => JSON.stringify(other) === JSON.stringify(clause));
  return first!.clauses.filter((clause) => others.every(({ clauses }) => has(clauses, clause)));
}

function permissionFrom(read: ReadPermission, shared: ReadonlySet<string>, clauses: readonly unknown[]): Permission {
  const common = new Set(clauses.map((clause) => JSON.stringify(clause)));
  const own = read.clauses.filter((clause) => !common.has(JSON.stringify(clause)));
  if (own.length > 1)
    unsupported(read.pointer, "a second constraint on purposes that the other permissions don't state");
  const conditions = [...read.conditions, ...ownRegions(read, shared)];
  return {
    id: read.id,
    operations: read.operations,
    ...(own.length === 1 && { purposes: own[0]! }),
    ...(conditions.length > 0 && { when: conjunction(conditions) }),
    ...(read.duties.length > 0 && { duties: read.duties.map(({ id }) => id) }),
  };
}

function dutiesOf(permissions: readonly ReadPermission[]): readonly Duty[] {
  const found = new Map<string, Duty>();
  for (const { duties, pointer } of permissions) {
    for (const duty of duties) {
      if (JSON.stringify(found.get(duty.id) ?? duty) !== JSON.stringify(duty))
        unsupported(at(pointer, "duty"), `two duties are called \`${duty.id}\``);
      found.set(duty.id, duty);
    }
  }
  return [...found.values()];
}

/** Members of the profile, as they stand. */
function literalsOf(policy: JsonObject): JsonObject {
  return Object.fromEntries(
    literalMembers.flatMap((member) => {
      const name = profileNamespace + member;
      if (policy[name] === undefined) return [];
      const { type, "@value": value } = membersAt(policy[name], `/${name}`, ["type", "@value"]);
      if (type !== "@json" || value === undefined) unsupported(`/${name}`, "a JSON literal has to stand here");
      return [[member, value]];
    }),
  );
}

function checkPolicy(policy: JsonObject, frame: Frame): void {
  const { type = "Set", conflict, profile, target, assignee } = policy;
  const kind = wordOf(frame.resolve(textAt(type, "/@type")));
  if (kind !== "Set" && kind !== "Policy" && kind !== "Agreement")
    unsupported("/@type", `a policy of type \`${kind}\` grants nothing yet`);
  if (kind === "Agreement" && assignee === undefined) unsupported("/@type", "an agreement has an assignee");
  for (const { value, pointer } of elementsAt(profile, "/profile")) {
    if (frame.resolve(textAt(value, pointer)) !== profileIri) unsupported(pointer, "a profile that isn't understood");
  }
  if (target !== undefined) checkTarget(target, "/target", frame);
  const strategy = conflict === undefined ? "invalid" : wordOf(frame.resolve(textAt(conflict, "/conflict")));
  const mayConflict = policy["permission"] !== undefined && policy["prohibition"] !== undefined;
  if (strategy === "perm" || (strategy !== "prohibit" && (strategy !== "invalid" || mayConflict)))
    unsupported(
      "/conflict",
      `with conflict \`${strategy}\` a prohibition doesn't win: only \`prohibit\` is understood`,
    ); // ODR-2
}

function frameOf(policy: JsonObject, { authority, target, facts = [] }: OdrlImportOptions): Frame {
  const words = [...policyMembers, ...ruleMembers, "duty", "leftOperand", "operator", "rightOperand"];
  const resolve = resolverOf(policy["@context"], words);
  const uid = iriAt(policy["uid"], "/uid", { resolve });
  const { assigner, assignee } = policy;
  const named = assigner === undefined ? authority : iriAt(assigner, "/assigner", { resolve });
  if (named === undefined)
    return unsupported("/assigner", "say with `authority` who signs the policy: it names no assigner");
  if (authority !== undefined && named !== authority)
    unsupported("/assigner", `the assigner is \`${named}\`, not \`${authority}\``);
  return {
    resolve,
    facts,
    uid,
    authority: named,
    assignee: assignee === undefined ? undefined : iriAt(assignee, "/assignee", { resolve }),
    target,
  };
}

function checkOptions(options: OdrlImportOptions): void {
  const unknown = Object.keys(options).find((name) => !["authority", "target", "facts"].includes(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
}

/** A policy document from an ODRL 2.2 policy, JSON-LD as text or value. Throws PolicyError `odrl-unsupported` with a pointer into it, and as `prepare` does. Spec: ODR-1 to ODR-6. */
export function policyFromOdrl(odrl: string | JsonObject, options: OdrlImportOptions = {}): JsonObject {
  checkOptions(options);
  const value = typeof odrl === "string" ? parsePolicyText(odrl) : copyPolicyValue(odrl);
  const policy = membersAt(value, "", policyMembers);
  const frame = frameOf(policy, options);
  checkPolicy(policy, frame);
  let counted = 0;
  const nextDuty = (): string => `d${(counted += 1)}`;
  const read = elementsAt(policy["permission"], "/permission").map((rule, index) =>
    permissionAt(rule, `p${index + 1}`, frame, nextDuty),
  );
  const prohibitions = elementsAt(policy["prohibition"], "/prohibition").map((rule, index) =>
    prohibitionAt(rule, `f${index + 1}`, frame),
  );
  if (read.length + prohibitions.length === 0) unsupported("", "a policy without rules");
  const { limits: stated, keys } = sharedLimits(read);
  const clauses = sharedClauses(read);
  const limits: Limits = { ...(clauses.length > 0 && { purposes: clauses }), ...stated };
  const duties = dutiesOf(read);
  const document = {
    version: 1,
    kind: read.length > 0 ? "grant" : "restrict",
    id: frame.uid,
    authority: frame.authority,
    ...literalsOf(policy),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(read.length > 0 && { permissions: read.map((one) => permissionFrom(one, keys, clauses)) }),
    ...(prohibitions.length > 0 && { prohibitions }),
    ...(duties.length > 0 && { duties }),
  } as unknown as JsonObject;
  return checkDocument(document) as unknown as JsonObject;
}
