// The custody rule: where an artifact's keys may live. Checked at ingest, before a custody call, and from parent to child.
import type { CustodyRule } from "./artifact.ts";
import type { KeyDescription } from "./custody.ts";
import { VerificationError } from "./errors.ts";

/** Scheme of a key URI, without the colon; empty for what has none. */
export function schemeOf(keyUri: string): string {
  return keyUri.slice(0, Math.max(0, keyUri.indexOf(":")));
}

/** Account and Region that a pinned AWS key URI names. */
export function locationOf(keyUri: string): { readonly account?: string; readonly region?: string } {
  if (!keyUri.startsWith("aws-kms:")) return {};
  const [, , , service, region, account] = keyUri.split(":");
  return service === "kms" && region && account ? { account, region } : {};
}

/** True for a key that has replicas of one name in other Regions: which of them is asked, only its custody knows. Source: AWS KMS, multi-Region keys. */
export function hasReplicas(keyUri: string): boolean {
  return keyUri.startsWith("aws-kms:") && keyUri.includes(":key/mrk-");
}

function outside(what: string, value: string): never {
  throw new VerificationError("custody-rule", `${what} \`${value}\` is outside the artifact's custody rule`);
}

/** Throws `custody-rule` where a key URI lies outside the rule's custodies, accounts or Regions. Spec: RCP-5. */
export function checkCustodyRule(rule: CustodyRule, keyUri: string): void {
  const scheme = schemeOf(keyUri);
  const { account, region } = locationOf(keyUri);
  if (rule.custodies && !rule.custodies.includes(scheme)) outside("custody", scheme);
  if (rule.accounts && !(account !== undefined && rule.accounts.includes(account)))
    outside("account", account ?? keyUri);
  if (rule.regions && !(region !== undefined && rule.regions.includes(region))) outside("region", region ?? keyUri);
}

/** Throws `custody-rule` where a key's origin or manager is outside the rule. Spec: RCP-5. */
export function checkKeyOrigin(rule: CustodyRule, key: KeyDescription): void {
  if (rule.origins && !rule.origins.includes(key.origin)) outside("origin", key.origin);
  if (rule.managers && !rule.managers.includes(key.manager)) outside("manager", key.manager);
}

function meet(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const both = a.filter((entry) => b.includes(entry));
  if (both.length === 0)
    throw new VerificationError("custody-rule", "the parents' custody rules have nothing in common");
  return both;
}

/** The parents' rules met: each member intersected, context pairs united. Throws `custody-rule`. Spec: RCP-10. */
export function meetRules(rules: readonly CustodyRule[]): CustodyRule {
  return rules.reduce((a, b) => {
    const out: { -readonly [K in keyof CustodyRule]: CustodyRule[K] } = {};
    for (const member of ["custodies", "accounts", "regions", "origins", "managers"] as const) {
      const both = meet(a[member], b[member]);
      if (both !== undefined) out[member] = both;
    }
    const pairs = new Map([...(a.contextPairs ?? []), ...(b.contextPairs ?? [])]);
    if (pairs.size > 0) out.contextPairs = pairs;
    const required = [...new Set([...(a.requiredPairs ?? []), ...(b.requiredPairs ?? [])])];
    if (required.length > 0) out.requiredPairs = required;
    return out;
  });
}

/** Throws `custody-rule` where a child's rule goes beyond a parent's: a member dropped or widened, a context pair changed. Spec: RCP-10. */
export function assertRuleWithin(rule: CustodyRule, limit: CustodyRule): void {
  for (const member of ["custodies", "accounts", "regions", "origins", "managers"] as const) {
    const allowed = limit[member] && new Set(limit[member]);
    if (allowed && !rule[member]?.every((entry) => allowed.has(entry)))
      throw new VerificationError("custody-rule", `${member} of the custody rule go beyond those of a parent`);
  }
  for (const [key, value] of limit.contextPairs ?? [])
    if (rule.contextPairs?.get(key) !== value)
      throw new VerificationError("custody-rule", `context pair \`${key}\` of a parent is missing or changed`);
  for (const name of limit.requiredPairs ?? [])
    if (!rule.requiredPairs?.includes(name))
      throw new VerificationError("custody-rule", `required context pair \`${name}\` of a parent is missing`);
}
