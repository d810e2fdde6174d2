// The request that check, open and derive ask about, from their flags.
import { userInfo } from "node:os";
import { FormatError, operations, parseJson, GovernanceError } from "@writ/core";
import type { DecisionRequest, Operation, Principal, SuppliedState } from "@writ/core";
import { principalFromJwt } from "@writ/evaluator";
import type { KeySet } from "@writ/evaluator";
import { UsageError } from "./fault.ts";
import { factsOf } from "./flag-values.ts";
import { readText } from "./input-file.ts";
import type { Io } from "./io.ts";

/** Flags of a request. */
export interface RequestOptions {
  readonly operation: string;
  readonly purpose?: readonly string[];
  readonly principal?: string;
  readonly principalKeys?: string;
  readonly principalIssuer?: string;
  readonly principalAudience?: string;
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

const principalForm = 'write it as \'{"id": "…", "kind": "human", "roles": ["…"]}\', or pass a JWT';

/** Who asks, and how well that is proven. */
interface Asker {
  readonly principal: Principal;
  readonly assurance: NonNullable<SuppliedState["assurance"]>;
  /** When the token ends; absent without one. */
  readonly expires?: number;
}

/** What the command line says of a principal: believed as far as a policy believes what callers assert. */
function assertedPrincipal(text: string): Principal {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    throw new UsageError(`--principal: ${error.message}`, principalForm);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError("--principal is no JSON object", principalForm);
  return value as Principal; // the evaluator checks it against the schema of requests
}

async function keySetOf(io: Io, path: string): Promise<KeySet> {
  const text = await readText(io, path);
  try {
    return parseJson(text) as KeySet; // principalFromJwt checks that it is one
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${path}\`: ${error.message}`, { path });
  }
}

/** The flags that say what a token must be: all of them or none. Spec: CLI-23. */
function tokenFlags({ principalKeys, principalIssuer, principalAudience }: RequestOptions): {
  readonly keys: string;
  readonly issuer: string;
  readonly audience: string;
} | null {
  const given = [principalKeys, principalIssuer, principalAudience].filter((value) => value !== undefined);
  if (given.length === 0) return null;
  if (!principalKeys || !principalIssuer || !principalAudience)
    throw new UsageError("a token is checked against keys, an issuer and an audience", jwtFlags);
  return { keys: principalKeys, issuer: principalIssuer, audience: principalAudience };
}

const jwtFlags = "pass --principal-keys FILE --principal-issuer URL --principal-audience NAME";
const jwtForm = /^[\w-]*\.[\w-]*\.[\w.-]*$/;

/** Who asks, from a JSON object or a token. Messages hold no token. Spec: CLI-23. */
async function askerOf(io: Io, options: RequestOptions): Promise<Asker> {
  const text = options.principal?.trim();
  const flags = tokenFlags(options);
  if (text === undefined || !jwtForm.test(text)) {
    if (flags !== null) throw new UsageError("--principal is no JWT, and its keys are named", principalForm);
    return { principal: text === undefined ? localUser() : assertedPrincipal(text), assurance: {} };
  }
  if (flags === null) throw new UsageError("--principal is a JWT, and nothing says whose", jwtFlags);
  const { keys, issuer, audience } = flags;
  const set = await keySetOf(io, keys);
  try {
    return await principalFromJwt(text, { keys: set, issuer, audience, subjectKind: "human", clock: io.now });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${keys}\`: ${error.message}`, { path: keys });
  }
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

/** The request of these flags; what isn't given is unknown, never absent. Throws UsageError, and for a token `principal-token`, `structure`, `input-…`. Spec: CLI-23. */
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
    return `--principal JSON|JWT, member ${fact.replace(/^principal\.?/, "") || "id"}`;
  if (fact.startsWith("facts.")) return `--fact ${fact.slice("facts.".length)}=VALUE`;
  if (fact.startsWith("output.")) return `--output ${fact.slice("output.".length)}=VALUE`;
  if (fact === "status" || fact === "holds") return "--status FILE";
  if (fact.startsWith("counter:")) return "--counters FILE";
  if (fact.startsWith("consent:")) return "--consents FILE";
  if (fact.startsWith("approval:")) return "--approval FILE, made with `writ approve`";
  return "no flag: its source is not one of the command line";
}
