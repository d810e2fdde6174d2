import { type Condition, type Facts, holds, parseConditions } from "./condition.ts";
import { KmsFault, malformedPolicy } from "./fault.ts";
import { matchesWildcard } from "./wildcard.ts";

/** A policy document as its author wrote it, and its statements. */
export interface Policy {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** One statement. `principals` is absent in policies that are attached to a principal. */
interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly principals?: readonly string[];
  readonly actions: Choice;
  readonly resources: Choice;
  readonly conditions: readonly Condition[];
}

interface Choice {
  readonly patterns: readonly string[];
  readonly not: boolean;
}

/** What is asked of a policy. */
export interface Question {
  /** As in `kms:Decrypt`. */
  readonly action: string;
  readonly resource: string;
  readonly caller: { readonly accountId: string; readonly arn: string };
  readonly facts: Facts;
}

/**
 * A policy's answer: `deny`; `allow` for this very principal; `account` when it leaves the
 * decision to the policies of the principal's own account; `silent`.
 */
export type Answer = "deny" | "allow" | "account" | "silent";

const maxTextBytes = 32_768;

/**
 * Reads a policy document; throws MalformedPolicyDocumentException for whatever isn't understood,
 * LimitExceededException for a key policy over its quota. Source: AWS KMS Developer Guide, "Resource quotas".
 */
export function parsePolicy(text: string, kind: "key" | "identity"): Policy {
  if (Buffer.byteLength(text) > maxTextBytes) {
    const message = `policy is larger than ${maxTextBytes} bytes`;
    throw kind === "key" ? new KmsFault("LimitExceededException", message) : malformedPolicy(message);
  }
  const document = asMembers(parseJson(text), ["Version", "Id", "Statement"], "policy");
  const version = document["Version"] ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") throw malformedPolicy("policy version is not known");
  const list = Array.isArray(document["Statement"]) ? (document["Statement"] as unknown[]) : [document["Statement"]];
  if (list.length === 0) throw malformedPolicy("policy has no statement");
  return { text, statements: list.map((each) => parseStatement(each, kind)) };
}

/** The policy that CreateKey gives a key unless told otherwise: all to the account. */
export function defaultPolicy(accountId: string): Policy {
  const document = {
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  };
  return parsePolicy(JSON.stringify(document, null, 2), "key");
}

/** Asks a policy; an explicit deny wins over everything else. */
export function ask(policy: Policy, question: Question): Answer {
  let answer: Answer = "silent";
  for (const statement of policy.statements) {
    const match = matchPrincipal(statement.principals, question.caller);
    if (match === null || !covers(statement, question)) continue;
    if (statement.effect === "Deny") return "deny";
    if (answer !== "allow") answer = match;
  }
  return answer;
}

function covers(statement: Statement, { action, resource, facts }: Question): boolean {
  const wanted = action.toLowerCase();
  return (
    includes(statement.actions, (pattern) => matchesWildcard(pattern.toLowerCase(), wanted)) &&
    includes(statement.resources, (pattern) => matchesWildcard(pattern, resource)) &&
    statement.conditions.every((condition) => holds(condition, facts))
  );
}

function includes({ patterns, not }: Choice, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== not;
}

function matchPrincipal(
  principals: readonly string[] | undefined,
  caller: Question["caller"],
): "allow" | "account" | null {
  if (!principals || principals.includes("*")) return "allow";
  if (principals.some((each) => isPrincipal(each, caller.arn))) return "allow";
  return principals.includes(rootOf(caller.accountId)) ? "account" : null;
}

/** True when `named` is the caller, or the role whose session the caller is. */
export function isPrincipal(named: string, callerArn: string): boolean {
  if (named === callerArn) return true;
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const role = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(named);
  return session !== null && role !== null && session[1] === role[1] && session[2] === role[2];
}

/** The ARN that stands for an account. */
export function rootOf(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

function parseStatement(value: unknown, kind: "key" | "identity"): Statement {
  const members = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
  const body = asMembers(value, kind === "key" ? [...members, "Principal"] : members, "statement");
  const effect = body["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw malformedPolicy("a statement's effect is Allow or Deny");
  return {
    effect,
    ...(kind === "key" && { principals: parsePrincipals(body["Principal"]) }),
    actions: parseChoice(body, "Action"),
    resources: parseChoice(body, "Resource"),
    conditions: parseConditions(parseConditionBlock(body["Condition"])),
  };
}

function parseChoice(body: Readonly<Record<string, unknown>>, name: string): Choice {
  const not = body[`Not${name}`] !== undefined;
  if (not === (body[name] !== undefined)) throw malformedPolicy(`a statement has one of ${name} and Not${name}`);
  const patterns = texts(body[not ? `Not${name}` : name], name);
  if (patterns.length === 0) throw malformedPolicy(`a statement's ${name} is empty`);
  if (name === "Action" && patterns.some((each) => each !== "*" && !/^kms:[A-Za-z*?]+$/i.test(each))) {
    throw malformedPolicy("a statement has an action that is not one of kms");
  }
  return { patterns, not };
}

function parsePrincipals(value: unknown): string[] {
  if (value === "*") return ["*"];
  const body = asMembers(value, ["AWS", "Service"], "principal");
  const services = body["Service"] === undefined ? [] : texts(body["Service"], "Service");
  const named = body["AWS"] === undefined ? [] : texts(body["AWS"], "AWS");
  if (services.length + named.length === 0) throw malformedPolicy("a statement has no principal");
  // A service never calls this server, so its statements are kept and match nobody.
  return [...named.map(principalArn), ...services.map((name) => `service:${name}`)];
}

function principalArn(name: string): string {
  if (name === "*") return name;
  if (/^\d{12}$/.test(name)) return rootOf(name);
  const known =
    /^arn:aws:(iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]+)|sts::\d{12}:(assumed-role|federated-user)\/[\w+=,.@/-]+)$/;
  if (known.test(name)) return name;
  throw malformedPolicy("Policy contains a statement with one or more invalid principals.");
}

function parseConditionBlock(value: unknown): Record<string, Record<string, string[]>> {
  const block: Record<string, Record<string, string[]>> = {};
  if (value === undefined) return block;
  for (const [operator, keys] of Object.entries(asMembers(value, null, "condition"))) {
    const pairs = Object.entries(asMembers(keys, null, "condition"));
    block[operator] = Object.fromEntries(pairs.map(([key, wanted]) => [key, texts(wanted, key)]));
  }
  return block;
}

/** One text or a list of them; booleans and numbers count as their text. */
function texts(value: unknown, name: string): string[] {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((each) => {
    if (typeof each !== "string" && typeof each !== "boolean" && typeof each !== "number") {
      throw malformedPolicy(`\`${name}\` holds something else than text`);
    }
    // Variables would have to be replaced; taking them literally could turn a Deny into nothing.
    if (String(each).includes("${")) throw malformedPolicy("policy variables are not supported by this server");
    return String(each);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformedPolicy("policy is not valid JSON");
  }
}

function asMembers(value: unknown, allowed: readonly string[] | null, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformedPolicy(`a ${what} is an object`);
  }
  const unknown = Object.keys(value).find((name) => name === "__proto__" || (allowed && !allowed.includes(name)));
  if (unknown !== undefined) throw malformedPolicy(`a ${what} has no member \`${unknown}\``);
  return value as Record<string, unknown>;
}
