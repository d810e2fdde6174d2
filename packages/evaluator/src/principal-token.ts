// A signed token, checked: form, algorithm, key, signature, issuer, audience, time. Nothing of it is believed before.
import { GovernanceError, parseJson, VerificationError } from "@writ/core";
import type { Clock } from "@writ/core";
import { keyFinder } from "./principal-keys.ts";
import type { PrincipalKeys } from "./principal-keys.ts";

/** Signature algorithms that a verifier may accept: none with a shared secret. Source: RFC 7518, RFC 8037, RFC 9864, RFC 9964. */
export type TokenAlgorithm =
  | "EdDSA"
  | "Ed25519"
  | "ES256"
  | "ES384"
  | "ES512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "RS256"
  | "RS384"
  | "RS512"
  | "ML-DSA-44"
  | "ML-DSA-65"
  | "ML-DSA-87";

/** What a verifier demands of a token. */
export interface TokenDemands {
  /** Whose signatures count. */
  readonly keys: PrincipalKeys;
  /** `iss`, exactly. */
  readonly issuer: string;
  /** One of `aud`: the name by which the issuer knows this verifier. */
  readonly audience: string;
  /** Accepted algorithms; default all of them. A key set names its keys' types, so none can be taken for another's. */
  readonly algorithms?: readonly TokenAlgorithm[];
  /** What the presenter has proven to hold, as `cnf` says it (`jkt`: RFC 7638 thumbprint of a DPoP key …). A token bound to something is taken only with exactly that, and with it no token that isn't bound. */
  readonly confirmation?: Readonly<Record<string, string>>;
  /** Oldest `iat` that is taken; default none beside `exp`, which every token has. */
  readonly maxAgeSeconds?: number;
  /** How far the issuer's clock may be off, 0 to 300; default 0. */
  readonly clockToleranceSeconds?: number;
  readonly clock?: Clock;
}

/** Claims of a token that was verified. */
export type Claims = Readonly<Record<string, unknown>>;

const algorithms: Readonly<Record<TokenAlgorithm, true>> = {
  EdDSA: true,
  Ed25519: true,
  ES256: true,
  ES384: true,
  ES512: true,
  PS256: true,
  PS384: true,
  PS512: true,
  RS256: true,
  RS384: true,
  RS512: true,
  "ML-DSA-44": true,
  "ML-DSA-65": true,
  "ML-DSA-87": true,
};

const maxTokenCharacters = 16 << 10;
const form = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
/** Members by which a header would bring its own key or change what is signed. */
const refusedHeaders = ["jwk", "jku", "x5c", "x5u", "crit", "b64"];
const acceptedTypes: ReadonlySet<unknown> = new Set(["jwt", "at+jwt", "application/jwt", "application/at+jwt"]);

/** Throws VerificationError `principal-token`; messages hold nothing of a token but names of claims. Spec: PRI-2. */
export function refuseToken(message: string, path?: string): never {
  throw new VerificationError("principal-token", message, { path });
}

function isObject(value: unknown): value is Claims {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A part of the token as the strict parser reads it: the library takes the last of two members of one name, another reader the first. */
function readPart(part: string, name: string, decode: (text: string) => Uint8Array): Claims {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(decode(part)), maxTokenCharacters);
  } catch {
    refuseToken(`the token's ${name} is no JSON, or names a member twice`);
  }
  return isObject(value) ? value : refuseToken(`the token's ${name} is no JSON object`);
}

function checkHeader(header: Claims): void {
  const refused = refusedHeaders.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) refuseToken(`the token's header has \`${refused}\`, which isn't taken from a token`);
  const type = header["typ"];
  if (type !== undefined && !acceptedTypes.has(typeof type === "string" ? type.toLowerCase() : type))
    refuseToken("the token is of another type than JWT or at+jwt");
}

const sentences: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "the token has expired, or is older than is taken",
  ERR_JOSE_ALG_NOT_ALLOWED: "the token's algorithm isn't one that is accepted",
  ERR_JWKS_NO_MATCHING_KEY: "no key of the set is the one that the token names",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "several keys of the set fit the token, which names none",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "the token's signature doesn't verify",
};

