// From verified claims to a principal: who acts, for whom, and how well each of it is proven.
import type { DecisionState, Principal } from "@writ/core";
import { refuseToken } from "./principal-token.ts";
import type { Claims } from "./principal-token.ts";

/** Name of a claim, or the names of members on the way to it. */
export type ClaimPath = string | readonly string[];

/** Where a fact stands in a token. */
export type ClaimSource =
  | ClaimPath
  | {
      readonly claim: ClaimPath;
      /** What values mean here, by the token's words for them; others stand as they are. */
      readonly values?: Readonly<Record<string, string>>;
      /** Put before each value that `values` doesn't name, to make it a name of one issuer's own. */
      readonly prefix?: string;
    };

/** Which claims hold the facts of a principal, in the token itself and in each `act`. Default: `sub`, `kind`, `roles`, `org`, `clearance`. */
export interface ClaimMap {
  readonly id?: ClaimSource;
  readonly kind?: ClaimSource;
  readonly roles?: ClaimSource;
  readonly org?: ClaimSource;
  readonly clearance?: ClaimSource;
}

/** Facts of the subject that may hold for those who act for it. */
export type SharedFact = "roles" | "org" | "clearance";

/** How claims are read. */
export interface ClaimReading {
  readonly claims?: ClaimMap;
  /** What the subject is where the token doesn't say: asserted by the verifier's settings, so at assurance 0. */
  readonly subjectKind?: Principal["kind"];
  /** Facts of the token that its issuer has already cut down to what an actor may: an actor that says nothing of its own has them too. Default none. */
  readonly sharedWithActors?: readonly SharedFact[];
}

/** A principal with the assurance of each of its facts, by path, as `decide` takes it in `state.assurance`. */
export interface Principals {
  readonly principal: Principal;
  readonly assurance: NonNullable<DecisionState["assurance"]>;
}

const mapNames = ["id", "kind", "roles", "org", "clearance"] as const;
const sharedNames: readonly string[] = ["roles", "org", "clearance"] satisfies SharedFact[];
const kinds = ["service", "human", "agent"] as const;
const clearances = ["public", "internal", "confidential", "restricted"] as const;
const maxLinks = 8;
const maxText = 512;
const maxRoles = 64;
/** Assurance of what a signature binds. Spec: PRI-8. */
const boundInToken = 2;

function isPath(value: unknown): boolean {
  const names = typeof value === "string" ? [value] : value;
  return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === "string" && name !== "");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSource(value: unknown): boolean {
  if (isPath(value)) return true;
  if (typeof value !== "object" || value === null || !("claim" in value) || !isPath(value.claim)) return false;
  const { values = {}, prefix = "" } = value as { readonly values?: unknown; readonly prefix?: unknown };
  const known = Object.keys(value).every((name) => ["claim", "values", "prefix"].includes(name));
  const texts = isObject(values) && Object.values(values).every((text) => typeof text === "string");
  return known && texts && typeof prefix === "string";
}

/** Throws TypeError for a claim map and settings that aren't ones. */
export function checkReading({ claims = {}, subjectKind, sharedWithActors = [] }: ClaimReading): void {
  if (!isObject(claims)) throw new TypeError("`claims` maps no facts to claims: it is no object");
  for (const [name, source] of Object.entries(claims)) {
    if (!(mapNames as readonly string[]).includes(name)) throw new TypeError(`unknown option \`claims.${name}\``);
    if (!isSource(source)) throw new TypeError(`\`claims.${name}\` names no claim`);
  }
  if (subjectKind !== undefined && !kinds.includes(subjectKind)) throw new TypeError("`subjectKind` is no kind");
  if (!Array.isArray(sharedWithActors) || !sharedWithActors.every((name: string) => sharedNames.includes(name)))
    throw new TypeError("`sharedWithActors` lists roles, org, clearance");
}

