// Worked examples of what is signed as a JWS: status lists and registers of consents.
import { inflateSync } from "node:zlib";
import { signConsents } from "../../packages/evaluator/src/consent.ts";
import { signStatusList } from "../../packages/evaluator/src/status-list.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import type { Example, Members } from "./example.ts";
import { coveredAt, signerOf } from "./material.ts";

const registrar = signerOf("registrar", "urn:example:registrar", "ed25519");
const registrarHybrid = signerOf("registrar hybrid", "urn:example:registrar", "ed25519+mldsa65");
const uri = "https://status.example/lists/1";

interface SignedParts {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

function partsOf(token: string): SignedParts {
  if (token.startsWith("{")) return JSON.parse(token) as SignedParts;
  const [head = "", payload = "", signature = ""] = token.split(".");
  return { payload, signatures: [{ protected: head, signature }] };
}

const textOf = (base64url: string): string => Buffer.from(base64url, "base64url").toString();

function tokenExample(
  about: Pick<Example, "id" | "title" | "spec">,
  token: string,
  signer: Signer,
  more: Members = {},
): Example {
  const { payload, signatures } = partsOf(token);
  return {
    ...about,
    computation: "jws",
    given: {
      payload: textOf(payload),
      protected: signatures.map((one) => textOf(one.protected)),
      keys: signer.keys.map(({ alg, publicKey }) => ({ alg, publicKey })),
    },
    gives: { signed: signatures.map((one) => `${one.protected}.${payload}`), token, ...more },
  };
}

/** Examples of status lists and consents. */
export async function tokenExamples(): Promise<readonly Example[]> {
  const draft = { uri, issuedAt: coveredAt, expires: coveredAt + 86_400, ttl: 300, size: 8 };
  const entries = new Map([
    [1, "revoked"],
    [2, "suspended"],
    [7, "superseded"],
  ] as const);
  const list = await signStatusList({ ...draft, entries }, registrar);
  const both = await signStatusList({ ...draft, entries }, registrarHybrid);
  const claims = JSON.parse(textOf(partsOf(list).payload)) as { readonly status_list: { readonly lst: string } };
  const inflated = {
    bytes: inflateSync(Buffer.from(claims.status_list.lst, "base64url")),
    values: [0, 1, 2, 0, 0, 0, 0, 3],
  };
  const consents = await signConsents(
    {
      uri: "https://status.example/consents",
      issuedAt: coveredAt,
      ttl: 300,
      consents: {
        "https://status.example/c/7": { value: "given", until: coveredAt + 86_400 },
        "https://status.example/c/8": { value: "withdrawn" },
      },
    },
    registrar,
  );
  return [
    tokenExample(
      { id: "status-list", title: "a status list of eight entries, signed once", spec: ["STS-2", "STS-3", "STS-9"] },
      list,
      registrar,
      inflated,
    ),
    tokenExample(
      { id: "status-list-hybrid", title: "the same list by a signer of two keys", spec: ["STS-2", "STS-9"] },
      both,
      registrarHybrid,
      inflated,
    ),
    tokenExample(
      { id: "consents", title: "a register of two consents", spec: ["CNS-2", "STS-9"] },
      consents,
      registrar,
    ),
  ];
}
