// Refusals of policies, trust, custody and content.
import { encodeAttachment } from "../../packages/core/src/attachments.ts";
import { decodeCbor } from "../../packages/core/src/cbor.ts";
import { hash } from "../../packages/core/src/crypto.ts";
import type { ErrorCode } from "../../packages/core/src/errors.ts";
import { nameHash } from "../../packages/core/src/suites.ts";
import { anchor, joined, sealed } from "./chain.ts";
import type { AnchorOptions, Chain } from "./chain.ts";
import { flipped } from "./cose.ts";
import { policy } from "./draft.ts";
import type { DraftOptions, PolicyFixture, PolicyOptions } from "./draft.ts";
import {
  bureau,
  bytesOf,
  clerk,
  coveredAgainAt,
  issuer,
  issuerEd25519,
  lab,
  office,
  otherIssuer,
  stranger,
} from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const under = async (...policies: PolicyFixture[]): Promise<Uint8Array> => joined(await sealed({ policies }));
const underA = async (options: PolicyOptions, label?: string): Promise<Uint8Array> =>
  under(await policy(label, options));

const permissive = { permissions: [{ id: "p1", operations: ["*"], unrestricted: true }] };

/** The document bytes of a policy message. */
function documentOf({ bytes }: PolicyFixture): Uint8Array {
  return (decodeCbor(bytes) as readonly Uint8Array[])[0]!;
}

async function policyCases(): Promise<Case[]> {
  const strict = documentOf(await policy());
  const relaxed = await policy("research", { document: permissive, cose: { signed: hash(nameHash, strict) } });
  const byIssuer = await policy("research", {
    document: { id: "urn:example:office:research", authority: office.authority, ...permissive },
    signer: issuer,
  });
  const byLab = await policy("research", { document: { id: "urn:example:lab:research", ...permissive }, signer: lab });
  const replaced = await sealed();
  const looser = await policy("research", { document: permissive });
  return [
    refused(
      "policy-relaxed-signature-kept",
      "signature-invalid",
      ["POM-1", "POM-2"],
      "a relaxed document under the signature of another, sealed by the issuer",
      await under(relaxed),
    ),
    refused(
      "policy-relaxed-and-signed-by-issuer",
      "signer-role",
      ["POM-2"],
      "a relaxed policy signed by the issuer in its authority's name",
      await under(byIssuer),
    ),
    refused(
      "policy-by-deriver",
      "signer-role",
      ["POM-2"],
      "a policy signed by a signer of role derive",
      await under(byLab),
    ),
    refused(
      "policy-by-another-authority",
      "policy-authority",
      ["POM-2"],
      "a policy that one authority signs in another's name",
      await underA({ signer: bureau, document: { id: "urn:example:bureau:research", authority: office.authority } }),
    ),
    refused(
      "policy-by-stranger",
      "signer-unknown",
      ["POM-2"],
      "a policy by a key that the trust policy doesn't have",
      await underA({ signer: { ...stranger, authority: office.authority } }),
    ),
    refused(
      "policy-without-name",
      "structure",
      ["POM-1"],
      "a policy whose id is an empty text",
      await underA({ document: { id: "" } }),
    ),
    refused(
      "policy-id-number",
      "structure",
      ["POM-1"],
      "a policy whose id is a number",
      await underA({ document: { id: 7 } }),
    ),
    refused(
      "policy-over-256-kib",
      "input-too-large",
      ["POM-1"],
      "a policy message of more than 256 KiB",
      await underA({ document: { ext: { "urn:example:note": "x".repeat(256 << 10) } } }),
    ),
    refused(
      "policy-outside-scope",
      "signer-scope",
      ["POM-3"],
      "a policy whose id is outside its signer's scope",
      await underA({ signer: bureau, document: { id: "urn:example:office:research" } }),
    ),
    refused(
      "policy-exchanged",
      "attachment-unnamed",
      ["POM-1", "ATT-3"],
      "the attached policy exchanged for a relaxed one, properly signed",
      joined(replaced, { attachments: () => [encodeAttachment("policy", looser.bytes)] }),
    ),
    refused(
      "policy-signed-as-anchor",
      "cose-structure",
      ["COS-2"],
      "a policy message of another use",
      await underA({ cose: { use: "anchor" } }),
    ),
    refused(
      "policy-aad-of-anchor",
      "signature-invalid",
      ["COS-2"],
      "a policy signed under the external_aad of anchors",
      await underA({ cose: { aad: "writ/1 anchor" } }),
    ),
    refused(
      "policy-signature-over-document",
      "signature-invalid",
      ["POM-1"],
      "a signature over the document and not over its digest",
      await underA({ cose: { signed: strict } }),
    ),
    refused(
      "policy-signature-flipped",
      "signature-invalid",
      ["POM-2", "SUI-3"],
      "a bit of the policy's signature changed",
      await underA({ cose: { signature: (signature) => flipped(signature) } }),
    ),
    refused(
      "policy-payload-attached",
      "cose-structure",
      ["COS-3", "POM-1"],
      "the digest attached where the payload is detached",
      await underA({
        cose: { message: ([body, unprotected, , signers]) => [body!, unprotected!, bytesOf("digest", 48), signers!] },
      }),
    ),
    refused(
      "policy-of-three",
      "structure",
      ["POM-1"],
      "a policy message of three members",
      await underA({ message: (members) => [...members, null] }),
    ),
    refused(
      "policy-document-not-bytes",
      "structure",
      ["POM-1"],
      "a document as a map and not as bytes",
      await underA({ message: ([, cose]) => [new Map([["version", 1]]), cose!] }),
    ),
    refused(
      "policy-document-list",
      "structure",
      ["POM-1"],
      "a document that is a list",
      await underA({ raw: () => ["grant"] }),
    ),
    refused(
      "policy-document-bytes-inside",
      "structure",
      ["POM-1"],
      "a document with a byte string",
      await underA({ raw: (map) => map.set("note", new Uint8Array(4)) }),
    ),
    refused(
      "policy-document-integer-keys",
      "structure",
      ["POM-1"],
      "a document with integer keys",
      await underA({ raw: (map) => map.set("ext", new Map([[1, 1]])) }),
    ),
    refused(
      "policy-classification-unknown",
      "structure",
      ["POM-1"],
      "a classification that there isn't",
      await underA({ document: { classification: "secret" } }),
    ),
    refused(
      "policy-classification-null",
      "structure",
      ["POM-1"],
      "null in place of a classification: it is there, and none of the four",
      await underA({ document: { classification: null } }),
    ),
    refused(
      "policy-without-authority",
      "structure",
      ["POM-1"],
      "a document that names no authority",
      await underA({
        raw: (map) => {
          map.delete("authority");
          return map;
        },
      }),
    ),
    refused(
      "policy-by-another-issuer",
      "signer-unknown",
      ["ANC-6"],
      "same id, ciphertext and recipients under a looser policy, sealed by another issuer in the first one's name",
      joined(
        await anchor(
          { ...(await sealed({ policies: [await policy("open", { document: permissive })] })), links: [] },
          { signer: otherIssuer },
        ),
      ),
    ),
  ];
}

