import { BlockList } from "node:net";
import { malformedPolicy } from "./fault.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What a request is known to be, by condition key; a key that is absent isn't in the request. */
export type Facts = ReadonlyMap<string, readonly string[]>;

/** One condition of a statement, ready to be asked. */
export interface Condition {
  readonly key: string;
  readonly operator: Operator;
  readonly quantifier?: "all" | "any";
  readonly ifExists: boolean;
  readonly values: readonly string[];
}

interface Operator {
  readonly negated?: true;
  readonly matches: (wanted: string, actual: string) => boolean;
}

const like: Operator["matches"] = (wanted, actual) => matchesWildcard(wanted, actual);
const equal: Operator["matches"] = (wanted, actual) => wanted === actual;
const sameLetters: Operator["matches"] = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();
const arnLike: Operator["matches"] = (wanted, actual) => {
  const pattern = wanted.split(":");
  const parts = actual.split(":");
  const tail = (all: string[]): string[] => [...all.slice(0, 5), all.slice(5).join(":")];
  return pattern.length >= 6 && parts.length >= 6
    ? tail(pattern).every((part, i) => matchesWildcard(part, tail(parts)[i] ?? ""))
    : matchesWildcard(wanted, actual);
};

function compare(read: (text: string) => number, holds: (actual: number, wanted: number) => boolean): Operator {
  return { matches: (wanted, actual) => holds(read(actual), read(wanted)) };
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function ordered(prefix: string, read: (text: string) => number): Record<string, Operator> {
  const equals = compare(read, (a, b) => a === b);
  return {
    [`${prefix}Equals`]: equals,
    [`${prefix}NotEquals`]: { ...equals, negated: true },
    [`${prefix}LessThan`]: compare(read, (a, b) => a < b),
    [`${prefix}LessThanEquals`]: compare(read, (a, b) => a <= b),
    [`${prefix}GreaterThan`]: compare(read, (a, b) => a > b),
    [`${prefix}GreaterThanEquals`]: compare(read, (a, b) => a >= b),
  };
}

const inNetwork: Operator["matches"] = (wanted, actual) => {
  const [address = "", prefix] = wanted.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const networks = new BlockList();
  networks.addSubnet(address, prefix === undefined ? (family === "ipv4" ? 32 : 128) : Number(prefix), family);
  return networks.check(actual, actual.includes(":") ? "ipv6" : "ipv4");
};

// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
const operators = new Map<string, Operator>(
  Object.entries({
    StringEquals: { matches: equal },
    StringNotEquals: { matches: equal, negated: true },
    StringEqualsIgnoreCase: { matches: sameLetters },
    StringNotEqualsIgnoreCase: { matches: sameLetters, negated: true },
    StringLike: { matches: like },
    StringNotLike: { matches: like, negated: true },
    ArnEquals: { matches: arnLike },
    ArnNotEquals: { matches: arnLike, negated: true },
    ArnLike: { matches: arnLike },
    ArnNotLike: { matches: arnLike, negated: true },
    Bool: { matches: sameLetters },
    IpAddress: { matches: inNetwork },
    NotIpAddress: { matches: inNetwork, negated: true },
    ...ordered("Numeric", Number),
    ...ordered("Date", instant),
  } satisfies Record<string, Operator>),
);

const isNull: Operator = { matches: (wanted, absent) => wanted.toLowerCase() === absent };

// The keys of AWS KMS whose value this server knows. Others are refused when a policy is put:
// a Deny on a key that is never present would silently never deny.
const kmsKeys = new Set(
  [
    "BypassPolicyLockoutSafetyCheck",
    "CallerAccount",
    "CustomerMasterKeySpec",
    "CustomerMasterKeyUsage",
    "DataKeyPairSpec",
    "EncryptionAlgorithm",
    "EncryptionContextKeys",
    "ExpirationModel",
    "GrantConstraintType",
    "GranteePrincipal",
    "GrantIsForAWSResource",
    "GrantOperations",
    "KeyAgreementAlgorithm",
    "KeyOrigin",
    "KeySpec",
    "KeyUsage",
    "MacAlgorithm",
    "MessageType",
    "MultiRegion",
    "MultiRegionKeyType",
    "PrimaryRegion",
    "ReEncryptOnSameKey",
    "ReplicaRegion",
    "RequestAlias",
    "ResourceAliases",
    "RetiringPrincipal",
    "RotationPeriodInDays",
    "ScheduleKeyDeletionPendingWindowInDays",
    "SigningAlgorithm",
    "ValidTo",
    "ViaService",
    "WrappingAlgorithm",
    "WrappingKeySpec",
  ].map((name) => `kms:${name}`.toLowerCase()),
);

/** Reads the Condition block of a statement; throws MalformedPolicyDocumentException. */
export function parseConditions(
  block: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): Condition[] {
  return Object.entries(block).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, values]) => parseCondition(name, key, values)),
  );
}

function parseCondition(name: string, key: string, values: readonly string[]): Condition {
  const [, set, base = "", suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = base === "Null" ? isNull : operators.get(base);
  if (!operator || (operator === isNull && (set !== undefined || suffix !== undefined))) {
    throw malformedPolicy(`condition operator \`${name}\` is not known`);
  }
  const wanted = key.toLowerCase();
  const known = kmsKeys.has(wanted) || wanted.startsWith("kms:encryptioncontext:") || wanted.startsWith("aws:");
  if (!known) throw malformedPolicy(`condition key \`${key}\` is not known`);
  if (values.length === 0) throw malformedPolicy(`condition key \`${key}\` has no value`);
  for (const value of values) assertValue(base, value);
  const quantifier = set === undefined ? undefined : set === "ForAllValues" ? "all" : "any";
  return { key, operator, ifExists: suffix !== undefined, values, ...(quantifier && { quantifier }) };
}

function assertValue(operator: string, value: string): void {
  const bad =
    (/^(Bool|Null)$/.test(operator) && !/^(true|false)$/i.test(value)) ||
    (operator.startsWith("Numeric") && !Number.isFinite(Number(value))) ||
    (operator.startsWith("Date") && Number.isNaN(instant(value))) ||
    (operator.endsWith("IpAddress") && !isNetwork(value));
  if (bad) throw malformedPolicy(`\`${value}\` is no value for \`${operator}\``);
}

function isNetwork(value: string): boolean {
  try {
    inNetwork(value, "127.0.0.1");
    return true;
  } catch {
    return false;
  }
}

/** True when the request's facts meet the condition. */
export function holds(condition: Condition, facts: Facts): boolean {
  const { operator, values } = condition;
  const actual = lookUp(facts, condition.key);
  const absent = actual.length === 0;
  if (operator === isNull) return values.some((wanted) => operator.matches(wanted, String(absent)));
  if (absent) {
    return condition.ifExists || condition.quantifier === "all" || (!condition.quantifier && operator.negated === true);
  }
  const meets = (each: string): boolean =>
    values.some((wanted) => operator.matches(wanted, each)) !== (operator.negated ?? false);
  const all = condition.quantifier === "all" || (!condition.quantifier && operator.negated === true);
  return all ? actual.every(meets) : actual.some(meets);
}

/** Names of condition keys ignore case; a context pair of exactly this case goes first. */
function lookUp(facts: Facts, key: string): readonly string[] {
  const exact = facts.get(key);
  if (exact) return exact;
  const wanted = key.toLowerCase();
  return [...facts].flatMap(([name, values]) => (name.toLowerCase() === wanted ? values : []));
}
