// Keys of those who sign principals' tokens: a set at hand, or one that is fetched from the issuer and kept for a while.
import { FormatError, parseJson, VerificationError } from "@writ/core";
import type { JWTVerifyGetKey } from "jose";

/** A JWK set (RFC 7517) of public keys. */
export interface KeySet {
  readonly keys: readonly object[];
}

/** Fetches a JWK set; the platform's `fetch` is one. */
export type FetchKeys = (
  url: string,
  options: {
    readonly headers: Headers;
    readonly method: "GET";
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** A JWK set at an address. What is fetched is kept with this very object: make one and use it for every token. */
export interface RemoteKeys {
  /** https, or http on loopback. */
  readonly url: string;
  readonly fetch: FetchKeys;
  /** How long a set is used; default ten minutes. */
  readonly maxAgeMs?: number;
  /** Least time between two fetches for a key that the set lacks; default 30 seconds. */
  readonly cooldownMs?: number;
  /** Default five seconds. */
  readonly timeoutMs?: number;
}

/** Where the keys are. Chosen by the verifier; a key, or an address of one, in a token is refused. */
export type PrincipalKeys = KeySet | RemoteKeys;

const maxSetCharacters = 1 << 20;
const maxKeys = 256;
const remoteNames: ReadonlySet<string> = new Set(["url", "fetch", "maxAgeMs", "cooldownMs", "timeoutMs"]);
const privateMembers = ["d", "priv", "k"];

function refuseSet(message: string): never {
  throw new FormatError("structure", message, { path: "/keys" });
}

/** A JWK set of public keys and nothing else. Throws FormatError `structure`; the message holds no key. */
function assertKeySet(value: unknown): asserts value is KeySet {
  const keys: unknown = typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  if (!Array.isArray(keys)) refuseSet("the keys for tokens are no JWK set");
  if (keys.length === 0 || keys.length > maxKeys) refuseSet(`a JWK set has 1 to ${maxKeys} keys here`);
  for (const key of keys as readonly unknown[]) {
    if (typeof key !== "object" || key === null || !("kty" in key) || typeof key.kty !== "string")
      refuseSet("an entry of the JWK set is no key");
    if (key.kty === "oct" || privateMembers.some((member) => member in key))
      refuseSet("the JWK set holds a private or shared key, which no verifier should have");
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function addressOf({ url }: RemoteKeys): URL {
  if (!URL.canParse(url)) throw new TypeError("`keys.url` is no address");
  const address = new URL(url);
  if (address.protocol !== "https:" && !(address.protocol === "http:" && isLoopback(address.hostname)))
    throw new TypeError("`keys.url` is neither https nor on loopback");
  return address;
}

/** The text of an answer, read no further than a set may be long. */
async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > maxSetCharacters) refuseSet("the JWK set is too long");
  }
  return text + decoder.decode();
}

/** The caller's fetch; what it brings is bounded, strictly parsed and checked before the library sees it. */
function checkedFetch(fetch: FetchKeys): FetchKeys {
  return async (url, options) => {
    const response = await fetch(url, options);
    if (response.status !== 200) return response;
    const set = parseJson(await boundedText(response), maxSetCharacters);
    assertKeySet(set);
    return Response.json(set);
  };
}

interface Cached {
  readonly url: string;
  readonly fetch: FetchKeys;
  /** Kept while it is made, so that tokens that come together share one set. */
  readonly find: Promise<JWTVerifyGetKey>;
}

const cache = new WeakMap<RemoteKeys, Cached>();
const ofToken: ReadonlySet<unknown> = new Set(["ERR_JWKS_NO_MATCHING_KEY", "ERR_JWKS_MULTIPLE_MATCHING_KEYS"]);

async function remoteFinder(address: URL, keys: RemoteKeys): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, customFetch } = await import("jose");
  const set = createRemoteJWKSet(address, {
    [customFetch]: checkedFetch(keys.fetch),
    ...(keys.maxAgeMs === undefined ? {} : { cacheMaxAge: keys.maxAgeMs }),
    ...(keys.cooldownMs === undefined ? {} : { cooldownDuration: keys.cooldownMs }),
    ...(keys.timeoutMs === undefined ? {} : { timeoutDuration: keys.timeoutMs }),
  });
  return async (header, token) => {
    try {
      return await set(header, token);
    } catch (error) {
      if (error instanceof Error && "code" in error && ofToken.has(error.code)) throw error;
      throw new VerificationError("principal-keys", "the keys for principals' tokens can't be had", {
        retryable: true,
      });
    }
  };
}

function isDuration(value: unknown): boolean {
  return value === undefined || (typeof value === "number" && value >= 0);
}

function remoteKeys(keys: RemoteKeys): Promise<JWTVerifyGetKey> {
  const unknown = Object.keys(keys).find((name) => !remoteNames.has(name));
  if (unknown !== undefined) throw new TypeError(`unknown option \`keys.${unknown}\``);
  const { url, fetch, maxAgeMs, cooldownMs, timeoutMs } = keys;
  if (typeof fetch !== "function") throw new TypeError("`keys.fetch` is no function");
  if (![maxAgeMs, cooldownMs, timeoutMs].every(isDuration)) throw new TypeError("`keys` has a time that is none");
  const cached = cache.get(keys);
  if (cached?.url === url && cached.fetch === fetch) return cached.find;
  const find = remoteFinder(addressOf(keys), keys);
  cache.set(keys, { url, fetch, find });
  return find;
}

/**
 * What finds the key for a token. Throws FormatError `structure` for a set that isn't one of public keys, TypeError for wrong options;
 * finding throws VerificationError `principal-keys` where a set can't be fetched. Spec: PRI-4, PRI-5.
 */
export async function keyFinder(keys: PrincipalKeys): Promise<JWTVerifyGetKey> {
  if (typeof keys !== "object" || keys === null) throw new TypeError("`keys` is no JWK set and no address of one");
  if ("url" in keys) return remoteKeys(keys);
  assertKeySet(keys);
  const { createLocalJWKSet } = await import("jose");
  return createLocalJWKSet({ keys: keys.keys.map((key) => ({ ...key })) });
}
