// Worked examples of recipients: encryption contexts, their digests, key-encryption keys.
import { encodeCbor } from "../../packages/core/src/cbor.ts";
import { contextDigest, encryptionContext, policyContext } from "../../packages/core/src/context.ts";
import { aesKwWrap, createSecretKey, hkdfSha384 } from "../../packages/core/src/crypto.ts";
import type { EncryptionContext } from "../../packages/core/src/custody.ts";
import { digestBytes, nameDigest, set } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import { dataKeyOf, idOf, policy, wrapInfo, wrapTo } from "./draft.ts";
import type { PolicyFixture } from "./draft.ts";
import { Encoded } from "./example.ts";
import type { Example, Members } from "./example.ts";
import { wrapAs } from "./wraps.ts";

const artifactId = idOf("a");

interface ContextParts {
  readonly policies: readonly PolicyFixture[];
  readonly pairs: Readonly<Record<string, string>>;
  readonly required?: Readonly<Record<string, string>>;
  readonly batchId?: string;
}

function contextOf({ policies, pairs, required = {}, batchId }: ContextParts): EncryptionContext {
  return encryptionContext({
    artifactId,
    policies: policies.map(({ name }) => name),
    pairs: new Map(Object.entries(pairs)),
    requiredNames: Object.keys(required),
    required: new Map(Object.entries(required)),
    batchId,
  });
}

function contextExample(id: string, title: string, parts: ContextParts): Example {
  const { policies, pairs, required, batchId } = parts;
  const context = contextOf(parts);
  const names: readonly Digest[] = policies.map(({ name }) => name);
  const given: Members = {
    ...(batchId === undefined ? { artifactId } : { batchId }),
    policies: names.map(digestBytes),
    pairs,
    ...(required ? { required } : {}),
  };
  return {
    id,
    title,
    spec: ["RCP-3", "RCP-4", ...(batchId === undefined ? [] : ["RCP-13"])],
    computation: "context",
    given,
    gives: {
      policySet: new Encoded(encodeCbor(set(nameDigest).write(names))),
      writPolicy: policyContext(names),
      context: new Encoded(encodeCbor(context)),
      contextDigest: contextDigest(context),
    },
  };
}

function wrapExample(id: string, title: string, secret: Uint8Array, bound: Uint8Array | null): Example {
  const info = wrapInfo(artifactId, bound);
  const kek = hkdfSha384(secret, info, 32);
  const dataKey = dataKeyOf("a");
  return {
    id,
    title,
    spec: ["RCP-1", "RCP-2"],
    computation: "wrap",
    given: { secret, artifactId, bound, dataKey },
    gives: { info: new Encoded(info), kek, wrappedKey: aesKwWrap(createSecretKey(kek), dataKey) },
  };
}

/** Examples of contexts and wraps, of the artifact that the other examples follow. */
export async function wrapExamples(): Promise<readonly Example[]> {
  const policies = [await policy()];
  const two = [...policies, await policy("strict")];
  const pairs = { tenant: "blue" };
  const rsa = await wrapAs("kms-rsa");
  return [
    contextExample("context", "the encryption context of an artifact with one policy", { policies, pairs }),
    contextExample("context-required", "the context of an artifact with two policies and a required pair", {
      policies: two,
      pairs,
      required: { case: "c-17" },
    }),
    contextExample("context-shared", "the context of a secret that many artifacts share", {
      policies,
      pairs,
      batchId: "2026-01-10-1",
    }),
    wrapExample("wrap-null", "a wrap of kind `kms-symmetric`: `bound` is null", wrapTo("a").secret, null),
    wrapExample(
      "wrap-bound",
      "a wrap of any other kind: `bound` is the context digest",
      rsa.secret,
      rsa.recipient.bound,
    ),
  ];
}
