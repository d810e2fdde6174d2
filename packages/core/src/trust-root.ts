// The root that signs trust policies: whoever pins its public keys takes what it signs, and nothing else.
import { fromBase64url, toBase64url, toHex } from "#bytes";
import { decodeCbor, ownBytes } from "./cbor.ts";
import type { Clock } from "./clock.ts";
import { thumbprint } from "./cose.ts";
import { importPublicKey } from "#crypto";
import { FormatError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { isSuiteName, suites } from "./suites.ts";
import type { SignatureAlg, SuiteName } from "./suites.ts";
import { openSignedTrust, signedText } from "./trust-signed.ts";
import type { TrustPolicy } from "./trust.ts";

/** Public keys of a root, in the order of its suite. */
export interface TrustRoot {
  readonly authority: string;
  readonly suite: SuiteName;
  readonly keys: readonly { readonly alg: SignatureAlg; readonly publicKey: Uint8Array; readonly kid: Uint8Array }[];
}

const members: ReadonlySet<string> = new Set(["authority", "suite", "keys"]);

function refuse(message: string): never {
  throw new FormatError("trust-schema", `trust root: ${message}`);
}

function keyOf(value: unknown, alg: SignatureAlg): TrustRoot["keys"][number] {
  const { publicKey, thumbprint: named, ...more } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof publicKey !== "string" || typeof named !== "string" || Object.keys(more).length > 0)
    refuse("a key is {thumbprint, publicKey}");
  if (!/^[A-Za-z0-9_-]+$/.test(publicKey)) refuse("a public key is base64url without padding");
  const raw = fromBase64url(publicKey);
  if (toBase64url(raw) !== publicKey) refuse("a public key has no bits behind its bytes");
  importPublicKey(alg, raw);
  const kid = thumbprint(alg, raw);
  if (toHex(kid) !== named) refuse("the thumbprint is not that of the public key");
  return { alg, publicKey: raw, kid };
}

/** Reads `{authority, suite, keys}`, as `describeSigner` gives them; throws `json-…`, `trust-schema`, `key-mismatch`. Spec: TRU-7. */
export function parseTrustRoot(text: string): TrustRoot {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse("it is no object");
  const { authority, suite, keys } = value as Readonly<Record<string, unknown>>;
  const extra = Object.keys(value).find((name) => !members.has(name));
  if (extra !== undefined) refuse(`\`${extra}\` is not known`);
  if (typeof authority !== "string") refuse("it names no authority");
  if (typeof suite !== "string" || !isSuiteName(suite)) refuse(`suite \`${String(suite)}\` is not known here`);
  const { algs } = suites[suite];
  if (!Array.isArray(keys) || keys.length !== algs.length) refuse(`suite \`${suite}\` takes ${algs.length} keys`);
  return { authority, suite, keys: algs.map((alg, index) => keyOf(keys[index], alg)) };
}

export { maxUnrememberedSeconds } from "./trust-signed.ts";

/** Opens the signed form of a trust policy, with `highestSeen` and `clock` as there; throws as `openSignedTrust`. The text is what was signed. Spec: TRU-7, TRU-15. */
export function openTrust(
  input: Uint8Array,
  root: TrustRoot,
  highestSeen: number | null = null,
  clock?: Clock,
): { readonly trust: TrustPolicy; readonly text: string } {
  const owned = ownBytes(input); // read twice
  const trust = openSignedTrust(owned, root.keys, highestSeen, clock);
  const [, , payload] = decodeCbor(owned) as readonly [unknown, unknown, Uint8Array];
  return { trust, text: signedText(payload) };
}
