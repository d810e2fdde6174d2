// Policy messages: a document and its authority's signature over it. An issuer attaches policies; it doesn't author them.
import { BoundedCache, CachePerOwner } from "./bounded-cache.ts";
import { decodeCbor, encodeCbor, ownBytes } from "./cbor.ts";
import type { CborMap, CborValue } from "./cbor.ts";
import { nameOf } from "./artifact.ts";
import { parseCose, signCose } from "./cose.ts";
import type { ParsedCose } from "./cose.ts";
import { hash } from "#crypto";
import { keepName } from "./known-names.ts";
import { PolicyError, VerificationError } from "./errors.ts";
import type { Evaluator, JsonObject, JsonValue, PreparedPolicy } from "./evaluator.ts";
import type { Digest } from "./shape.ts";
import { refuse } from "./shape.ts";
import type { Signer } from "./signer.ts";
import { nameHash } from "./suites.ts";
import type { TrustPolicy, TrustedSigner } from "./trust.ts";
import { verifyCose } from "./trust.ts";

const classifications = ["public", "internal", "confidential", "restricted"] as const;

/** A policy message as parsed; `document` is believed only after `verifyPolicy`. */
export interface PolicyMessage {
  /** SHA-384 of the whole message, signature included. */
  readonly digest: Digest;
  /** A copy for each who asks. */
  readonly bytes: Uint8Array;
  readonly document: JsonObject;
  readonly id: string;
  readonly authority: string;
  readonly classification: (typeof classifications)[number];
}

/** The bytes of a message: as callers share what is parsed once, none of them has a hand on these. */
interface SignedParts {
  readonly bytes: Uint8Array;
  readonly documentBytes: Uint8Array;
  readonly cose: ParsedCose;
}

type Facts = Omit<PolicyMessage, "bytes">;

class Message {
  readonly #parts: SignedParts;

  constructor(facts: Facts, parts: SignedParts) {
    this.#parts = parts;
    Object.assign(this, facts);
    Object.freeze(this);
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#parts.bytes);
  }

  static partsOf(policy: PolicyMessage): SignedParts {
    if (!(#parts in policy)) throw new TypeError("a policy message comes from parsePolicy");
    return policy.#parts;
  }
}

// a message leads to nobody who could make another one, or reach its bytes
Object.defineProperty(Message.prototype, "constructor", { value: Object });
Object.freeze(Message.prototype);

const maxMessageBytes = 256 << 10;

/** JSON to the data model; throws PolicyError `policy-number` for numbers that are not integers. */
export function jsonToCbor(value: JsonValue): CborValue {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new PolicyError("policy-number", `\`${value}\` is not an integer within 2^53`);
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => jsonToCbor(item as JsonValue));
  if (typeof value === "object" && value !== null)
    return new Map(Object.entries(value).map(([key, item]) => [key, jsonToCbor(item)]));
  return value;
}

const nothing = Object.freeze(Object.create(null) as object);

/**
 * The data model to JSON, on objects that inherit from an empty one, so that no member name means anything to JavaScript; those
 * that inherit from nothing themselves are several times slower.
 */
export function cborToJson(value: CborValue, path: string): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) refuse(path, "a JSON value");
  if (Array.isArray(value))
    return Object.freeze(
      value.map((item: CborValue, index) => (typeof item === "object" ? cborToJson(item, `${path}/${index}`) : item)),
    );
  const out = Object.create(nothing) as Record<string, JsonValue>;
  for (const [key, item] of value as CborMap) {
    if (typeof key !== "string") refuse(path, "an object with text keys");
    out[key] = typeof item === "object" ? cborToJson(item, `${path}/${key}`) : item;
  }
  return Object.freeze(out);
}

function textMember(document: JsonObject, member: string): string {
  const value = document[member];
  return typeof value === "string" && value.length > 0 ? value : refuse(`policy/${member}`, "text");
}

/** Prepares a policy document (text or expanded) with the evaluator and signs it by its authority. Throws PolicyError, `policy-authority`. Spec: POM-1, POM-2. */
export async function signPolicy(
  source: string | JsonObject,
  options: { readonly evaluator: Evaluator; readonly signer: Signer },
): Promise<{ message: Uint8Array; digest: Digest; prepared: PreparedPolicy }> {
  const prepared = options.evaluator.prepare(source);
  if (prepared.authority !== options.signer.authority)
    throw new VerificationError(
      "policy-authority",
      `the policy names \`${prepared.authority}\` as its authority, the signer is \`${options.signer.authority}\``,
    );
  const document = encodeCbor(jsonToCbor(prepared.document));
  const cose = await signCose("policy", hash(nameHash, document), options.signer.keys, false);
  const message = encodeCbor([document, cose]);
  return { message, digest: nameOf(message), prepared };
}

