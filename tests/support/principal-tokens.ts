// What tests of principals share: keys of an issuer, how his tokens are checked, the claims of one.
import type { PrincipalOptions } from "@writ/evaluator";
import { at, start } from "./scene.ts";
import { newTokenKey } from "./token.ts";

export const es = newTokenKey("ES256", "es");
export const ed = newTokenKey("EdDSA", "ed");
export const rs = newTokenKey("RS256", "rs");
export const stranger = newTokenKey("ES256", "es");
export const now = Math.floor(start / 1000);
export const options: PrincipalOptions = {
  keys: { keys: [es.jwk, ed.jwk, rs.jwk] },
  issuer: "https://id.example",
  audience: "urn:acme:data-platform",
  clock: at(0),
};
export const claims = {
  iss: "https://id.example",
  aud: ["urn:acme:other", "urn:acme:data-platform"],
  iat: now - 10,
  exp: now + 600,
  sub: "urn:person:ada",
  kind: "human",
  roles: ["researcher"],
  org: "urn:org:acme",
};
export const without = (name: keyof typeof claims): object =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
