// Who asks: the local user, what the caller says, or what a signed token proves. Messages hold no token.
import { userInfo } from "node:os";
import { FormatError, GovernanceError, parseJson } from "@writ/core";
import type { Principal, SuppliedState } from "@writ/core";
import { principalFromJwt } from "@writ/evaluator";
import type { ClaimMap, KeySet, PrincipalKeys, PrincipalOptions } from "@writ/evaluator";
import { UsageError } from "./fault.ts";
import { readStream, readText } from "./input-file.ts";
import type { Io } from "./io.ts";

/** Flags that say who asks. */
export interface AskerOptions {
  readonly principal?: string;
  /** A file, or `-` for stdin. */
  readonly principalToken?: string;
  /** A file, or an address. */
  readonly principalKeys?: string;
  readonly principalIssuer?: string;
  readonly principalAudience?: string;
  readonly principalClaims?: string;
}

/** Who asks, and how well that is proven. */
export interface Asker {
  readonly principal: Principal;
  readonly assurance: NonNullable<SuppliedState["assurance"]>;
  /** When the token ends, in seconds since the epoch; absent without one. */
  readonly expires?: number;
}

const principalForm = 'write it as \'{"id": "…", "kind": "human", "roles": ["…"]}\', or pass a JWT';
const jwtFlags = "pass --principal-keys FILE|URL --principal-issuer URL --principal-audience NAME";
const jwtForm = /^[\w-]*\.[\w-]*\.[\w.-]*$/;
const maxTokenBytes = 64 << 10;

function localUser(): Principal {
  return { id: `local:${userInfo().username}`, kind: "human" };
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

async function readJson(io: Io, path: string): Promise<unknown> {
  const text = await readText(io, path);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `\`${path}\`: ${error.message}`, { path });
  }
}

/** Keys at an address are fetched; nothing else of a command that decides opens a socket of its own. Spec: CLI-29, PRI-5. */
async function keysAt(io: Io, place: string): Promise<PrincipalKeys> {
  if (!/^https?:/i.test(place)) return (await readJson(io, place)) as KeySet; // principalFromJwt checks that it is one
  return { url: place, fetch: (url, options) => fetch(url, options) };
}

/** The flags that say what a token must be: all of them or none. Spec: CLI-23. */
function tokenFlags({ principalKeys, principalIssuer, principalAudience, principalClaims }: AskerOptions): {
  readonly keys: string;
  readonly issuer: string;
  readonly audience: string;
} | null {
  const given = [principalKeys, principalIssuer, principalAudience, principalClaims].filter(
    (value) => value !== undefined,
  );
  if (given.length === 0) return null;
  if (!principalKeys || !principalIssuer || !principalAudience)
    throw new UsageError("a token is checked against keys, an issuer and an audience", jwtFlags);
  return { keys: principalKeys, issuer: principalIssuer, audience: principalAudience };
}

/** The token that was given, or null. Spec: CLI-23, CLI-29. */
async function tokenOf(io: Io, { principal, principalToken }: AskerOptions): Promise<string | null> {
  if (principalToken === undefined) return principal !== undefined && jwtForm.test(principal) ? principal : null;
  if (principal !== undefined)
    throw new UsageError("--principal and --principal-token both say who asks", "pass one of them");
  const text =
    principalToken === "-"
      ? await readStream(io, "the token on stdin", maxTokenBytes)
      : await readText(io, principalToken, maxTokenBytes);
  return text.trim();
}

function optionsOf(
  io: Io,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
  keys: PrincipalKeys,
  claims: unknown,
): PrincipalOptions {
  const reading = claims === undefined ? {} : { claims: claims as ClaimMap }; // principalFromJwt checks that it is one
  return { keys, issuer, audience, subjectKind: "human", clock: io.now, ...reading };
}

/** Who asks. Throws UsageError, `input-…`, `principal-token`, `principal-keys`, `structure`. Spec: CLI-23, CLI-29. */
export async function askerOf(io: Io, options: AskerOptions): Promise<Asker> {
  const principal = options.principal?.trim();
  const flags = tokenFlags(options);
  const token = await tokenOf(io, { ...options, ...(principal === undefined ? {} : { principal }) });
  if (token === null) {
    if (flags !== null) throw new UsageError("--principal is no JWT, and its keys are named", principalForm);
    return { principal: principal === undefined ? localUser() : assertedPrincipal(principal), assurance: {} };
  }
  if (flags === null) throw new UsageError("the principal is a JWT, and nothing says whose", jwtFlags);
  const keys = await keysAt(io, flags.keys);
  const claims = options.principalClaims === undefined ? undefined : await readJson(io, options.principalClaims);
  try {
    return await principalFromJwt(token, optionsOf(io, flags, keys, claims));
  } catch (error) {
    if (error instanceof FormatError)
      throw new FormatError(error.code, `\`${flags.keys}\`: ${error.message}`, { path: flags.keys });
    if (error instanceof TypeError) throw new UsageError(error.message, jwtFlags); // an address, or a claim map, that is none
    throw error;
  }
}
