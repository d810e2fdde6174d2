import { authoriseKey, type Need } from "./authorise.ts";
import type { Call } from "./call.ts";
import { invalidUsage, KmsFault, unsupported } from "./fault.ts";
import { arnOf, type Key } from "./key.ts";
import { algorithmsOf, type KeyUsage } from "./key-specs.ts";
import { assertState } from "./key-state.ts";
import { type Field, flag, list, optional, structure, text } from "./shape.ts";

/** What a request wants of one key. */
export interface Use extends Need {
  readonly key: Key;
  /** The name by which the request gave the key. */
  readonly name?: string | undefined;
  readonly usage?: KeyUsage;
  /** An algorithm that the key has to know. */
  readonly algorithm?: string;
}

/** The members that every cryptographic operation has. */
export const useFields: {
  GrantTokens: Field<string[] | undefined>;
  DryRun: Field<boolean | undefined>;
} = {
  GrantTokens: optional(list(text({ min: 1, max: 8192 }), { max: 10 })),
  DryRun: optional(flag),
};

/** The member that asks for an answer encrypted to an enclave. */
export const recipientField: Field<unknown> = optional(structure({}));

/** Throws the first that fails of state, usage and authorisation, each for all keys before the next. */
export function admit(call: Call, ...uses: readonly Use[]): void {
  for (const { key, usage } of uses) if (usage !== undefined) noteStore(call, key);
  for (const { key } of uses) assertState(call.operation, key);
  for (const use of uses) assertUsage(call.operation, use);
  for (const use of uses) {
    assertTokens(call, use.grantTokens);
    authoriseKey(call, use.key, { ...use, facts: { RequestAlias: aliasIn(use.name), ...use.facts } });
  }
}

/** Throws DryRunOperationException when the request was only a question. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun !== true) return;
  throw new KmsFault("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
}

/** Throws UnsupportedOperationException: this server attests no enclave. */
export function refuseRecipient(recipient: unknown): void {
  if (recipient !== undefined) throw unsupported("Recipient is not supported by this server");
}

function noteStore(call: Call, { customKeyStoreId, xksKeyId }: Key): void {
  if (customKeyStoreId !== undefined) call.trail.additional["customKeyStoreId"] = customKeyStoreId;
  if (xksKeyId !== undefined) call.trail.additional["xksKeyId"] = xksKeyId;
}

function assertUsage(operation: string, { key, usage, algorithm }: Use): void {
  if (usage !== undefined && key.usage !== usage) {
    throw invalidUsage(`${arnOf(key)} key usage is ${key.usage} which is not valid for ${operation}.`);
  }
  if (algorithm === undefined) return;
  if (!algorithmsOf(key.spec, key.usage).names.includes(algorithm)) {
    throw invalidUsage(`Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`);
  }
}

function assertTokens(call: Call, tokens: readonly string[] = []): void {
  for (const token of tokens) {
    const known = [...call.state.keys.values()].some((key) => key.grants.some((grant) => grant.tokens.includes(token)));
    if (!known) throw new KmsFault("InvalidGrantTokenException", "The grant token is not valid.");
  }
}

function aliasIn(name: string | undefined): string | undefined {
  const resource = name?.startsWith("arn:") ? name.split(":").slice(5).join(":") : name;
  return resource?.startsWith("alias/") ? resource : undefined;
}
