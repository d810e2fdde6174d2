// Artifacts that verify: suites, covers, batches, dates of the trust policy.
import { anchor, batched, chainOf, joined, sealed } from "./chain.ts";
import { draft, keysBytesOf, policy, usualKey, wrapTo } from "./draft.ts";
import {
  archive,
  clerk,
  coveredAgainAt,
  coveredAt,
  issuer,
  issuerEd25519,
  issuerHybrid,
  issuerPq,
  sealedAt,
  seconds,
} from "./material.ts";
import type { Chain } from "./chain.ts";
import type { Case } from "./vector.ts";

const otherKey = "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";

async function suiteCases(): Promise<Case[]> {
  const p256 = await sealed();
  const ed25519 = await sealed({}, { signer: issuerEd25519 });
  const hybrid = await sealed({}, { signer: issuerHybrid });
  const pq = await sealed({}, { signer: issuerPq });
  const later = await anchor(p256, { signer: archive });
  return [
    {
      id: "suite-p256",
      title: "a seal under p256",
      spec: ["SUI-1", "ANC-3", "COS-4", "ART-10"],
      artifact: joined(p256),
      chain: p256,
      expect: {},
    },
    {
      id: "suite-ed25519",
      title: "a seal under ed25519",
      spec: ["SUI-1", "COS-4"],
      artifact: joined(ed25519),
      chain: ed25519,
      expect: {},
    },
    {
      id: "suite-hybrid",
      title: "a seal under ed25519+mldsa65",
      spec: ["SUI-1", "SUI-3", "COS-4", "ING-6"],
      trust: "hybrid",
      artifact: joined(hybrid),
      chain: hybrid,
      expect: { era: "hybrid" },
    },
    {
      id: "suite-mldsa65",
      title: "a seal under mldsa65",
      spec: ["SUI-1", "SUI-4", "ING-6"],
      trust: "pq",
      artifact: joined(pq),
      chain: pq,
      expect: { era: "pq" },
    },
    {
      id: "cover-hybrid-over-classical",
      title: "a hybrid cover lifts the era of a classical seal",
      spec: ["ING-6", "ANC-7"],
      trust: "hybrid",
      artifact: joined(later),
      chain: later,
      expect: { era: "hybrid", judgedAt: coveredAt },
    },
  ];
}

async function coverCases(): Promise<Case[]> {
  const seal = await sealed();
  const direct = await anchor(seal, { statement: (s) => void s.set(12, "valid").set(13, "yearly") });
  const byIssuer = await anchor(seal, { signer: issuer });
  const batch = await batched(seal);
  const lone = await batched(seal, { size: 1, index: 0 });
  const lastOfFive = await batched(seal, { index: 4 });
  const twice = await anchor(await batched(seal), { signer: clerk, time: coveredAgainAt });
  const stated = await batched(seal, { statedTime: sealedAt - 86_400 });
  const sealedInBatch = await batched(chainOf(await draft()), { size: 3, index: 1 });
  return [
    {
      id: "cover-direct",
      title: "a direct cover that says what it found and why it was made",
      spec: ["ANC-1", "ANC-4", "TRU-9"],
      artifact: joined(direct),
      chain: direct,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "cover-by-issuer",
      title: "a cover by a signer of role issue; it isn't trusted for time, so the seal is judged at now",
      spec: ["ANC-6", "TRU-9"],
      artifact: joined(byIssuer),
      chain: byIssuer,
      expect: {},
    },
    {
      id: "cover-batched",
      title: "a batched cover: leaf 2 of 5",
      spec: ["BAT-2", "BAT-3", "BAT-5"],
      artifact: joined(batch),
      chain: batch,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "cover-batch-of-one",
      title: "a batch of one leaf has an empty path",
      spec: ["BAT-1", "BAT-5"],
      artifact: joined(lone),
      chain: lone,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "cover-batch-last-leaf",
      title: "the odd last leaf of five has a path of one digest",
      spec: ["BAT-2", "BAT-5"],
      artifact: joined(lastOfFive),
      chain: lastOfFive,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "cover-twice",
      title: "two covers: batched, then direct by a signer that isn't trusted for time",
      spec: ["ANC-4", "TRU-9"],
      artifact: joined(twice),
      chain: twice,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "cover-time-of-root",
      title: "the time of a batched anchor is its root's, whatever its statement says",
      spec: ["ANC-9"],
      artifact: joined(stated),
      chain: stated,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "seal-batched",
      title: "a seal may be batched too",
      spec: ["ANC-2", "BAT-2"],
      artifact: joined(sealedInBatch),
      chain: sealedInBatch,
      expect: {},
    },
  ];
}