/** A value of the map's claim in the token or an `act`; undefined where it isn't there. */
function claimOf(claims: Claims, source: ClaimSource): unknown {
  const path = typeof source === "object" && "claim" in source ? source.claim : source;
  let value: unknown = claims;
  for (const name of typeof path === "string" ? [path] : path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

/** A text as the verifier calls it. */
function meaning(text: unknown, source: ClaimSource, path: string): string {
  if (typeof text !== "string" || text === "") refuseToken(`\`${path}\` of the token is no text`, path);
  const { values = {}, prefix = "" } = typeof source === "object" && "claim" in source ? source : {};
  const value = Object.hasOwn(values, text) ? values[text]! : prefix + text;
  return value.length <= maxText ? value : refuseToken(`\`${path}\` of the token is too long`, path);
}

/** The facts that the token binds for one link; undefined members aren't said. */
interface Facts {
  readonly id: string;
  readonly kind?: Principal["kind"];
  readonly roles?: readonly string[] | null;
  readonly org?: string | null;
  readonly clearance?: NonNullable<Principal["clearance"]> | null;
}

/** Takes a value as one of its field; `source` says what its words mean here. */
type Take<T> = (value: unknown, source: ClaimSource, path: string) => T;

const orNull =
  <T>(take: Take<T>): Take<T | null> =>
  (value, source, path) =>
    value === null ? null : take(value, source, path);

const oneOf =
  <T extends string>(list: readonly T[]): Take<T> =>
  (value, source, path) => {
    const text = meaning(value, source, path);
    return list.find((entry) => entry === text) ?? refuseToken(`\`${path}\` of the token is none of those known`, path);
  };

const listOfRoles: Take<readonly string[]> = (value, source, path) => {
  if (!Array.isArray(value) || value.length > maxRoles)
    refuseToken(`\`${path}\` of the token is no list of at most ${maxRoles} texts`, path);
  return value.map((role) => meaning(role, source, path));
};

function factsOf(claims: Claims, map: ClaimMap, at: string): Facts {
  const read = <T>(name: keyof ClaimMap, take: Take<T>): T | undefined => {
    const source = map[name] ?? (name === "id" ? "sub" : name);
    const value = claimOf(claims, source);
    return value === undefined ? undefined : take(value, source, `${at}/${name}`);
  };
  const id = read("id", meaning) ?? refuseToken(`the token names nobody at \`${at}/id\``, `${at}/id`);
  const kind = read("kind", oneOf(kinds));
  const roles = read("roles", orNull(listOfRoles));
  const org = read("org", orNull(meaning));
  const clearance = read("clearance", orNull(oneOf(clearances)));
  return {
    id,
    ...(kind === undefined ? {} : { kind }),
    ...(roles === undefined ? {} : { roles }),
    ...(org === undefined ? {} : { org }),
    ...(clearance === undefined ? {} : { clearance }),
  };
}

/** The `act` objects, the present actor first. Walked, not recursed. Spec: PRI-7. */
function actorsOf(claims: Claims): readonly Claims[] {
  const actors: Claims[] = [];
  for (let act = claims["act"]; act !== undefined && act !== null; act = actors.at(-1)!["act"]) {
    const path = "/act".repeat(actors.length + 1);
    if (typeof act !== "object" || Array.isArray(act)) refuseToken(`\`${path}\` of the token is no object`, path);
    if (actors.length + 2 > maxLinks)
      refuseToken(`more than ${maxLinks} principals act for each other in the token`, "/act");
    const actor = act as Claims;
    if (actor["iss"] !== undefined && actor["iss"] !== claims["iss"])
      refuseToken(`\`${path}\` of the token is somebody of another issuer, whose names aren't this one's`, path);
    actors.push(actor);
  }
  return actors;
}

function pick(facts: Facts, names: readonly SharedFact[]): Partial<Facts> {
  return Object.fromEntries(names.filter((name) => facts[name] !== undefined).map((name) => [name, facts[name]]));
}

/** Reads principals from the claims of a verified token. Throws VerificationError `principal-token`. Spec: PRI-7 to PRI-9. */
export function readPrincipals(claims: Claims, reading: ClaimReading): Principals {
  const map = reading.claims ?? {};
  const subject = factsOf(claims, map, "");
  const kind = subject.kind ?? reading.subjectKind;
  if (kind === undefined)
    refuseToken("the token doesn't say what kind of principal its subject is, nor does the verifier", "/kind");
  const shared = pick(subject, reading.sharedWithActors ?? []);
  const actors = actorsOf(claims).map((act, index): Facts => ({
    ...shared,
    ...factsOf(act, map, "/act".repeat(index + 1)),
    kind: "agent",
  }));
  const assurance: Record<string, 2> = {};
  const links = [...actors, subject];
  links.forEach((facts, index) => {
    const path = `principal${".actingFor".repeat(index)}`;
    if (index > 0) assurance[path] = boundInToken; // the delegation itself
    for (const name of Object.keys(facts)) assurance[`${path}.${name}`] = boundInToken;
  });
  const autonomous = kind === "agent" && claims["act"] === null; // null is known to be absent, as in a request
  if (autonomous) assurance["principal.actingFor"] = boundInToken;
  const principal = actors.reduceRight<Principal>((actingFor, facts) => ({ ...facts, kind: "agent", actingFor }), {
    ...subject,
    kind,
    ...(autonomous ? { actingFor: null } : {}),
  });
  return { principal, assurance };
}