/** Of verified messages alone: what anybody may send fills no memory that stays. */
const parsed = new BoundedCache<PolicyMessage>(4096);
const verified = new CachePerOwner<TrustPolicy, TrustedSigner>(4096);

/**
 * Parses a policy message (once, where some trust policy has verified it); nothing is verified. Throws FormatError, `cose-structure`.
 * Spec: POM-1.
 */
export function parsePolicy(input: Uint8Array): PolicyMessage {
  const owned = ownBytes(input, { maxBytes: maxMessageBytes });
  return parseNamedPolicy(owned, nameOf(owned));
}

/** A policy that some trust policy has verified, as it was parsed then; what it says is not verified for anybody else. */
export function keptPolicy(name: Digest): PolicyMessage | undefined {
  return parsed.get(name);
}

/** As `parsePolicy`, of bytes that the caller owns and knows the name of. */
export function parseNamedPolicy(input: Uint8Array, name: Digest): PolicyMessage {
  return parsed.get(name) ?? readPolicy(ownBytes(input, { maxBytes: maxMessageBytes }), name);
}

function readPolicy(input: Uint8Array, name: Digest): PolicyMessage {
  const value = decodeCbor(input, { maxBytes: maxMessageBytes });
  if (!Array.isArray(value) || value.length !== 2 || !(value[0] instanceof Uint8Array))
    refuse("policy", "a policy message");
  const documentBytes = value[0];
  const document = cborToJson(decodeCbor(documentBytes), "policy");
  if (typeof document !== "object" || document === null || Array.isArray(document)) refuse("policy", "an object");
  const object = document as JsonObject;
  const { classification: stated = "public" } = object; // POL-3: absent is public; null is none of the four
  const classification =
    classifications.find((known) => known === stated) ?? refuse("policy/classification", "a classification");
  const facts: Facts = {
    digest: name,
    document: object,
    id: textMember(object, "id"),
    authority: textMember(object, "authority"),
    classification,
  };
  const cose = parseCose(value[1] as CborValue, "policy", false);
  return new Message(facts, { bytes: input, documentBytes, cose }) as Message & PolicyMessage; // with every member of `facts`
}

/** Verifies a policy message by its own authority; throws `signer-…`, `signature-invalid`, `policy-authority`. Dates and suites are the caller's to judge. Spec: POM-2, POM-3. */
export function verifyPolicy(policy: PolicyMessage, trust: TrustPolicy): TrustedSigner {
  const { bytes, documentBytes, cose } = Message.partsOf(policy);
  const signer = verified
    .of(trust)
    .getOrMake(policy.digest, () => verifyCose(trust, cose, "policy", hash(nameHash, documentBytes)));
  if (signer.role !== "policy")
    throw new VerificationError("signer-role", `a signer of role \`${signer.role}\` can't sign policies`);
  if (signer.authority !== policy.authority)
    throw new VerificationError(
      "policy-authority",
      `policy \`${policy.id}\` names \`${policy.authority}\` as its authority and is signed by \`${signer.authority}\``,
    );
  if (signer.scope && !signer.scope.some((prefix) => policy.id.startsWith(prefix)))
    throw new VerificationError(
      "signer-scope",
      `policy \`${policy.id}\` is outside the scope of \`${signer.authority}\``,
    );
  parsed.keep(policy.digest, policy);
  keepName(bytes, policy.digest);
  return signer;
}

/** An issuer with a scope seals only under policies of that scope. Throws `signer-scope`. Spec: TRU-11. */
export function assertIssuerScope(issuer: TrustedSigner, policies: readonly PolicyMessage[]): void {
  const { scope } = issuer;
  if (scope === null) return;
  const outside = policies.find(({ id }) => !scope.some((prefix) => id.startsWith(prefix)));
  if (outside)
    throw new VerificationError(
      "signer-scope",
      `policy \`${outside.id}\` is outside the scope of issuer \`${issuer.authority}\``,
    );
}

const rechecked = new CachePerOwner<Evaluator, PreparedPolicy>(4096);

/**
 * Checks that a policy's document is one that this evaluator would have prepared (cached by the policy's name). Throws
 * PolicyError, `policy-authority`. Spec: ING-7.
 */
export function recheckTerms(policy: PolicyMessage, evaluator: Evaluator): void {
  const prepared = rechecked.of(evaluator).getOrMake(policy.digest, () => evaluator.prepare(policy.document));
  if (prepared.id !== policy.id || prepared.authority !== policy.authority)
    throw new VerificationError("policy-authority", `policy \`${policy.id}\` does not read as it was signed`);
}
