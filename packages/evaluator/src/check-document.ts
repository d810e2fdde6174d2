// What a schema can't say about a document: dates, sizes, references, parameters, extensions. Spec: POL-18 gives the order.
import { checkConditions } from "./check-conditions.ts";
import { checkSchema } from "./check-schema.ts";
import { allNodes, isParam, placedConditions, placedItems, placedLimits } from "./document.ts";
import type { Condition, ConditionNode, Limits, Param, ParameterType, PlacedIn, PolicyDocument } from "./document.ts";
import { fieldType, operandTypes, parameterValueType } from "./field.ts";
import { at, Place, refuse } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { suggest } from "./suggestion.ts";
import { parseDuration, parseInstant } from "./time.ts";

const instants = ["notBefore", "notAfter", "deleteBy", "keepUntil"] as const;
const maxNesting = 16;
const maxConditionNesting = 8;
const maxConditionNodes = 256;

function checkDuration(text: string, pointer: Pointer): void {
  if (parseDuration(text) === null) refuse("policy-date", pointer, `\`${text}\` is longer than 36,500 days`);
}

function checkDatesOf(limits: Limits, pointer: Pointer): void {
  for (const name of instants) {
    const value = limits[name];
    if (typeof value === "string" && parseInstant(value) === null) {
      refuse("policy-date", new Place(pointer, name), `\`${value}\` is no date from 1970 to 9999`);
    }
  }
  for (const [name, text] of Object.entries(limits.maxStaleness ?? {})) {
    checkDuration(text, new Place(new Place(pointer, "maxStaleness"), name));
  }
}

/** Spec: POL-13. */
function checkDates(document: PolicyDocument): void {
  for (const { value, pointer } of placedLimits(document)) checkDatesOf(value, pointer);
  for (const { value, pointer } of placedItems(document.duties, "/duties")) {
    if (value.within !== undefined) checkDuration(value.within, new Place(pointer, "within"));
  }
}

/** Where in a value nesting exceeds `most`, or undefined. */
function tooDeep(value: object, most: number): string | undefined {
  if (most === 0) return "";
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (typeof item !== "object" || item === null) continue;
    const found = tooDeep(item, most - 1);
    if (found !== undefined) return at("", Object.keys(value)[index]!) + found;
  }
  return undefined;
}

/** Spec: POL-4. */
function checkSizes(document: PolicyDocument, conditions: readonly PlacedIn<Condition>[]): void {
  const deep = tooDeep(document, maxNesting);
  if (deep !== undefined) refuse("policy-too-large", deep, `nesting deeper than ${maxNesting}`);
  for (const { value, pointer } of conditions) {
    const place = tooDeep(value, maxConditionNesting);
    if (place === undefined) continue;
    refuse("policy-too-large", `${String(pointer)}${place}`, `a condition nested deeper than ${maxConditionNesting}`);
  }
}

/** Every node of every condition. Spec: POL-4. */
function checkedNodes(conditions: readonly PlacedIn<Condition>[]): readonly PlacedIn<ConditionNode>[] {
  let count = 0;
  const nodes: PlacedIn<ConditionNode>[] = [];
  for (const { value: condition, pointer: root, output } of conditions) {
    for (const { value, pointer } of allNodes(condition, root)) {
      count += value.kind === "field" ? Object.keys(value.operators).length : 1;
      nodes.push({ value, pointer, output });
    }
  }
  if (count > maxConditionNodes) {
    refuse("policy-too-large", "", `conditions of ${count} nodes where at most ${maxConditionNodes} may stand`);
  }
  return nodes;
}

/** Spec: POL-11. */
function checkReferences(document: PolicyDocument): void {
  const permissions = placedItems(document.permissions, "/permissions");
  const duties = placedItems(document.duties, "/duties");
  const seen = new Set<string>();
  for (const { value, pointer } of [
    ...permissions,
    ...placedItems(document.prohibitions, "/prohibitions"),
    ...duties,
  ]) {
    if (seen.has(value.id)) refuse("policy-reference", new Place(pointer, "id"), `id \`${value.id}\` stands twice`);
    seen.add(value.id);
  }
  const names = new Set(duties.map(({ value }) => value.id));
  const used = new Set<string>();
  for (const { value, pointer } of permissions) {
    for (const duty of placedItems(value.duties, new Place(pointer, "duties"))) {
      used.add(duty.value);
      if (!names.has(duty.value)) {
        refuse("policy-reference", duty.pointer, `there is no duty \`${duty.value}\`${suggest(duty.value, names)}`);
      }
    }
  }
  for (const { value, pointer } of duties) {
    if (!used.has(value.id)) refuse("policy-reference", pointer, `no permission names duty \`${value.id}\``);
  }
}

