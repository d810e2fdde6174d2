// Who may lower a layer, as its own policy says: so many of the approvers that it names.
import type { JsonObject } from "./evaluator.ts";

/** How many of whom. */
export interface Declassify {
  readonly threshold: number;
  /** Authorities of signers. */
  readonly approvers: readonly string[];
}

/** Who may lower layers of a policy; null where nobody may. The document is signed, but nobody here has read it by its schema. */
export function declassifyOf(document: JsonObject | undefined): Declassify | null {
  const { threshold, approvers } = (document?.["declassify"] ?? {}) as JsonObject;
  if (!Number.isSafeInteger(threshold) || (threshold as number) < 1 || !Array.isArray(approvers)) return null;
  return { threshold: threshold as number, approvers: approvers.filter((name) => typeof name === "string") };
}
