// Refusals of anchors and batches.
import { anchorsName } from "../../packages/core/src/anchor.ts";
import { digestBytes } from "../../packages/core/src/shape.ts";
import { anchor, batched, joined, sealed } from "./chain.ts";
import type { AnchorOptions, Chain } from "./chain.ts";
import { keysBytesOf, wrapTo } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import {
  archive,
  bytesOf,
  clerk,
  coveredAgainAt,
  coveredAt,
  issuerEd25519,
  lab,
  notary,
  office,
  otherIssuer,
  register,
  sealedAt,
  seconds,
} from "./material.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const sealWith = async (options: AnchorOptions, of: DraftOptions = {}): Promise<Uint8Array> =>
  joined(await sealed(of, options));
const coverWith = async (options: AnchorOptions): Promise<Uint8Array> => joined(await anchor(await sealed(), options));

async function statementCases(): Promise<Case[]> {
  const set = (key: number, value: Loose): AnchorOptions => ({
    statement: (statement) => void statement.set(key, value),
  });
  const drop = (key: number): AnchorOptions => ({ statement: (statement) => void statement.delete(key) });
  return [
    refused("anchor-version-2", "structure", ["ANC-1"], "a statement of version 2", await sealWith(set(1, 2))),
    refused(
      "anchor-kind-unknown",
      "structure",
      ["ANC-1"],
      "a statement of a kind that there isn't",
      await coverWith(set(2, "renew")),
    ),
    refused("anchor-without-time", "structure", ["ANC-1"], "a statement without its time", await sealWith(drop(10))),
    refused(
      "anchor-unknown-member",
      "structure",
      ["ANC-1", "ART-3"],
      "a statement with a member 14",
      await sealWith(set(14, 1)),
    ),
    refused(
      "anchor-empty-digest",
      "structure",
      ["ANC-1"],
      "a statement whose core digest is empty",
      await sealWith(set(6, new Uint8Array())),
    ),
    refused(
      "anchor-of-three",
      "structure",
      ["ANC-2"],
      "an anchor of three members",
      await sealWith({ anchor: (map) => map.set(3, null) }),
    ),
    refused(
      "anchor-without-evidence",
      "structure",
      ["ANC-2"],
      "a statement alone",
      await sealWith({
        anchor: (map) => {
          map.delete(2);
          return map;
        },
      }),
    ),
    refused(
      "anchor-statement-not-bytes",
      "structure",
      ["ANC-2"],
      "the statement as a map and not as bytes",
      await sealWith({ anchor: (map) => map.set(1, new Map([[1, 1]])) }),
    ),
    refused(
      "anchor-other-artifact",
      "anchor-artifact",
      ["ANC-6"],
      "a seal for another artifact id",
      await sealWith(set(3, bytesOf("other artifact", 16))),
    ),
    refused(
      "anchor-other-core",
      "anchor-core",
      ["ANC-6"],
      "a seal over another core",
      await sealWith(set(6, bytesOf("other core", 32))),
    ),
    refused(
      "anchor-core-digest-sha384",
      "anchor-core",
      ["ANC-1"],
      "a core digest under SHA-384 in a statement of SHA-256",
      await sealWith({ statement: (s) => void s.set(6, bytesOf("core under SHA-384", 48)) }),
    ),
    refused(
      "anchor-other-keys",
      "anchor-keys",
      ["ANC-7"],
      "a seal over other keys",
      await sealWith(set(7, bytesOf("other keys", 32))),
    ),
    refused(
      "anchor-other-content-root",
      "anchor-content-root",
      ["ANC-7"],
      "a cover that states another content root",
      await coverWith(set(8, [-16, bytesOf("other root", 32)])),
    ),
    refused(
      "anchor-seal-with-earlier",
      "anchor-chain",
      ["ANC-4"],
      "a seal that claims earlier anchors",
      await sealWith(set(9, bytesOf("earlier", 32))),
    ),
    refused(
      "anchor-earlier-sha384",
      "anchor-chain",
      ["ANC-4"],
      "a digest of the earlier anchors under SHA-384 in a statement of SHA-256",
      await coverWith({ statement: (s) => void s.set(9, bytesOf("earlier under SHA-384", 48)) }),
    ),
    refused(
      "anchor-sequence-skipped",
      "anchor-sequence",
      ["ANC-6"],
      "the second anchor says 2",
      await coverWith(set(4, 2)),
    ),
    refused(
      "anchor-sequence-repeated",
      "anchor-sequence",
      ["ANC-6"],
      "the second anchor says 0",
      await coverWith(set(4, 0)),
    ),
    refused(
      "anchor-first-is-cover",
      "anchor-kind",
      ["ANC-6"],
      "a first anchor that is a cover",
      await sealWith({ kind: "cover" }),
    ),
    refused(
      "anchor-second-seal",
      "anchor-kind",
      ["ANC-6"],
      "a second seal",
      await coverWith({ kind: "seal", signer: issuerEd25519 }),
    ),
  ];
}

