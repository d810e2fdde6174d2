// Tokens made by hand with node:crypto, so that what checks them is checked by something else.
import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A key that signs tokens, with its public half as a JWK set holds it. */
export interface TokenKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString("base64url");

const pairs: Readonly<Record<string, () => { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>> = {
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
};

/** A fresh key. */
export function newTokenKey(alg: string, kid: string): TokenKey {
  const { publicKey, privateKey } = pairs[alg]!();
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}

function signature({ alg, privateKey }: TokenKey, input: string): Uint8Array {
  const bytes = Buffer.from(input);
  if (alg === "EdDSA") return sign(null, bytes, privateKey);
  if (alg === "ES256") return sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" });
  if (alg === "PS256")
    return sign("sha256", bytes, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  return sign("sha256", bytes, privateKey);
}

/** A token over claims, or over text that stands for them. */
export function token(key: TokenKey, claims: object | string, header: object | string = {}): string {
  const head =
    typeof header === "string" ? header : JSON.stringify({ alg: key.alg, kid: key.kid, typ: "JWT", ...header });
  const body = typeof claims === "string" ? claims : JSON.stringify(claims);
  const input = `${encode(head)}.${encode(body)}`;
  return `${input}.${encode(signature(key, input))}`;
}

/** A token with a header of one's own and a MAC under whatever is taken for the secret. */
export function macToken(secret: Uint8Array | string, claims: object, header: object): string {
  const input = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  return `${input}.${encode(createHmac("sha256", secret).update(input).digest())}`;
}

/** A token without a signature. */
export function unsigned(claims: object, rest = ""): string {
  return `${encode(JSON.stringify({ alg: "none", typ: "JWT" }))}.${encode(JSON.stringify(claims))}.${rest}`;
}
