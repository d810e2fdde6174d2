// The request that check, open and derive ask about, from their flags.
import { userInfo } from "node:os";
import { operations, parseJson, GovernanceError } from "@writ/core";
import type { DecisionRequest, Operation, Principal } from "@writ/core";
import { UsageError } from "./fault.ts";
import { factsOf } from "./flag-values.ts";

/** Flags of a request. */
export interface RequestOptions {
  readonly operation: string;
  readonly purpose?: readonly string[];
  readonly principal?: string;
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

function localUser(): Principal {
  return { id: `local:${userInfo().username}`, kind: "human" };
}

function principalOf(text: string | undefined): Principal {
  if (text === undefined) return localUser();
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    throw new UsageError(
      `--principal: ${error.message}`,
      'write it as \'{"id": "…", "kind": "human", "roles": ["…"]}\'',
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(
      "--principal is no JSON object",
      'write it as \'{"id": "…", "kind": "human", "roles": ["…"]}\'',
    );
  return value as Principal; // the evaluator checks it against the schema of requests
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

/** The request of these flags; what isn't given is unknown, never absent. Throws UsageError. */
export function requestOf(options: RequestOptions): DecisionRequest {
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
  return {
    operation,
    purposes: [...new Set(purposes)],
    principal: principalOf(options.principal),
    ...(options.region === undefined ? {} : { region: known(options.region) }),
    ...(destination ? { destination } : {}),
    ...(output ? { output } : {}),
    ...(facts ? { facts } : {}),
  };
}

/** The flag that supplies a missing fact, or why none does. Spec: CLI-3. */
export function supplierOf(fact: string): string {
  if (fact === "region") return "--region R";
  if (fact === "destination.party") return "--destination-party P";
  if (fact === "destination.region") return "--destination-region R";
  if (fact === "destination") return "--destination-party P and --destination-region R";
  if (fact === "principal" || fact.startsWith("principal."))
    return `--principal JSON, member ${fact.replace(/^principal\.?/, "") || "id"}`;
  if (fact.startsWith("facts.")) return `--fact ${fact.slice("facts.".length)}=VALUE`;
  if (fact.startsWith("output.")) return `--output ${fact.slice("output.".length)}=VALUE`;
  return "no flag: its source is not one of the command line";
}
