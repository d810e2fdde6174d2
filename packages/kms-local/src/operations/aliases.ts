import { admit } from "../admit.ts";
import { authoriseAccount } from "../authorise.ts";
import { type Call, type Operations, reading, writing } from "../call.ts";
import { invalid, KmsFault, notFound } from "../fault.ts";
import { findOwnKey, keyIdField, noteKey } from "../find-key.ts";
import { arnOf, type Key, seconds } from "../key.ts";
import { pageFields, pageOf } from "../page.ts";
import { type Field, optional, text } from "../shape.ts";
import { type Alias, aliasArn } from "../state.ts";

const aliasField: Field<string> = text({ min: 1, max: 256 });
const maxAliases = 50;

// Source: AWS KMS API Reference, CreateAlias, UpdateAlias, DeleteAlias, ListAliases.
/** CreateAlias, UpdateAlias, DeleteAlias, ListAliases. */
export const aliasOperations: Operations = {
  CreateAlias: writing({ AliasName: aliasField, TargetKeyId: keyIdField }, (input, call) => {
    checkName(input.AliasName);
    const key = findOwnKey(call, input.TargetKeyId);
    const { accountId, region } = call.caller;
    const alias = {
      accountId,
      region,
      name: input.AliasName,
      createdAt: call.now,
      updatedAt: call.now,
      targetKeyId: key.keyId,
    };
    const arn = aliasArn(alias);
    call.trail.resources.push(arn);
    admit(call, { key, action: "CreateAlias" });
    authoriseAccount(call, "CreateAlias", arn);
    if (call.state.aliases.has(arn)) {
      throw new KmsFault("AlreadyExistsException", `An alias with the name ${arn} already exists`);
    }
    assertRoom(call, key);
    call.state.aliases.set(arn, alias);
    return undefined;
  }),

  UpdateAlias: writing({ AliasName: aliasField, TargetKeyId: keyIdField }, (input, call) => {
    checkName(input.AliasName);
    const alias = findAlias(call, input.AliasName);
    const present = call.state.keys.get(arnOf({ ...alias, keyId: alias.targetKeyId }));
    const key = findOwnKey(call, input.TargetKeyId);
    admit(call, { key, action: "UpdateAlias" });
    if (present) admitPresent(call, present, "UpdateAlias");
    authoriseAccount(call, "UpdateAlias", aliasArn(alias));
    if (present && (kindOf(present) !== kindOf(key) || present.usage !== key.usage)) {
      throw invalid("The current and new KMS key must be the same type and have the same key usage.");
    }
    if (alias.targetKeyId !== key.keyId) assertRoom(call, key);
    alias.targetKeyId = key.keyId;
    alias.updatedAt = call.now;
    return undefined;
  }),

  DeleteAlias: writing({ AliasName: aliasField }, (input, call) => {
    checkName(input.AliasName);
    const alias = findAlias(call, input.AliasName);
    const key = call.state.keys.get(arnOf({ ...alias, keyId: alias.targetKeyId }));
    if (key) {
      noteKey(call, key);
      admitPresent(call, key, "DeleteAlias");
    }
    authoriseAccount(call, "DeleteAlias", aliasArn(alias));
    call.state.aliases.delete(aliasArn(alias));
    return undefined;
  }),

  ListAliases: reading({ KeyId: optional(keyIdField), ...pageFields }, (input, call) => {
    authoriseAccount(call, "ListAliases");
    const key = input.KeyId === undefined ? undefined : findOwnKey(call, input.KeyId);
    const { accountId, region } = call.caller;
    const own = [...call.state.aliases.values()].filter(
      (alias) => alias.accountId === accountId && alias.region === region,
    );
    const wanted = key ? own.filter((alias) => alias.targetKeyId === key.keyId) : own;
    const { entries, more } = pageOf(wanted, (alias) => alias.name, { ...input, Limit: input.Limit ?? 50 });
    return { Aliases: entries.map(entryOf), ...more };
  }),
};

/** Asks a key that an alias points at now; its state doesn't matter. */
function admitPresent(call: Call, key: Key, action: string): void {
  admit({ ...call, operation: "DeleteAlias" }, { key, action });
}

function entryOf(alias: Alias): Record<string, unknown> {
  return {
    AliasName: alias.name,
    AliasArn: aliasArn(alias),
    TargetKeyId: alias.targetKeyId,
    CreationDate: seconds(alias.createdAt),
    LastUpdatedDate: seconds(alias.updatedAt),
  };
}

function findAlias(call: Call, name: string): Alias {
  const { accountId, region } = call.caller;
  const arn = aliasArn({ accountId, region, name });
  call.trail.resources.push(arn);
  const alias = call.state.aliases.get(arn);
  if (!alias) throw notFound(`Alias ${arn} is not found.`);
  return alias;
}

function aliasesOf(call: Call, key: Key): Alias[] {
  return [...call.state.aliases.values()].filter(
    (alias) => arnOf({ ...alias, keyId: alias.targetKeyId }) === arnOf(key),
  );
}

function assertRoom(call: Call, key: Key): void {
  if (aliasesOf(call, key).length < maxAliases) return;
  throw new KmsFault("LimitExceededException", `A key has at most ${maxAliases} aliases`);
}

function checkName(name: string): void {
  if (!name.startsWith("alias/") || name === "alias/") throw invalid("Invalid identifier");
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) throw invalid(`${name} contains invalid characters for an alias`);
  if (name.startsWith("alias/aws/")) {
    throw new KmsFault("NotAuthorizedException", "Alias names that begin with alias/aws/ are reserved");
  }
}

function kindOf(key: Key): "symmetric" | "asymmetric" | "hmac" {
  if (key.spec === "SYMMETRIC_DEFAULT") return "symmetric";
  return key.spec.startsWith("HMAC_") ? "hmac" : "asymmetric";
}