interface Dated {
  readonly trust: string;
  readonly now?: string;
  readonly of?: DraftOptions;
  readonly seal?: AnchorOptions;
}

async function dated(
  id: string,
  code: ErrorCode,
  spec: readonly string[],
  title: string,
  { trust, now, of, seal }: Dated,
  then: (chain: Chain) => Promise<Chain> = (chain) => Promise.resolve(chain),
): Promise<Case> {
  return refused(id, code, spec, title, joined(await then(await sealed(of, seal))), {
    trust,
    ...(now === undefined ? {} : { now }),
  });
}

async function trustCases(): Promise<Case[]> {
  const covered =
    (options: AnchorOptions = {}) =>
    (chain: Chain): Promise<Chain> =>
      anchor(chain, options);
  return Promise.all([
    dated("trust-expired", "trust-expired", ["TRU-4"], "a trust policy in the second in which it expires", {
      trust: "base",
      now: "2026-12-31T00:00:00Z",
    }),
    dated("signer-after-its-dates", "signer-dates", ["TRU-6"], "a seal after the issuer's notAfter", {
      trust: "issuer-until-2026-01-05",
    }),
    dated("signer-at-its-end", "signer-dates", ["TRU-6"], "a seal in the second of the issuer's notAfter", {
      trust: "issuer-until-its-seal",
    }),
    dated(
      "signer-before-its-dates",
      "signer-dates",
      ["TRU-6"],
      "a cover before the notary's notBefore",
      { trust: "notary-from-2026-02-10" },
      covered(),
    ),
    dated(
      "policy-suite-signed-too-late",
      "suite-lapsed",
      ["POM-3", "SUI-5"],
      "a seal after the policy's suite was no longer accepted for signing: nothing dates the policy before that",
      { trust: "ed25519-signed-until-2026-01-01" },
    ),
    dated(
      "policy-before-its-dates",
      "signer-dates",
      ["POM-3", "TRU-6"],
      "a seal under a policy whose signer isn't trusted yet",
      { trust: "office-from-2026-01-15" },
    ),
    dated("issuer-outside-scope", "signer-scope", ["TRU-11"], "an issuer with a scope, under a policy outside it", {
      trust: "issuer-of-health-only",
    }),
    dated("suite-not-named", "suite-lapsed", ["SUI-5"], "a seal of a suite that the trust policy doesn't name", {
      trust: "no-p256",
    }),
    dated(
      "suite-not-named-policy",
      "suite-lapsed",
      ["SUI-5", "POM-3"],
      "a policy of a suite that the trust policy doesn't name",
      { trust: "no-p256", seal: { signer: issuerEd25519 }, of: {} },
      async () => sealed({ policies: [await policy("research", { signer: bureau })] }, { signer: issuerEd25519 }),
    ),
    dated("suite-signed-too-late", "suite-lapsed", ["SUI-5"], "a seal after its suite's signUntil", {
      trust: "p256-signed-until-2026-01-01",
    }),
    dated(
      "suite-cover-signed-too-late",
      "suite-lapsed",
      ["SUI-5"],
      "a cover after its suite's signUntil",
      { trust: "p256-signed-until-2026-01-01", seal: { signer: issuerEd25519 } },
      covered({ signer: clerk }),
    ),
    dated(
      "policy-suite-lapsed",
      "suite-lapsed",
      ["SUI-5", "POM-3"],
      "a policy whose suite has lapsed, nothing dated it before",
      { trust: "ed25519-verified-until-2026-02-15" },
    ),
    dated("marked-issuer", "signer-compromised", ["TRU-8"], "the issuer's key is marked; no cover", {
      trust: "issuer-marked",
    }),
    dated(
      "marked-issuer-back-dated",
      "signer-compromised",
      ["TRU-8"],
      "a cover by the issuer's own other key, dated before the mark",
      { trust: "issuer-marked" },
      covered({ signer: issuerEd25519 }),
    ),
    dated(
      "marked-issuer-covered-late",
      "signer-compromised",
      ["TRU-8"],
      "a cover after the mark",
      { trust: "issuer-marked" },
      covered({ time: coveredAgainAt }),
    ),
    dated(
      "marked-issuer-covered-by-untimed",
      "signer-compromised",
      ["TRU-8"],
      "a cover before the mark, by a signer that isn't trusted for time",
      { trust: "issuer-marked-notary-untimed" },
      covered(),
    ),
    dated(
      "marked-issuer-covered-by-marked",
      "signer-compromised",
      ["TRU-8"],
      "a cover before the mark, by a key that is marked too",
      { trust: "issuer-and-notary-marked" },
      covered(),
    ),
    dated(
      "marked-policy",
      "signer-compromised",
      ["TRU-8", "POM-3"],
      "a policy's key is marked; the seal is older, but its signer isn't trusted for time",
      { trust: "office-marked" },
    ),
    dated(
      "requirement-not-met",
      "suite-required",
      ["TRU-10"],
      "a classical artifact after hybrid is required",
      { trust: "hybrid-required" },
      covered(),
    ),
    dated(
      "requirement-one-authority",
      "suite-required",
      ["TRU-10"],
      "two anchors by one authority where two are required",
      { trust: "two-authorities-required" },
      covered({ signer: issuerEd25519 }),
    ),
    dated(
      "requirement-of-lapsed-suite",
      "suite-required",
      ["TRU-10", "TRU-9"],
      "two authorities, of which one's suite has lapsed",
      { trust: "two-authorities-required-p256-lapsed" },
      covered({ signer: clerk }),
    ),
    dated(
      "status-missing",
      "status-missing",
      ["ING-8"],
      "no status entry where the trust policy demands one",
      { trust: "status-demanded" },
      async () => sealed({ policies: [await policy("records", { document: { classification: "confidential" } })] }),
    ),
  ]);
}

/** Negative cases of policies, trust, custody and content. */
export async function refusedPolicies(): Promise<Case[]> {
  return (await Promise.all([policyCases(), trustCases()])).flat();
}
