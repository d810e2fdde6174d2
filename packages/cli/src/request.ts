// The request that check, open and derive ask about, from their flags.
import { operations } from "@writ/core";
import type { DecisionRequest, Operation, SuppliedState } from "@writ/core";
import { askerOf } from "./asker.ts";
import type { AskerOptions } from "./asker.ts";
import { UsageError } from "./fault.ts";
import { factsOf } from "./flag-values.ts";
import type { Io } from "./io.ts";

/** Flags of a request. */
export interface RequestOptions extends AskerOptions {
  readonly operation: string;
  readonly purpose?: readonly string[];
  readonly region?: string;
  readonly destinationParty?: string;
  readonly destinationRegion?: string;
  readonly fact?: readonly string[];
  readonly output?: readonly string[];
}

const outbound: ReadonlySet<string> = new Set<Operation>(["share", "disclose", "transfer", "export", "delegate"]);

function operationOf(name: string): Operation {
  if ((operations as readonly string[]).includes(name)) return name as Operation;
  throw new UsageError(`operation \`${name}\` is not known`, `the operations are ${operations.join(", ")}`);
}

/** `-` stands for "known to be absent". */
function known(value: string): string | null {
  return value === "-" ? null : value;
}

function destinationOf({ destinationParty, destinationRegion }: RequestOptions): DecisionRequest["destination"] {
  if (destinationParty === undefined && destinationRegion === undefined) return undefined;
  return {
    ...(destinationParty === undefined ? {} : { party: known(destinationParty) }),
    ...(destinationRegion === undefined ? {} : { region: known(destinationRegion) }),
  };
}

/** A request with what the command knows of how well its facts are proven. */
export interface Asked {
  readonly request: DecisionRequest;
  readonly state: Pick<SuppliedState, "assurance" | "principalExpires">;
}

/** The request of these flags; what isn't given is unknown, never absent. Throws UsageError, and for a token `principal-token`, `principal-keys`, `structure`, `input-…`. Spec: CLI-23, CLI-29. */
export async function requestOf(io: Io, options: RequestOptions): Promise<Asked> {
  const operation = operationOf(options.operation);
  const purposes = options.purpose ?? [];
  if (purposes.length === 0 && operation !== "delete")
    throw new UsageError(
      `\`${operation}\` has at least one purpose`,
      "name it with --purpose, for example dpv:AcademicResearch",
    );
  const destination = destinationOf(options);
  if (destination && !outbound.has(operation)) throw new UsageError(`\`${operation}\` has no destination`);
  const output = factsOf("--output", options.output);
  const facts = factsOf("--fact", options.fact);
  const { principal, assurance, expires } = await askerOf(io, options);
  const request: DecisionRequest = {
    operation,
    purposes: [...new Set(purposes)],
    principal,
    ...(options.region === undefined ? {} : { region: known(options.region) }),
    ...(destination ? { destination } : {}),
    ...(output ? { output } : {}),
    ...(facts ? { facts } : {}),
  };
  return { request, state: { assurance, ...(expires === undefined ? {} : { principalExpires: expires }) } };
}

/** The flag that supplies a missing fact, or why none does. Spec: CLI-3. */
export function supplierOf(fact: string): string {
  if (fact === "region") return "--region R";
  if (fact === "destination.party") return "--destination-party P";
  if (fact === "destination.region") return "--destination-region R";
  if (fact === "destination") return "--destination-party P and --destination-region R";
  if (fact === "principal" || fact.startsWith("principal."))
    return `--principal JSON|JWT or --principal-token FILE, member ${fact.replace(/^principal\.?/, "") || "id"}`;
  if (fact.startsWith("facts.")) return `--fact ${fact.slice("facts.".length)}=VALUE`;
  if (fact.startsWith("output.")) return `--output ${fact.slice("output.".length)}=VALUE`;
  if (fact === "status" || fact === "holds") return "--status FILE";
  if (fact.startsWith("counter:")) return "--counters FILE|URI";
  if (fact.startsWith("consent:")) return "--consents FILE";
  if (fact.startsWith("approval:")) return "--approval FILE, made with `writ approve`";
  return "no flag: its source is not one of the command line";
}
