import type { Call } from "./call.ts";
import { invalid, KmsFault, notFound } from "./fault.ts";
import { arnOf, type Key } from "./key.ts";
import { type Field, text } from "./shape.ts";

/** The member that names a key. */
export const keyIdField: Field<string> = text({ min: 1, max: 2048 });

const keyId = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const aliasName = /^alias\/[a-zA-Z0-9:/_-]+$/;

/**
 * Finds the key that a key id, key ARN, alias name or alias ARN names; throws NotFoundException.
 * The key is noted for the trail. `aliases: "no"` is for operations that take keys only.
 */
export function findKey(call: Call, name: string, aliases: "yes" | "no" = "yes"): Key {
  const { region, accountId } = call.caller;
  const arn = name.startsWith("arn:")
    ? checkArn(name, region)
    : `arn:aws:kms:${region}:${accountId}:${resourceOf(name)}`;
  const isAlias = arn.split(":")[5]?.startsWith("alias/") ?? false;
  if (isAlias && aliases === "no") throw notFound(`Invalid keyId '${name}'`);
  const key = call.state.keys.get(isAlias ? aliasTarget(call, arn) : arn);
  if (!key) throw notFound(`Key '${arn}' does not exist`);
  noteKey(call, key);
  return key;
}

/** Finds a key of the caller's own account, as operations that don't work across accounts need it. */
export function findOwnKey(call: Call, name: string): Key {
  const key = findKey(call, name, "no");
  if (key.accountId === call.caller.accountId) return key;
  throw new KmsFault(
    "AccessDeniedException",
    `User: ${call.caller.arn} is not authorized to perform: kms:${call.operation} on resource: ${arnOf(key)}`,
  );
}

/** Lists the key among the resources of the request's event. */
export function noteKey(call: Call, key: Key): void {
  const arn = arnOf(key);
  if (!call.trail.resources.includes(arn)) call.trail.resources.push(arn);
}

function aliasTarget(call: Call, arn: string): string {
  const alias = call.state.aliases.get(arn);
  if (!alias) throw notFound(`Alias ${arn} is not found.`);
  return arnOf({ ...alias, keyId: alias.targetKeyId });
}

function checkArn(arn: string, region: string): string {
  const [, partition, service, inRegion, account = "", ...rest] = arn.split(":");
  const resource = rest.join(":");
  const known = (resource.startsWith("key/") && keyId.test(resource.slice(4))) || aliasName.test(resource);
  if (partition !== "aws" || service !== "kms" || !/^\d{12}$/.test(account) || !known) {
    throw new KmsFault("InvalidArnException", `${arn} is not a valid ARN`);
  }
  if (inRegion !== region) throw notFound(`Invalid arn ${inRegion}`);
  return arn;
}

function resourceOf(name: string): string {
  if (name.startsWith("alias/")) {
    if (!aliasName.test(name)) throw invalid(`${name} contains invalid characters for an alias`);
    return name;
  }
  if (!keyId.test(name)) throw notFound(`Invalid keyId '${name}'`);
  return `key/${name}`;
}
