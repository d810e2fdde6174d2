// The encryption context: what the custody authenticates beside the wrapped secret.
import { toBase64url } from "#bytes";
import { BoundedCache } from "./bounded-cache.ts";
import { encodeCbor, withCbor } from "./cbor.ts";
import { sha256, hash } from "#crypto";
import type { Core, Layer } from "./artifact.ts";
import type { EncryptionContext } from "./custody.ts";
import { FormatError } from "./errors.ts";
import { nameDigest } from "./shape.ts";
import type { Digest } from "./shape.ts";
import { set } from "./shape.ts";
import { nameHash } from "./suites.ts";

const maxPairs = 8;
const keyForm = /^[a-z0-9._-]{1,128}$/;
const reserved = /^(writ-|aws:|aws-)/;

function invalid(message: string, path: string): never {
  throw new FormatError("context-invalid", message, { path });
}

/**
 * Checks the pairs of a custody rule and the names of its required ones: lower-case keys, none of `writ-…` or `aws:…`, no name twice, values
 * of 1 to 384 characters. Throws `context-invalid`. Spec: RCP-3.
 */
export function checkContextPairs(pairs: ReadonlyMap<string, string>, requiredNames: readonly string[] = []): void {
  if (pairs.size + requiredNames.length > maxPairs - 2)
    invalid(`a context takes at most ${maxPairs - 2} pairs of its own`, "context");
  for (const key of [...pairs.keys(), ...requiredNames])
    if (!keyForm.test(key) || reserved.test(key))
      invalid(
        `\`${key}\` can't be a context key: lower case, letters, digits, \`._-\`, not starting with writ- or aws`,
        `context/${key}`,
      );
  for (const [key, value] of pairs)
    if (value.length === 0 || value.length > 384)
      invalid(`the value of \`${key}\` is not 1 to 384 characters long`, `context/${key}`);
  const twice = requiredNames.find((name) => pairs.has(name));
  if (twice !== undefined) invalid(`\`${twice}\` is a stored pair and a required one`, `context/${twice}`);
}

/** By the digests themselves, which settle the value; longer lists aren't kept. */
const policyContexts = new BoundedCache<string>(256);
const maxKeptPolicies = 64;

/** `writ-policy`: base64url of SHA-256 over the CBOR array of the distinct policy digests. Spec: RCP-4. */
export function policyContext(policies: readonly Digest[]): string {
  const make = (): string => toBase64url(sha256(encodeCbor(set(nameDigest).write(policies))));
  return policies.length > maxKeptPolicies ? make() : policyContexts.getOrMake(policies.join(" "), make);
}

/**
 * The context of an artifact's recipients: `writ-artifact` (or `writ-batch`), `writ-policy`, then the custody rule's pairs.
 * `required` are the pairs that are authenticated but not stored; throws `context-invalid` where one is missing. Spec: RCP-3, RCP-4.
 */
export function encryptionContext(input: {
  readonly artifactId: Uint8Array;
  readonly policies: readonly Digest[];
  readonly pairs?: ReadonlyMap<string, string> | undefined;
  readonly requiredNames?: readonly string[] | undefined;
  readonly required?: ReadonlyMap<string, string> | undefined;
  readonly batchId?: string | undefined;
}): EncryptionContext {
  const subject: [string, string] =
    input.batchId === undefined ? ["writ-artifact", toBase64url(input.artifactId)] : ["writ-batch", input.batchId];
  const policy: [string, string] = ["writ-policy", policyContext(input.policies)];
  if (input.pairs === undefined && input.requiredNames === undefined) return new Map([subject, policy]);
  const own = new Map(input.pairs ?? []);
  checkContextPairs(own, input.requiredNames);
  for (const name of input.requiredNames ?? []) {
    const value =
      input.required?.get(name) ?? invalid(`the required context pair \`${name}\` is missing`, `context/${name}`);
    own.set(name, value);
  }
  checkContextPairs(own);
  return new Map([...own, subject, policy]);
}

/** Values of required pairs: as they are, or asked for where an artifact's custody rule names some. */
export type RequiredContext =
  | ReadonlyMap<string, string>
  | ((core: Core) => ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>);

/** The required pairs of an artifact, of whose rule alone a resolver is asked. Spec: RCP-3. */
export async function resolveRequired(
  core: Core,
  required: RequiredContext | undefined,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (core.custodyRule.requiredPairs === undefined) return undefined;
  return typeof required === "function" ? required(core) : required;
}

/** Contexts of an artifact's wraps, by their batch id. Throws `context-invalid` where a required pair is missing. Spec: RCP-3, RCP-4. */
export function contextsOf(
  core: Pick<Core, "artifactId" | "custodyRule">,
  layers: readonly Layer[],
  required: ReadonlyMap<string, string> | undefined,
): (wrap: { readonly batchId?: string | undefined }) => EncryptionContext {
  return ({ batchId }) =>
    encryptionContext({
      artifactId: core.artifactId,
      policies: layers.map(({ policy }) => policy),
      pairs: core.custodyRule.contextPairs,
      requiredNames: core.custodyRule.requiredPairs,
      required,
      batchId,
    });
}

/** Throws `context-invalid` for a pair to authenticate that the custody rule doesn't name: dropping it would bind nothing. Spec: RCP-3. */
export function assertNamedPairs(
  required: ReadonlyMap<string, string> | undefined,
  names: readonly string[] | undefined,
): void {
  for (const name of required?.keys() ?? [])
    if (!names?.includes(name)) invalid(`the custody rule names no required pair \`${name}\``, `context/${name}`);
}

/** SHA-384 over the CBOR map of the whole context: `bound` of recipients whose custody doesn't authenticate it. Spec: RCP-2. */
export function contextDigest(context: EncryptionContext): Uint8Array {
  return withCbor(context, (bytes) => hash(nameHash, bytes));
}
