// The conditions of a document: what they name and with what they compare. Spec: REQ-1, REQ-2.
import { isParam, placedItems } from "./document.ts";
import type { ConditionNode, Operators, ParameterType, PlacedIn, Scalar } from "./document.ts";
import { fieldNames, fieldType, isFieldValue, operandTypes, operatorsOf, parameterValueType } from "./field.ts";
import type { FieldType, ValueType } from "./field.ts";
import { Place, refuse } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { suggest } from "./suggestion.ts";

type Declared = Readonly<Record<string, ParameterType>>;

function typeOfOperand(operand: unknown, declared: Declared): ValueType | null {
  if (!isParam(operand)) return typeof operand as ValueType;
  return Object.hasOwn(declared, operand.param) ? parameterValueType(declared[operand.param]!) : null;
}

function checkOperand(
  type: FieldType,
  operator: string,
  operand: unknown,
  pointer: Pointer,
  declared: Declared,
): ValueType {
  const found = typeOfOperand(operand, declared);
  if (found === null || !operandTypes(type, operator).includes(found)) {
    refuse("policy-operand", pointer, `an operand that \`${operator}\` can't compare with this field`);
  }
  if (!isParam(operand) && !isFieldValue(type, operand as Scalar)) {
    refuse("policy-operand", pointer, `\`${String(operand)}\` is no ${type} that the field can have`);
  }
  return found;
}

function checkOperator(
  type: FieldType,
  operator: string,
  operand: unknown,
  pointer: Pointer,
  declared: Declared,
): void {
  if (!operatorsOf(type).includes(operator)) {
    refuse(
      "policy-operand",
      pointer,
      `\`${operator}\` doesn't apply to this field${suggest(operator, operatorsOf(type))}`,
    );
  }
  if (operator === "exists") return;
  const items = Array.isArray(operand)
    ? placedItems(operand as readonly unknown[], pointer)
    : [{ value: operand, pointer }];
  const first = checkOperand(type, operator, items[0]!.value, items[0]!.pointer, declared);
  for (const item of items) {
    if (checkOperand(type, operator, item.value, item.pointer, declared) !== first) {
      refuse("policy-operand", pointer, `the list of \`${operator}\` mixes types`);
    }
  }
}

function checkField(name: string, operators: Operators, pointer: Pointer, declared: Declared, output: boolean): void {
  const type = fieldType(name);
  if (type === undefined) {
    refuse("policy-unknown-operand", pointer, `\`${name}\` is no field of conditions${suggest(name, fieldNames)}`);
  }
  if (output && !name.startsWith("output.")) {
    refuse("policy-unknown-operand", pointer, `\`requires\` names \`output\` fields only, not \`${name}\``);
  }
  for (const [operator, operand] of Object.entries(operators)) {
    checkOperator(type, operator, operand, new Place(pointer, operator), declared);
  }
}

/** Throws PolicyError `policy-unknown-operand`, `policy-operand`. Spec: REQ-1, REQ-2, POL-17. */
export function checkConditions(nodes: readonly PlacedIn<ConditionNode>[], declared: Declared): void {
  for (const { value: node, pointer, output } of nodes) {
    if (node.kind === "field") checkField(node.field, node.operators, pointer, declared, output);
  }
}
