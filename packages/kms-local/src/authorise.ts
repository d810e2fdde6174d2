import type { Call } from "./call.ts";
import type { Facts } from "./condition.ts";
import type { EncryptionContext } from "./encryption-context.ts";
import { KmsFault } from "./fault.ts";
import type { Grant } from "./grant.ts";
import { arnOf, type Key, primaryRegionOf } from "./key.ts";
import { ask, isPrincipal, type Policy, type Question, rootOf } from "./policy.ts";
import { aliasArn } from "./state.ts";

// The grant operations that carry an encryption context; constraints say nothing of the others.
const constrained = new Set([
  "Encrypt",
  "Decrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
]);

type NewGrant = Pick<Grant, "operations" | "contextEquals" | "contextSubset">;

/** What an operation asks permission for, beside the key. */
export interface Need {
  /** The KMS permission without its prefix, as in `Decrypt`. */
  readonly action: string;
  readonly context?: EncryptionContext | undefined;
  readonly grantTokens?: readonly string[] | undefined;
  /** The grant that the caller wants to make. */
  readonly newGrant?: NewGrant;
  /** Tags that the request sets or, without values, removes. */
  readonly tags?: readonly { readonly TagKey: string; readonly TagValue?: string }[];
  /** Condition keys that only this request has, without the prefix `kms:`. */
  readonly facts?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Throws AccessDeniedException unless key policy, the caller's policies or a grant allow it. */
export function authoriseKey(call: Call, key: Key, need: Need, policy: Policy = key.policy): void {
  const question = questionFor(call, key, need);
  const refuse = (why: string): KmsFault => denied(question, why);
  const fromKey = ask(policy, question);
  const fromIdentity = askIdentity(call, question);
  if (fromKey === "deny") throw refuse("with an explicit deny in a resource-based policy");
  if (fromIdentity === "deny") throw refuse("with an explicit deny in an identity-based policy");
  const grant = key.grants.some((each) => grantAllows(each, call, need));
  const home = key.accountId === call.caller.accountId;
  if ((fromKey === "allow" && home) || (grant && home)) return;
  if (fromKey === "silent" && !grant)
    throw refuse(`because no resource-based policy allows the ${question.action} action`);
  if (fromIdentity !== "allow") throw refuse(`because no identity-based policy allows the ${question.action} action`);
}

/** Throws AccessDeniedException unless the caller's own policies allow an action that no key decides. */
export function authoriseAccount(call: Call, action: string, resource = "*", facts: Facts = new Map()): void {
  const question = {
    action: `kms:${action}`,
    resource,
    caller: call.caller,
    facts: new Map([...factsOfCall(call), ...facts]),
  };
  const answer = askIdentity(call, question);
  if (answer === "allow") return;
  const what = `the ${question.action} action`;
  throw denied(
    question,
    answer === "deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows ${what}`,
  );
}

/** True when `policy` on the key would still let the caller replace it. */
export function leavesControl(call: Call, key: Key, policy: Policy): boolean {
  try {
    authoriseKey(call, key, { action: "PutKeyPolicy" }, policy);
    return true;
  } catch (error) {
    if (error instanceof KmsFault) return false;
    throw error;
  }
}

function askIdentity(call: Call, question: Question): "allow" | "deny" | "silent" {
  const { identityPolicies, arn, accountId } = call.caller;
  if (arn === rootOf(accountId) || !identityPolicies) return "allow";
  const answers = identityPolicies.map((policy) => ask(policy, question));
  if (answers.includes("deny")) return "deny";
  return answers.includes("allow") ? "allow" : "silent";
}

function grantAllows(grant: Grant, call: Call, need: Need): boolean {
  if (!isPrincipal(grant.grantee, call.caller.arn) || !grant.operations.includes(need.action)) return false;
  const shown = call.now >= grant.createdAt + call.grantDelayMs;
  if (!shown && !grant.tokens.some((token) => need.grantTokens?.includes(token))) return false;
  if (need.newGrant && !isNarrower(need.newGrant, grant)) return false;
  if (!constrained.has(need.action)) return true;
  const context = need.context ?? new Map<string, string>();
  if (grant.contextEquals && !isSame(grant.contextEquals, context)) return false;
  return !grant.contextSubset || holdsAll(context, grant.contextSubset);
}

/** A grantee hands on no more operations than it has, under the same constraints. */
function isNarrower(child: NewGrant, parent: Grant): boolean {
  const same = (a?: EncryptionContext, b?: EncryptionContext): boolean => !a || (b !== undefined && isSame(a, b));
  return (
    child.operations.every((each) => parent.operations.includes(each)) &&
    same(parent.contextEquals, child.contextEquals) &&
    same(parent.contextSubset, child.contextSubset)
  );
}

function isSame(a: EncryptionContext, b: EncryptionContext): boolean {
  return a.size === b.size && holdsAll(a, b);
}

function holdsAll(context: EncryptionContext, wanted: EncryptionContext): boolean {
  return [...wanted].every(([name, value]) => context.get(name) === value);
}

function questionFor(call: Call, key: Key, need: Need): Question {
  const facts = new Map<string, readonly string[]>([
    ...factsOfCall(call),
    ["kms:KeySpec", [key.spec]],
    ["kms:CustomerMasterKeySpec", [key.spec]],
    ["kms:KeyUsage", [key.usage]],
    ["kms:CustomerMasterKeyUsage", [key.usage]],
    ["kms:KeyOrigin", [key.origin]],
    ["kms:MultiRegion", [String(key.multiRegion)]],
    ...(key.multiRegion ? ([["kms:MultiRegionKeyType", [multiRegionType(key)]]] as const) : []),
    ["kms:ResourceAliases", aliasesOf(call, key)],
  ]);
  for (const [name, value] of key.tags) facts.set(`aws:ResourceTag/${name}`, [value]);
  for (const [name, value] of Object.entries(need.facts ?? {})) {
    if (value !== undefined) facts.set(`kms:${name}`, typeof value === "string" ? [value] : value);
  }
  for (const [name, value] of tagFacts(need.tags ?? [])) facts.set(name, value);
  if (need.context && need.context.size > 0) {
    facts.set("kms:EncryptionContextKeys", [...need.context.keys()]);
    for (const [name, value] of need.context) facts.set(`kms:EncryptionContext:${name}`, [value]);
  }
  return { action: `kms:${need.action}`, resource: arnOf(key), caller: call.caller, facts };
}

function multiRegionType(key: Key): "PRIMARY" | "REPLICA" {
  return primaryRegionOf(key) === key.region ? "PRIMARY" : "REPLICA";
}

/** The condition keys that the tags in a request fill. */
export function tagFacts(tags: NonNullable<Need["tags"]>): Map<string, readonly string[]> {
  const facts = new Map<string, readonly string[]>();
  if (tags.length > 0)
    facts.set(
      "aws:TagKeys",
      tags.map((tag) => tag.TagKey),
    );
  for (const { TagKey, TagValue } of tags) {
    if (TagValue !== undefined) facts.set(`aws:RequestTag/${TagKey}`, [TagValue]);
  }
  return facts;
}

function factsOfCall(call: Call): Map<string, readonly string[]> {
  const { caller } = call;
  const root = caller.arn === rootOf(caller.accountId);
  return new Map<string, readonly string[]>([
    ["kms:CallerAccount", [caller.accountId]],
    ...(caller.viaService === undefined ? [] : ([["kms:ViaService", [caller.viaService]]] as const)),
    ["aws:PrincipalArn", [roleArn(caller.arn)]],
    ["aws:PrincipalAccount", [caller.accountId]],
    ["aws:PrincipalType", [root ? "Account" : caller.arn.includes(":assumed-role/") ? "AssumedRole" : "User"]],
    ["aws:RequestedRegion", [caller.region]],
    ["aws:CurrentTime", [new Date(call.now).toISOString()]],
    ["aws:EpochTime", [String(Math.floor(call.now / 1000))]],
    ["aws:SourceIp", [call.sourceIp]],
    ["aws:SecureTransport", ["false"]],
    ["aws:UserAgent", [call.userAgent]],
    ["aws:ViaAWSService", [String(caller.viaService !== undefined)]],
  ]);
}

/** Of a session AWS gives the role as aws:PrincipalArn. */
function roleArn(arn: string): string {
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return session ? `arn:aws:iam::${session[1]}:role/${session[2]}` : arn;
}

function aliasesOf(call: Call, key: Key): string[] {
  const own = [...call.state.aliases.values()].filter(
    (alias) => alias.targetKeyId === key.keyId && alias.accountId === key.accountId && alias.region === key.region,
  );
  return own.map((alias) => aliasArn(alias).split(":").slice(5).join(":"));
}

function denied(question: Question, why: string): KmsFault {
  return new KmsFault(
    "AccessDeniedException",
    `User: ${question.caller.arn} is not authorized to perform: ${question.action} on resource: ${question.resource} ${why}`,
  );
}