async function rewrapCases(): Promise<Case[]> {
  const seal = await sealed();
  const exposures = [{ kind: "classical-transport" as const, custodyUri: usualKey, notedAt: coveredAt }];
  const wraps = [wrapTo("a", otherKey)];
  const rewrapped = await anchor(seal, { kind: "rewrap", keysBytes: keysBytesOf({ wraps, exposures }) });
  const covered = await anchor(rewrapped, { signer: clerk, time: coveredAgainAt });
  const now: Chain = { ...covered, draft: { ...covered.draft, wraps } };
  const exposed = await sealed({ exposures: [{ kind: "classical-wrap", custodyUri: usualKey, notedAt: sealedAt }] });
  const two = await sealed({ wraps: [wrapTo("a"), wrapTo("a", otherKey)] });
  const none = await sealed({
    core: {
      content: {
        format: "opaque",
        sizeBytes: 0,
        root: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        externalKey: "arn:aws:kms:eu-central-1:111122223333:alias/legacy",
      },
      lineage: { operation: "adopt", parents: [], receipts: [], actor: issuer.authority },
    },
    wraps: [],
  });
  return [
    {
      id: "rewrap-exposure",
      title:
        "a rewrap brings other keys, anchors from it on are over them, and an exposure keeps the wrap era classical",
      spec: ["ANC-7", "RCP-7"],
      artifact: joined(now),
      chain: now,
      expect: { wrapEra: "classical", judgedAt: coveredAt },
    },
    {
      id: "recipient-exposed",
      title: "any exposure makes the wrap era classical",
      spec: ["RCP-7"],
      artifact: joined(exposed),
      chain: exposed,
      expect: { wrapEra: "classical" },
    },
    {
      id: "recipient-two",
      title: "two recipients, sorted by their bytes",
      spec: ["ART-4", "RCP-1", "RCP-5"],
      artifact: joined(two),
      chain: two,
      expect: {},
    },
    {
      id: "content-opaque-empty",
      title: "opaque content of no bytes, adopted, without recipients",
      spec: ["ART-7", "ART-11", "RCP-7", "ING-8"],
      artifact: joined(none),
      content: new Uint8Array(),
      chain: none,
      expect: { wrapEra: null },
    },
  ];
}

