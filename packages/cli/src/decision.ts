// A decision about a verified artifact, as check, open and derive ask for it.
import { decide, GovernanceError, PolicyError } from "@writ/core";
import type {
  CounterStore,
  Decision,
  DecisionRequest,
  Evaluator,
  ReceiptSink,
  SuppliedState,
  VerifiedArtifact,
} from "@writ/core";
import type { ApprovalLedger } from "@writ/core/approval";
import { explainDecision } from "@writ/evaluator";
import { UsageError } from "./fault.ts";
import { noMemory } from "./list-memory.ts";
import type { ListMemory } from "./list-memory.ts";
import { stateSources, waivedDuties } from "./state-files.ts";
import type { StateFiles } from "./state-files.ts";
import { inFile } from "./verified-input.ts";

/**
 * A purpose that no layer's taxonomy knows is a mistake in the call, not a question that was denied: nothing is recorded.
 * Throws `request-unknown-term`. Spec: CLI-18.
 */
function assertKnownPurposes(
  { policyLayers, core }: VerifiedArtifact,
  request: DecisionRequest,
  evaluator: Evaluator,
  now: number,
): void {
  const { reasons } = evaluator.evaluate(policyLayers, request, { now, statusEntries: core.status });
  const unknownIn = new Map<string, Set<string>>();
  for (const { code, subject = "", policy = "" } of reasons) {
    if (code === "purpose-term") unknownIn.set(subject, (unknownIn.get(subject) ?? new Set()).add(policy));
  }
  const layers = new Set(policyLayers.map(({ policy }) => policy)).size;
  const unknown = [...unknownIn].find(([, policies]) => policies.size === layers)?.[0];
  if (unknown === undefined) return;
  const told = {
    verdict: "deny",
    reasons: [{ code: "purpose-term", subject: unknown }],
    missing: [],
    obligations: [],
  } as const;
  const [, why] = explainDecision(
    told,
    policyLayers.map(({ document }) => document),
  );
  throw new PolicyError("request-unknown-term", `no taxonomy of the policies knows the purpose: ${why}`);
}

/** Decides. A request of wrong types comes from the flags, so it is a usage error. Throws PolicyError with the file's name. */
export async function decideFor(
  file: string,
  verified: VerifiedArtifact,
  request: DecisionRequest,
  options: {
    readonly evaluator: Evaluator;
    readonly receipts: ReceiptSink | "none";
    readonly state: SuppliedState;
    readonly files: StateFiles;
    readonly counters: CounterStore | null;
    readonly ledger: () => Promise<ApprovalLedger>;
    /** What was seen of lists; nothing unless told. */
    readonly memory?: ListMemory;
    readonly clock: () => number;
  },
): Promise<Decision> {
  const { evaluator, receipts, state, files, counters, ledger, memory = noMemory, clock } = options;
  try {
    assertKnownPurposes(verified, request, evaluator, Math.floor(clock() / 1000));
    const sources = {
      ...(await stateSources(files, verified.trust, clock, memory)),
      ...(counters ? { counters } : {}),
    };
    const approvals = await waivedDuties(files, verified, request.operation, ledger, clock);
    const supplied = approvals.length > 0 ? { ...state, approvals } : state;
    return await decide(verified, request, { evaluator, receipts, state: supplied, sources, clock });
  } catch (error) {
    if (error instanceof GovernanceError) throw error.code.startsWith("request-") ? error : inFile(error, file);
    if (error instanceof TypeError || error instanceof RangeError)
      // wrong types, and values deeper than a receipt holds
      throw new UsageError(`the request is not one: ${error.message}`, "see schemas/request.schema.json");
    throw error;
  }
}
