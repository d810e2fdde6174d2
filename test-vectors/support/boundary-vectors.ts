// Dates at their very second, and scopes of several prefixes: the last that holds beside the first that doesn't.
import { anchor, joined, sealed } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { childOf, derivedAt } from "./family.ts";
import { nameOf } from "../../packages/core/src/artifact.ts";
import { archive, coveredAgainAt, coveredAt } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case, Found } from "./vector.ts";

interface Limit {
  readonly id: string;
  readonly spec: readonly string[];
  readonly chain: Chain;
  readonly trust?: string;
  readonly now?: string;
}

const held = (title: string, { id, spec, chain, ...more }: Limit, expect: Found = {}): Case => ({
  id: `limit-${id}`,
  title,
  spec,
  artifact: joined(chain),
  chain,
  ...more,
  expect,
});

/** The side of each limit that holds. */
export async function acceptedLimits(): Promise<Case[]> {
  const seal = await sealed();
  const covered = await anchor(seal);
  const unknown = await anchor(await anchor(seal, { signer: archive }), {
    time: coveredAgainAt,
    statement: (statement) => void statement.set(11, "slhdsa"),
  });
  const lateParent = await anchor(seal, { time: derivedAt + 300 });
  const child = await childOf([lateParent]);
  const ofThatSecond = await sealed({ core: { issuedAt: derivedAt } }, { time: derivedAt });
  const sameSecond = await childOf([ofThatSecond]);
  const dated: Found = { judgedAt: coveredAt };
  return [
    held(
      "an accepted last anchor of an unknown suite, and a requirement that one before it meets",
      { id: "later-suite", spec: ["ANC-10", "TRU-10"], chain: unknown, trust: "later-suites-accepted-hybrid-required" },
      { era: "hybrid", unknownLater: 1, judgedAt: coveredAt },
    ),
    held(
      "a cover in the last second before signUntil",
      { id: "sign-until", spec: ["SUI-5"], chain: covered, trust: "ed25519-signed-until-after-the-cover" },
      dated,
    ),
    held("a seal judged in the last second before verifyUntil", {
      id: "verify-until",
      spec: ["SUI-5", "TRU-9"],
      chain: seal,
      trust: "p256-verified-until-after-now",
    }),
    held(
      "a seal judged at verifyUntil doesn't count any more",
      { id: "verify-until-reached", spec: ["SUI-5", "TRU-9", "ING-6"], chain: seal, trust: "p256-verified-until-now" },
      { standing: "expired", counts: [false] },
    ),
    held(
      "the last second before a requirement",
      { id: "required-from", spec: ["TRU-10"], chain: covered, trust: "hybrid-required-after-now" },
      dated,
    ),
    held(
      "a cover in the last second before the seal's key is marked",
      { id: "invalid-since", spec: ["TRU-8"], chain: covered, trust: "issuer-marked-after-the-cover" },
      dated,
    ),
    held("a seal in the last second before its signer's notAfter", {
      id: "not-after",
      spec: ["TRU-6"],
      chain: seal,
      trust: "issuer-until-after-its-seal",
    }),
    held("the last second of a trust policy", {
      id: "expires",
      spec: ["TRU-4"],
      chain: seal,
      now: "2026-12-30T23:59:59Z",
    }),
    held("an issuer of two prefixes, under a policy of the second", {
      id: "scope-of-two",
      spec: ["TRU-11"],
      chain: seal,
      trust: "issuer-of-two-prefixes",
    }),
    held(
      "a parent that was covered 300 s after the child was sealed",
      { id: "parent-covered", spec: ["LIN-6"], chain: child },
      { sources: [nameOf(seal.draft.coreBytes)] },
    ),
    held(
      "a parent sealed in the same second as the child",
      { id: "parent-sealed", spec: ["LIN-6"], chain: sameSecond },
      { sources: [nameOf(ofThatSecond.draft.coreBytes)] },
    ),
  ];
}

/** The side of each limit that doesn't. */
export async function refusedLimits(): Promise<Case[]> {
  const seal = await sealed();
  const covered = joined(await anchor(seal));
  const unknown = await anchor(await anchor(seal), {
    time: coveredAgainAt,
    statement: (statement) => void statement.set(11, "slhdsa"),
  });
  const child = await childOf([await anchor(seal, { time: derivedAt + 301 })]);
  const younger = await childOf([await sealed({ core: { issuedAt: derivedAt } }, { time: derivedAt + 1 })]);
  return [
    refused(
      "limit-later-suite-satisfies-nothing",
      "suite-required",
      ["ANC-10", "TRU-10"],
      "an accepted last anchor of an unknown suite, and a requirement that those before it don't meet",
      joined(unknown),
      { trust: "later-suites-accepted-hybrid-required" },
    ),
    refused("limit-sign-until-reached", "suite-lapsed", ["SUI-5"], "a cover made at signUntil", covered, {
      trust: "ed25519-signed-until-the-cover",
    }),
    refused("limit-required-from-reached", "suite-required", ["TRU-10"], "the first second of a requirement", covered, {
      trust: "hybrid-required-from-now",
    }),
    refused(
      "limit-invalid-since-reached",
      "signer-compromised",
      ["TRU-8"],
      "a cover made in the second since which the seal's key is marked",
      covered,
      { trust: "issuer-marked-at-the-cover" },
    ),
    refused(
      "limit-scope-of-two-others",
      "signer-scope",
      ["TRU-11"],
      "an issuer of two prefixes, under a policy of neither",
      joined(seal),
      { trust: "issuer-of-two-other-prefixes" },
    ),
    refused(
      "limit-parent-covered-later",
      "lineage-time",
      ["LIN-6"],
      "a parent that was covered 301 s after the child was sealed",
      joined(child),
    ),
    refused(
      "limit-parent-sealed-later",
      "lineage-time",
      ["LIN-6"],
      "a parent sealed a second after the child",
      joined(younger),
    ),
  ];
}
