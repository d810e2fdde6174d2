// The operations and what each includes.
import { operations } from "@writ/core";
import type { Operation } from "@writ/core";
import { operationTable } from "./generated/vocabulary.ts";

function closureOf(operation: string, found: Set<string> = new Set()): Set<string> {
  for (const included of operationTable[operation]?.includes ?? []) {
    if (!found.has(included)) closureOf(included, found.add(included));
  }
  return found;
}

const closures: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  operations.map((operation) => [operation, closureOf(operation)]),
);

/** True for one of the 19. Spec: OPS-1. */
export function isOperation(name: string): name is Operation {
  return closures.has(name);
}

/** Whether doing `operation` does `other`: the same, or included in it. Spec: OPS-1. */
export function includes(operation: string, other: string): boolean {
  return operation === other || closures.get(operation)?.has(other) === true;
}

/** Whether the operation needs a destination. */
export function isOutbound(operation: string): boolean {
  return closures.has(operation) && operationTable[operation]!.outbound;
}

/** Whether `kAnonymity` concerns the operation. */
export function isGrouped(operation: string): boolean {
  return closures.has(operation) && operationTable[operation]!.kAnonymity;
}

/** Whether a ban of these operations hits; `*` is every operation but delete. Spec: OPS-2. */
export function isBanned(banned: readonly string[], operation: string): boolean {
  return banned.some((name) => (name === "*" ? operation !== "delete" : includes(operation, name)));
}
