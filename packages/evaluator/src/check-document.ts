// What a schema can't say about a document: dates, sizes, references, parameters, extensions. Spec: POL-18 gives the order.
import { checkConditions } from "./check-conditions.ts";
import { checkSchema } from "./check-schema.ts";
import { isParam, placedConditions, placedItems, placedLimits, allNodes } from "./document.ts";
import type { Limits, Param, ParameterType, PolicyDocument } from "./document.ts";
import { fieldType, operandTypes, parameterValueType } from "./field.ts";
import { at, refuse } from "./pointer.ts";
import { suggest } from "./suggestion.ts";
import { parseDuration, parseInstant } from "./time.ts";

const instants = ["notBefore", "notAfter", "deleteBy", "keepUntil"] as const;
const maxNesting = 16;
const maxConditionNesting = 8;
const maxConditionNodes = 256;

function checkDuration(text: string, pointer: string): void {
  if (parseDuration(text) === null) refuse("policy-date", pointer, `\`${text}\` is longer than 36,500 days`);
}

function checkDatesOf(limits: Limits, pointer: string): void {
  for (const name of instants) {
    const value = limits[name];
    if (typeof value === "string" && parseInstant(value) === null) {
      refuse("policy-date", at(pointer, name), `\`${value}\` is no date from 1970 to 9999`);
    }
  }
  for (const [name, text] of Object.entries(limits.maxStaleness ?? {})) {
    checkDuration(text, at(at(pointer, "maxStaleness"), name));
  }
}

/** Spec: POL-13. */
function checkDates(document: PolicyDocument): void {
  for (const { value, pointer } of placedLimits(document)) checkDatesOf(value, pointer);
  for (const { value, pointer } of placedItems(document.duties, "/duties")) {
    if (value.within !== undefined) checkDuration(value.within, at(pointer, "within"));
  }
}

/** Where nesting exceeds `most`, or undefined. */
function tooDeep(value: unknown, pointer: string, most: number): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (most === 0) return pointer;
  for (const [name, item] of Object.entries(value)) {
    const found = tooDeep(item, at(pointer, name), most - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Spec: POL-4. */
function checkSizes(document: PolicyDocument): void {
  const deep = tooDeep(document, "", maxNesting);
  if (deep !== undefined) refuse("policy-too-large", deep, `nesting deeper than ${maxNesting}`);
  let nodes = 0;
  for (const { value, pointer } of placedConditions(document)) {
    const place = tooDeep(value, pointer, maxConditionNesting);
    if (place !== undefined) refuse("policy-too-large", place, `a condition nested deeper than ${maxConditionNesting}`);
    for (const { value: node } of allNodes(value, pointer))
      nodes += node.kind === "field" ? Object.keys(node.operators).length : 1;
  }
  if (nodes > maxConditionNodes) {
    refuse("policy-too-large", "", `conditions of ${nodes} nodes where at most ${maxConditionNodes} may stand`);
  }
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
    if (seen.has(value.id)) refuse("policy-reference", at(pointer, "id"), `id \`${value.id}\` stands twice`);
    seen.add(value.id);
  }
  const names = new Set(duties.map(({ value }) => value.id));
  const used = new Set<string>();
  for (const { value, pointer } of permissions) {
    for (const duty of placedItems(value.duties, at(pointer, "duties"))) {
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
  readonly pointer: string;
  /** Whether a parameter of the type may stand there. */
  readonly fits: (type: ParameterType) => boolean;
}

const isText = (type: ParameterType): boolean => type === "string" || type === "iri";

function parametersIn(list: readonly unknown[] | undefined, pointer: string): readonly UsedParameter[] {
  return placedItems(list, pointer).flatMap(({ value, pointer: place }) =>
    isParam(value) ? [{ param: value, pointer: place, fits: isText }] : [],
  );
}

function limitParameters(limits: Limits, pointer: string): readonly UsedParameter[] {
  const dates = instants.flatMap((name): UsedParameter[] => {
    const value = limits[name];
    return isParam(value) ? [{ param: value, pointer: at(pointer, name), fits: (type) => type === "instant" }] : [];
  });
  return [
    ...dates,
    ...parametersIn(limits.consents, at(pointer, "consents")),
    ...(limits.parties ?? []).flatMap((clause, index) => parametersIn(clause, at(at(pointer, "parties"), index))),
    ...parametersIn(limits.notParties, at(pointer, "notParties")),
  ];
}

function conditionParameters(document: PolicyDocument): readonly UsedParameter[] {
  const found: UsedParameter[] = [];
  for (const { value, pointer } of placedConditions(document)) {
    for (const { value: node, pointer: nodePlace } of allNodes(value, pointer)) {
      if (node.kind !== "field") continue;
      const type = fieldType(node.field);
      for (const [operator, operand] of Object.entries(node.operators)) {
        const place = at(nodePlace, operator);
        const items = Array.isArray(operand)
          ? placedItems(operand, place)
          : [{ value: operand as unknown, pointer: place }];
        const fits = (declared: ParameterType): boolean => {
          const found = parameterValueType(declared);
          if (type === "kind" || type === "level" || type === "region") return false; // a closed set that a value could leave
          return found !== null && (type === undefined || operandTypes(type, operator).includes(found));
        };
        for (const item of items)
          if (isParam(item.value)) found.push({ param: item.value, pointer: item.pointer, fits });
      }
    }
  }
  return found;
}

/** Spec: POL-14. */
function checkParameters(document: PolicyDocument): void {
  const declared = document.parameters ?? {};
  const uses = [
    ...placedLimits(document).flatMap(({ value, pointer }) => limitParameters(value, pointer)),
    ...placedItems(document.permissions, "/permissions").flatMap(({ value, pointer }) =>
      parametersIn(value.consents, at(pointer, "consents")),
    ),
    ...conditionParameters(document),
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
      refuse("policy-parameter", at("/parameters", name), `parameter \`${name}\` is declared and not used`);
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
  checkDates(document);
  checkSizes(document);
  checkReferences(document);
  checkParameters(document);
  checkConditions(document);
  checkCritical(document);
  return document;
}