async function dateCases(): Promise<Case[]> {
  const seal = await sealed();
  const covered = await anchor(seal);
  const byTwo = await anchor(covered, { signer: clerk, time: coveredAgainAt });
  const ahead = await anchor(seal, { time: seconds("2026-03-01T12:05:00Z") });
  const unknown = await anchor(covered, { time: coveredAgainAt, statement: (s) => void s.set(11, "slhdsa") });
  const hybrid = await anchor(covered, { signer: archive, time: coveredAgainAt });
  const derivedPolicy = await sealed({
    policies: [await policy("records", { document: { classification: "confidential" } })],
    core: { status: [{ uri: "https://status.example/1", index: 12 }] },
  });
  return [
    {
      id: "requirement-reported",
      title: "a requirement at stage report-only is reported",
      spec: ["TRU-10"],
      trust: "hybrid-reported",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt, reported: [["ed25519+mldsa65", "mldsa65"]] },
    },
    {
      id: "requirement-later",
      title: "a requirement counts from its date on",
      spec: ["TRU-10"],
      trust: "hybrid-required-from-2026-06-01",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "requirement-met",
      title: "a requirement met by a hybrid cover",
      spec: ["TRU-10"],
      trust: "hybrid-required",
      artifact: joined(hybrid),
      chain: hybrid,
      expect: { era: "hybrid", judgedAt: coveredAt },
    },
    {
      id: "requirement-two-authorities",
      title: "a requirement of two authorities, met by the seal and a cover",
      spec: ["TRU-10"],
      trust: "two-authorities-required",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "marked-issuer-dated",
      title: "the issuer's key is marked; a cover by another authority, trusted for time, is older than the mark",
      spec: ["TRU-8"],
      trust: "issuer-marked",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "marked-cover",
      title: "a cover whose key is marked doesn't count, and its time isn't one at which to judge",
      spec: ["TRU-8", "TRU-9"],
      trust: "notary-marked",
      artifact: joined(covered),
      chain: covered,
      expect: { counts: [true, false] },
    },
    {
      id: "marked-policy-dated-by-seal",
      title: "a policy's key is marked; the seal, trusted for time, is older than the mark",
      spec: ["TRU-8", "POM-3"],
      trust: "office-marked-issuer-timed",
      artifact: joined(seal),
      chain: seal,
      expect: {},
    },
    {
      id: "marked-policy-dated-by-cover",
      title: "a policy's key is marked; a cover is older than the mark",
      spec: ["TRU-8", "POM-3"],
      trust: "office-marked",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "standing-expired",
      title: "the seal's suite has lapsed and nothing dated it before",
      spec: ["ING-6", "SUI-5"],
      trust: "p256-verified-until-2026-02-15",
      artifact: joined(seal),
      chain: seal,
      expect: { standing: "expired", counts: [false] },
    },
    {
      id: "standing-dated",
      title: "the seal's suite has lapsed, but a cover dated it before",
      spec: ["ING-6", "SUI-5", "TRU-9"],
      trust: "p256-verified-until-2026-02-15",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "standing-later-cover-lapsed",
      title: "a later cover under a lapsed suite doesn't count and the one before it still dates the seal",
      spec: ["TRU-9"],
      trust: "p256-verified-until-2026-02-15",
      artifact: joined(byTwo),
      chain: byTwo,
      expect: { counts: [true, true, false], judgedAt: coveredAt },
    },
    {
      id: "time-300-seconds-ahead",
      title: "an anchor 300 s ahead of the verifier's clock",
      spec: ["ANC-9"],
      artifact: joined(ahead),
      chain: ahead,
      expect: { judgedAt: seconds("2026-03-01T12:05:00Z") },
    },
    {
      id: "later-suite-accepted",
      title: "a last anchor of an unknown suite, which the trust policy accepts, is as if it weren't there",
      spec: ["ANC-10"],
      trust: "later-suites-accepted",
      artifact: joined(unknown),
      chain: unknown,
      expect: { unknownLater: 1, judgedAt: coveredAt },
    },
    {
      id: "signer-from-this-second",
      title: "a signer counts from its notBefore on",
      spec: ["TRU-6"],
      trust: "notary-from-its-cover",
      artifact: joined(covered),
      chain: covered,
      expect: { judgedAt: coveredAt },
    },
    {
      id: "status-there",
      title: "a status entry where the trust policy demands one for the classification",
      spec: ["ING-8"],
      trust: "status-demanded",
      artifact: joined(derivedPolicy),
      chain: derivedPolicy,
      expect: { classification: "confidential" },
    },
  ];
}

/** Positive cases of anchors, suites and dates. */
export async function acceptedAnchors(): Promise<Case[]> {
  return [...(await suiteCases()), ...(await coverCases()), ...(await rewrapCases()), ...(await dateCases())];
}