interface UsedParameter {
  readonly param: Param;
  readonly pointer: Pointer;
  /** Whether a parameter of the type may stand there. */
  readonly fits: (type: ParameterType) => boolean;
}

const isText = (type: ParameterType): boolean => type === "string" || type === "iri";
const isInstant = (type: ParameterType): boolean => type === "instant";

/** The parameter at a place or, for a list, those in it. */
function parametersIn(value: unknown, pointer: Pointer, fits: UsedParameter["fits"]): readonly UsedParameter[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => (isParam(item) ? parametersIn(item, new Place(pointer, index), fits) : []));
  }
  return isParam(value) ? [{ param: value, pointer, fits }] : [];
}

function limitParameters(limits: Limits, pointer: Pointer): readonly UsedParameter[] {
  return [
    ...instants.flatMap((name) => parametersIn(limits[name], new Place(pointer, name), isInstant)),
    ...parametersIn(limits.consents, new Place(pointer, "consents"), isText),
    ...placedItems(limits.parties, new Place(pointer, "parties")).flatMap((clause) =>
      parametersIn(clause.value, clause.pointer, isText),
    ),
    ...parametersIn(limits.notParties, new Place(pointer, "notParties"), isText),
  ];
}

function conditionParameters(nodes: readonly PlacedIn<ConditionNode>[]): readonly UsedParameter[] {
  const found: UsedParameter[] = [];
  for (const { value: node, pointer } of nodes) {
    if (node.kind !== "field") continue;
    for (const [operator, operand] of Object.entries(node.operators)) {
      const fits = (declared: ParameterType): boolean => {
        const type = fieldType(node.field);
        if (type === "kind" || type === "level" || type === "region") return false; // a closed set that a value could leave
        const given = parameterValueType(declared);
        return given !== null && (type === undefined || operandTypes(type, operator).includes(given));
      };
      found.push(...parametersIn(operand, new Place(pointer, operator), fits));
    }
  }
  return found;
}

/** Spec: POL-14. */
function checkParameters(document: PolicyDocument, nodes: readonly PlacedIn<ConditionNode>[]): void {
  const declared = document.parameters ?? {};
  const uses = [
    ...placedLimits(document).flatMap(({ value, pointer }) => limitParameters(value, pointer)),
    ...placedItems(document.permissions, "/permissions").flatMap(({ value, pointer }) =>
      parametersIn(value.consents, new Place(pointer, "consents"), isText),
    ),
    ...conditionParameters(nodes),
  ];
  const used = new Set<string>();
  for (const { param, pointer, fits } of uses) {
    if (!Object.hasOwn(declared, param.param)) {
      const names = Object.keys(declared);
      refuse("policy-parameter", pointer, `parameter \`${param.param}\` isn't declared${suggest(param.param, names)}`);
    }
    if (!fits(declared[param.param]!)) {
      refuse(
        "policy-parameter",
        pointer,
        `parameter \`${param.param}\` of type \`${declared[param.param]!}\` doesn't fit here`,
      );
    }
    used.add(param.param);
  }
  for (const name of Object.keys(declared)) {
    if (!used.has(name))
      refuse("policy-parameter", new Place("/parameters", name), `parameter \`${name}\` is declared and not used`);
  }
}

/** Spec: POL-12. */
function checkCritical(document: PolicyDocument): void {
  for (const { value, pointer } of placedItems(document.crit, "/crit")) {
    const why = Object.hasOwn(document.ext ?? {}, value) ? "has no handler here" : "is no member of `ext`";
    refuse("policy-crit", pointer, `critical extension \`${value}\` ${why}`);
  }
}

/** A value as a document that keeps all rules but those of terms. Throws PolicyError. Spec: POL-3, POL-18. */
export function checkDocument(value: unknown): PolicyDocument {
  checkSchema(value);
  const document = value as PolicyDocument;
  const conditions = placedConditions(document);
  checkDates(document);
  checkSizes(document, conditions);
  const nodes = checkedNodes(conditions);
  checkReferences(document);
  checkParameters(document, nodes);
  checkConditions(nodes, document.parameters ?? {});
  checkCritical(document);
  return document;
}
