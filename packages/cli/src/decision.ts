// A decision about a verified artifact, as check, open and derive ask for it.
import { decide, GovernanceError } from "@writ/core";
import type { Decision, DecisionRequest, Evaluator, ReceiptSink, VerifiedArtifact } from "@writ/core";
import { UsageError } from "./fault.ts";
import { inFile } from "./verified-input.ts";

/** Decides. A request of wrong types comes from the flags, so it is a usage error. Throws PolicyError with the file's name. */
export async function decideFor(
  file: string,
  verified: VerifiedArtifact,
  request: DecisionRequest,
  options: { readonly evaluator: Evaluator; readonly receipts: ReceiptSink | "none"; readonly clock: () => number },
): Promise<Decision> {
  try {
    return await decide(verified, request, options);
  } catch (error) {
    if (error instanceof GovernanceError) throw inFile(error, file);
    if (error instanceof TypeError) throw new UsageError(`the request is not one: ${error.message}`, "see schemas/request.schema.json");
    throw error;
  }
}
