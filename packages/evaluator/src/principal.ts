// Principals from signed tokens: who asks and for whom, with what the signature binds told apart from what is merely said.
import { checkReading, readPrincipals } from "./principal-claims.ts";
import type { ClaimReading, Principals } from "./principal-claims.ts";
import { verifyToken } from "./principal-token.ts";
import type { Claims, TokenDemands } from "./principal-token.ts";

/** What a verifier demands of a token, and how it reads its claims. */
export interface PrincipalOptions extends TokenDemands, ClaimReading {}

/** A principal from a token. */
export interface TokenPrincipal extends Principals {
  /** Whole seconds since the epoch at which the token ends here: give it to the decision as `state.principalExpires`. Spec: PRI-11. */
  readonly expires: number;
}

const optionNames: ReadonlySet<string> = new Set([
  "keys",
  "issuer",
  "audience",
  "algorithms",
  "claims",
  "subjectKind",
  "sharedWithActors",
  "confirmation",
  "maxAgeSeconds",
  "clockToleranceSeconds",
  "clock",
] satisfies (keyof PrincipalOptions)[]);

/** The last instant at which verifying would still succeed, + 1: `exp`, or the greatest age where that is before. Spec: PRI-11. */
function endOf(claims: Claims, { maxAgeSeconds = Infinity, clockToleranceSeconds = 0 }: PrincipalOptions): number {
  const issuedAt = claims["iat"];
  const aged = typeof issuedAt === "number" ? issuedAt + maxAgeSeconds : Infinity;
  return Math.floor(Math.min(claims["exp"] as number, aged) + clockToleranceSeconds);
}

/**
 * The principal of a JWT: its subject, or whoever acts for the subject by nested `act`, with `actingFor` down to the subject. What the
 * token binds has assurance 2, everything else none. Throws VerificationError `principal-token` for a token that isn't valid here and
 * `principal-keys` where keys can't be fetched, FormatError `structure` for keys that aren't public ones, TypeError and RangeError for
 * wrong options. Spec: PRI-1 to PRI-11. Source: RFC 7519, RFC 8725, RFC 8693 section 4.1.
 */
export async function principalFromJwt(token: string, options: PrincipalOptions): Promise<TokenPrincipal> {
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\``);
  checkReading(options);
  const claims = await verifyToken(token, options);
  return { ...readPrincipals(claims, options), expires: endOf(claims, options) };
}