/** What the library found, in our words: its errors hold the claims, so they aren't passed on. */
function refusalOf(error: unknown): never {
  if (error instanceof GovernanceError) throw error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const claim = error instanceof Error && "claim" in error ? String(error.claim) : undefined;
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED" && claim !== undefined)
    refuseToken(`the token's \`${claim}\` is missing or isn't what is demanded`, `/${claim}`);
  refuseToken(Object.hasOwn(sentences, code) ? sentences[code]! : "the token isn't one that can be verified");
}

function checkDemands(demands: TokenDemands): void {
  for (const name of ["issuer", "audience"] as const) {
    if (typeof demands[name] !== "string" || demands[name] === "")
      throw new TypeError(`\`${name}\` is no text: a token is for somebody and from somebody`);
  }
  const chosen = demands.algorithms;
  if (chosen !== undefined && (chosen.length === 0 || chosen.some((name) => !Object.hasOwn(algorithms, name))))
    throw new TypeError("`algorithms` names none that can be accepted: only signatures by public keys are");
  const { maxAgeSeconds = 0, clockToleranceSeconds = 0 } = demands;
  if (!(maxAgeSeconds >= 0)) throw new RangeError("`maxAgeSeconds` is no age");
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= 300))
    throw new RangeError("`clockToleranceSeconds` is from 0 to 300");
}

function nowMs(clock: Clock = Date.now): number {
  const ms = clock();
  if (!(ms >= 0 && ms <= 8.64e15)) throw new RangeError("the clock gives no time: milliseconds since the epoch");
  return ms;
}

/** A bound token is nobody's but its key's holder's: taken as a bearer token it would lose that. Spec: PRI-10. Source: RFC 7800, RFC 9449. */
function checkConfirmation(bound: unknown, proven: TokenDemands["confirmation"]): void {
  if (bound === undefined && proven === undefined) return;
  if (proven === undefined) refuseToken("the token is bound to a key that nobody has shown to hold", "/cnf");
  const names = isObject(bound) ? Object.keys(bound) : [];
  const same =
    names.length === Object.keys(proven).length && names.every((name) => (bound as Claims)[name] === proven[name]);
  if (!same || names.length === 0) refuseToken("the token isn't bound to what its presenter holds", "/cnf");
}

/** A time that no clock reaches is none, though JSON has numbers for it: a token by it would never end. Spec: PRI-6. */
function checkTimes(claims: Claims): void {
  for (const name of ["exp", "nbf", "iat"]) {
    const time = claims[name];
    if (typeof time === "number" && !Number.isSafeInteger(Math.floor(time)))
      refuseToken(`the token's \`${name}\` is no time`, `/${name}`);
  }
}

/** The claims of a token that is what the verifier demands. Throws `principal-token`, `principal-keys`, `structure`; TypeError, RangeError for wrong demands. Spec: PRI-1 to PRI-6, PRI-10. */
export async function verifyToken(token: string, demands: TokenDemands): Promise<Claims> {
  if (typeof token !== "string") throw new TypeError("the token is no text");
  checkDemands(demands);
  const ms = nowMs(demands.clock);
  const find = await keyFinder(demands.keys);
  const [, header, payload] = form.exec(token.length > maxTokenCharacters ? "" : token) ?? [];
  if (header === undefined || payload === undefined) refuseToken("the token is no signed JWT in compact form");
  const { base64url, jwtVerify } = await import("jose");
  const decode = (text: string): Uint8Array => base64url.decode(text);
  checkHeader(readPart(header, "header", decode));
  const claims = readPart(payload, "payload", decode);
  const { clockToleranceSeconds = 0, maxAgeSeconds } = demands;
  try {
    await jwtVerify(token, find, {
      algorithms: [...(demands.algorithms ?? Object.keys(algorithms))],
      issuer: demands.issuer,
      audience: demands.audience,
      requiredClaims: ["exp"],
      currentDate: new Date(ms),
      clockTolerance: clockToleranceSeconds,
      ...(maxAgeSeconds === undefined ? {} : { maxTokenAge: maxAgeSeconds }),
    });
  } catch (error) {
    refusalOf(error);
  }
  checkTimes(claims);
  const issuedAt = claims["iat"];
  if (typeof issuedAt === "number" && issuedAt > ms / 1000 + clockToleranceSeconds)
    refuseToken("the token's `iat` lies in the future", "/iat");
  checkConfirmation(claims["cnf"], demands.confirmation);
  return claims;
}