async function chainCases(): Promise<Case[]> {
  const seal = await sealed();
  const one = await anchor(seal, { signer: clerk });
  const two = await anchor(one, { time: coveredAgainAt });
  const viaBatch = await anchor(await batched(seal), { signer: clerk, time: coveredAgainAt });
  const [first, second, third] = two.links.map(({ anchor: bytes }) => bytes);
  const other = await anchor(await sealed({ label: "c" }));
  const otherSeal = await sealed({}, { signer: issuerEd25519 });
  const keysBytes = keysBytesOf({
    wraps: [wrapTo("a", "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321")],
  });
  const rewrapped = await anchor(seal, { kind: "rewrap", keysBytes });
  const overOldKeys = await anchor({ ...rewrapped, keysBytes: seal.keysBytes }, { time: coveredAgainAt });
  const swappedKeys = keysBytesOf({ wraps: [wrapTo("c")] });
  const reordered = await anchor(await anchor(seal, { time: coveredAgainAt }), { signer: clerk });
  return [
    refused(
      "anchor-removed",
      "anchor-sequence",
      ["ANC-4", "ANC-6"],
      "the middle anchor removed",
      joined(two, { anchors: () => [first!, third!] }),
    ),
    refused(
      "anchor-removed-and-renumbered",
      "anchor-chain",
      ["ANC-4"],
      "the middle anchor removed and the last one signed again with the next number, over the old digest",
      joined(await anchor(seal, { time: coveredAgainAt, statement: (s) => void s.set(9, earlierOf(one)) })),
    ),
    refused(
      "anchor-reordered",
      "anchor-sequence",
      ["ANC-4", "ANC-6"],
      "two covers exchanged",
      joined(two, { anchors: () => [first!, third!, second!] }),
    ),
    refused(
      "anchor-exchanged",
      "anchor-chain",
      ["ANC-4"],
      "the seal exchanged for another one over the same core",
      joined(one, { anchors: () => [otherSeal.links[0]!.anchor, second!] }),
    ),
    refused(
      "anchor-of-another-artifact",
      "anchor-artifact",
      ["ANC-6"],
      "a cover of artifact C on artifact A",
      joined(one, { anchors: () => [first!, other.links[1]!.anchor] }),
    ),
    refused(
      "anchor-root-exchanged",
      "anchor-chain",
      ["ANC-4"],
      "a batched anchor under another root message than the one that was covered",
      await exchangedRoot(viaBatch),
    ),
    refused(
      "anchor-keys-changed",
      "anchor-keys",
      ["ANC-7"],
      "the recipients of another artifact put in, nothing signed again",
      joined(seal, { keysBytes: swappedKeys }),
    ),
    refused(
      "anchor-keys-changed-and-covered",
      "anchor-keys",
      ["ANC-7"],
      "other recipients, covered but not rewrapped",
      joined(await anchor(seal, { keysBytes })),
    ),
    refused(
      "anchor-after-rewrap-over-old-keys",
      "anchor-keys",
      ["ANC-7"],
      "a cover after a rewrap, over the keys before it",
      joined({ ...overOldKeys, keysBytes }),
    ),
    refused(
      "anchor-time-equal",
      "anchor-time",
      ["ANC-9"],
      "a cover in the second of the seal",
      await coverWith({ time: sealedAt }),
    ),
    refused(
      "anchor-time-earlier",
      "anchor-time",
      ["ANC-9"],
      "a second cover dated before the first",
      joined(reordered),
    ),
    refused(
      "anchor-time-root-earlier",
      "anchor-time",
      ["ANC-9"],
      "a batched cover whose root is older than the seal, whatever its statement says",
      joined(await batched(seal, { time: sealedAt - 1, statedTime: coveredAt })),
    ),
    refused(
      "anchor-time-ahead",
      "anchor-time",
      ["ANC-9"],
      "a cover 301 s ahead of the verifier's clock",
      await coverWith({ time: seconds("2026-03-01T12:05:01Z") }),
    ),
    refused(
      "anchor-time-core-younger",
      "anchor-time",
      ["ANC-9"],
      "a seal a second older than its core",
      await sealWith({ time: sealedAt - 1 }),
    ),
    refused(
      "anchor-later-suite-refused",
      "suite-unknown",
      ["ANC-10"],
      "a last anchor of an unknown suite, which the trust policy doesn't accept",
      await coverWith({ statement: (s) => void s.set(11, "slhdsa") }),
    ),
    refused(
      "anchor-unknown-suite-in-the-middle",
      "suite-unknown",
      ["ANC-10"],
      "an anchor of an unknown suite before one of a known suite",
      joined(
        await anchor(await anchor(seal, { statement: (s) => void s.set(11, "slhdsa") }), { time: coveredAgainAt }),
      ),
      { trust: "later-suites-accepted" },
    ),
    refused(
      "anchor-unknown-suite-seal",
      "suite-unknown",
      ["ANC-10"],
      "a seal of an unknown suite, though the trust policy accepts later ones",
      await sealWith({ statement: (s) => void s.set(11, "slhdsa") }),
      { trust: "later-suites-accepted" },
    ),
    refused(
      "anchor-stripped-after-cut-off",
      "suite-required",
      ["TRU-10"],
      "the hybrid cover cut off: an older prefix of the anchors, after the date of the requirement",
      joined(await anchor(one, { signer: archive, time: coveredAgainAt }), { anchors: (all) => all.slice(0, 2) }),
      { trust: "hybrid-required" },
    ),
  ];
}

function earlierOf(chain: Chain): Uint8Array {
  return digestBytes(anchorsName(chain.links)).slice(0, 32);
}

/** The last anchor covers the batched one with root message R; here it stands under R', over the same leaf. */
async function exchangedRoot({ draft: of, links, keysBytes }: Chain): Promise<Uint8Array> {
  const again = await batched(
    { draft: of, links: links.slice(0, 1), keysBytes },
    { rootCose: {}, root: (root) => void root.set(1, bytesOf("another batch id", 16)) },
  );
  return joined({ draft: of, links: [links[0]!, again.links[1]!, links[2]!], keysBytes });
}

async function signerCases(): Promise<Case[]> {
  const labs = { core: { issuer: lab.authority, firstIssuer: lab.authority } };
  const offices = { core: { issuer: office.authority, firstIssuer: office.authority } };
  const notaries = { core: { issuer: notary.authority, firstIssuer: notary.authority } };
  return [
    refused(
      "seal-by-another-issuer",
      "signer-unknown",
      ["ANC-6", "SEA-4"],
      "a seal by another issuer, in the issuer's name",
      await sealWith({ signer: otherIssuer }),
    ),
    refused(
      "seal-by-anchor-role",
      "signer-role",
      ["ANC-6"],
      "a seal by a signer of role anchor, in its own name",
      await sealWith({ signer: notary }, notaries),
    ),
    refused(
      "seal-by-anchor-role-as-issuer",
      "signer-role",
      ["ANC-6"],
      "a seal by a signer of role anchor, in the issuer's name",
      await sealWith({ signer: notary }),
    ),
    refused(
      "seal-by-policy-role",
      "signer-role",
      ["ANC-6"],
      "a seal by a policy authority",
      await sealWith({ signer: office }, offices),
    ),
    refused(
      "seal-by-derive-role",
      "signer-role",
      ["ANC-6"],
      "a seal of an original by a signer of role derive",
      await sealWith({ signer: lab }, labs),
    ),
    refused(
      "cover-by-derive-role",
      "signer-role",
      ["ANC-6"],
      "a cover by a signer of role derive",
      await coverWith({ signer: lab }),
    ),
    refused(
      "cover-by-policy-role",
      "signer-role",
      ["ANC-6"],
      "a cover by a policy authority",
      await coverWith({ signer: office }),
    ),
    refused(
      "cover-by-receipt-role",
      "signer-role",
      ["ANC-6"],
      "a cover by a signer of receipts",
      await coverWith({ signer: register }),
    ),
    refused(
      "root-by-policy-role",
      "signer-role",
      ["ANC-6", "BAT-3"],
      "a root signed by a policy authority",
      joined(await batched(await sealed(), { signer: office })),
    ),
  ];
}

/** Negative cases of anchors. */
export async function refusedAnchors(): Promise<Case[]> {
  return (await Promise.all([statementCases(), chainCases(), signerCases()])).flat();
}
