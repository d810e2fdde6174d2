// The trust policies of the vectors, by the name of their file.
import { describeSigner } from "../../packages/core/src/trust.ts";
import type { Role } from "../../packages/core/src/trust.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import {
  archive,
  bureau,
  clerk,
  intern,
  issuer,
  issuerCnsa,
  issuerEd25519,
  issuerHybrid,
  issuerP384,
  issuerP384Hybrid,
  issuerP384Long,
  issuerPq,
  lab,
  notary,
  office,
  officer,
  officerP384,
  otherIssuer,
  owner,
  pipeline,
  register,
  registerP256,
  vault,
} from "./material.ts";

/** A signer of a trust policy, as JSON. */
export type SignerJson = ReturnType<typeof describeSigner> & Readonly<Record<string, unknown>>;

/** A trust policy, as JSON. */
export interface TrustJson {
  readonly version: 1;
  readonly name: string;
  readonly sequence: number;
  readonly expires: string;
  readonly signers: readonly SignerJson[];
  readonly suites: Readonly<Record<string, { readonly signUntil?: string; readonly verifyUntil?: string }>>;
  readonly required?: readonly Readonly<Record<string, unknown>>[];
  readonly demands?: readonly Readonly<Record<string, unknown>>[];
  readonly acceptUnknownLaterAnchors?: boolean;
}

function entry(signer: Signer, role: Role, more: Readonly<Record<string, unknown>> = {}): SignerJson {
  return { ...describeSigner(signer, role), ...more };
}

const base: TrustJson = {
  version: 1,
  name: "base",
  sequence: 7,
  expires: "2026-12-31T00:00:00Z",
  signers: [
    entry(issuer, "issue"),
    entry(issuerEd25519, "issue"),
    entry(otherIssuer, "issue"),
    entry(office, "policy"),
    entry(bureau, "policy", { scope: ["urn:example:bureau:"] }),
    entry(lab, "derive"),
    entry(notary, "anchor", { trustedTime: true }),
    entry(clerk, "anchor"),
    entry(register, "receipt"),
  ],
  suites: { ed25519: {}, p256: {}, "ed25519+mldsa65": {}, mldsa65: {} },
};

/** `base` with those who approve. */
const approvers: TrustJson = {
  ...base,
  name: "approvers",
  signers: [...base.signers, entry(officer, "approve"), entry(owner, "approve"), entry(intern, "approve")],
};

/** `base` with members of one authority's signers changed. */
function marked(
  name: string,
  authority: string,
  more: Readonly<Record<string, unknown>>,
  also: Partial<TrustJson> = {},
): TrustJson {
  const signers = base.signers.map((signer) => (signer.authority === authority ? { ...signer, ...more } : signer));
  return { ...base, name, signers, ...also };
}

const hybrid: TrustJson = {
  ...base,
  name: "hybrid",
  signers: [...base.signers, entry(issuerHybrid, "issue"), entry(archive, "anchor", { trustedTime: true })],
};

/** Every suite, each with an issuer. */
const everySuite: TrustJson = {
  ...base,
  name: "every-suite",
  signers: [
    ...hybrid.signers,
    ...[issuerPq, issuerP384, issuerP384Hybrid, issuerP384Long, issuerCnsa].map((signer) => entry(signer, "issue")),
    entry(vault, "anchor", { trustedTime: true }),
  ],
  suites: { ...base.suites, p384: {}, "p384+mldsa65": {}, "p384+mldsa87": {}, mldsa87: {} },
};

/** Every issuer is trusted for time. */
const timed = hybrid.signers.map((signer) => (signer.role === "issue" ? { ...signer, trustedTime: true } : signer));

const since = "2026-02-10T00:00:00Z";
const wanted = { suites: ["ed25519+mldsa65", "mldsa65"] };

/** Every trust policy of the vectors. */
export const trustPolicies: readonly TrustJson[] = [
  base,
  hybrid,
  everySuite,
  { ...hybrid, name: "hybrid-without-its-suite", suites: { ed25519: {}, p256: {} } },
  approvers,
  { ...base, name: "pipeline", signers: [...base.signers, entry(pipeline, "derive")] },
  {
    ...approvers,
    name: "approvers-dated",
    signers: approvers.signers.map((signer) =>
      signer.authority === officer.authority ? { ...signer, notAfter: "2026-02-01T00:00:00Z" } : signer,
    ),
  },
  {
    ...approvers,
    name: "approvers-marked",
    signers: approvers.signers.map((signer) =>
      signer.authority === officer.authority ? { ...signer, invalidSince: "2026-02-25T00:00:00Z" } : signer,
    ),
  },
  {
    ...approvers,
    name: "approvers-lapsed",
    suites: { ...base.suites, ed25519: { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  { ...base, name: "pq", signers: [entry(issuerPq, "issue"), entry(office, "policy")] },
  { ...base, name: "no-ed25519", suites: { p256: {} } },
  { ...base, name: "no-p256", suites: { ed25519: {} } },
  {
    ...base,
    name: "p256-signed-until-2026-01-01",
    suites: { ...base.suites, p256: { signUntil: "2026-01-01T00:00:00Z" } },
  },
  {
    ...base,
    name: "ed25519-signed-until-2026-01-01",
    suites: { ...base.suites, ed25519: { signUntil: "2026-01-01T00:00:00Z" } },
  },
  {
    ...base,
    name: "p256-verified-until-2026-02-15",
    suites: { ...base.suites, p256: { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  {
    ...base,
    name: "ed25519-verified-until-2026-02-15",
    suites: { ...base.suites, ed25519: { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  { ...hybrid, name: "hybrid-required", required: [{ from: "2026-02-15T00:00:00Z", ...wanted, stage: "enforce" }] },
  { ...base, name: "hybrid-reported", required: [{ from: "2026-02-15T00:00:00Z", ...wanted, stage: "report-only" }] },
  {
    ...base,
    name: "hybrid-required-from-2026-06-01",
    required: [{ from: "2026-06-01T00:00:00Z", ...wanted, stage: "enforce" }],
  },
  {
    ...base,
    name: "two-authorities-required",
    required: [{ from: "2026-01-01T00:00:00Z", suites: ["ed25519", "p256"], authorities: 2, stage: "enforce" }],
  },
  {
    ...base,
    name: "two-authorities-required-p256-lapsed",
    suites: { ...base.suites, p256: { verifyUntil: "2026-02-15T00:00:00Z" } },
    required: [{ from: "2026-01-01T00:00:00Z", suites: ["ed25519", "p256"], authorities: 2, stage: "enforce" }],
  },
  marked("issuer-marked", issuer.authority, { invalidSince: since }),
  marked(
    "issuer-marked-notary-untimed",
    issuer.authority,
    { invalidSince: since },
    {
      signers: base.signers.map((signer) =>
        signer.authority === issuer.authority
          ? { ...signer, invalidSince: since }
          : { ...signer, ...(signer.role === "anchor" ? { trustedTime: false } : {}) },
      ),
    },
  ),
  marked(
    "issuer-and-notary-marked",
    issuer.authority,
    {},
    {
      signers: base.signers.map((signer) =>
        signer.authority === issuer.authority || signer.authority === notary.authority
          ? { ...signer, invalidSince: since }
          : signer,
      ),
    },
  ),
  marked("notary-marked", notary.authority, { invalidSince: "2026-01-20T00:00:00Z" }),
  marked("office-marked", office.authority, { invalidSince: since }),
  marked(
    "office-marked-issuer-timed",
    office.authority,
    { invalidSince: since },
    {
      signers: base.signers.map((signer) => {
        if (signer.authority === office.authority) return { ...signer, invalidSince: since };
        return signer.authority === issuer.authority ? { ...signer, trustedTime: true } : signer;
      }),
    },
  ),
  marked("issuer-until-2026-01-05", issuer.authority, { notAfter: "2026-01-05T00:00:00Z" }),
  marked("issuer-until-its-seal", issuer.authority, { notAfter: "2026-01-10T09:00:00Z" }),
  marked("notary-from-2026-02-10", notary.authority, { notBefore: "2026-02-10T00:00:00Z" }),
  marked("notary-from-its-cover", notary.authority, { notBefore: "2026-02-01T09:00:00Z" }),
  marked("office-from-2026-01-15", office.authority, { notBefore: "2026-01-15T00:00:00Z" }),
  marked("issuer-of-health-only", issuer.authority, { scope: ["urn:example:office:health"] }),
  marked("register-until-2026-02-01", register.authority, { notAfter: "2026-02-01T00:00:00Z" }),
  marked("register-marked", register.authority, { invalidSince: "2026-02-20T00:00:00Z" }),
  {
    ...base,
    name: "receipts-p256-ed25519-verified-until-2026-02-15",
    signers: [...base.signers, entry(registerP256, "receipt")],
    suites: { ...base.suites, ed25519: { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  {
    ...base,
    name: "receipts-p256-ed25519-signed-until-2026-02-05",
    signers: [...base.signers, entry(registerP256, "receipt")],
    suites: { ...base.suites, ed25519: { signUntil: "2026-02-05T00:00:00Z" } },
  },
  {
    ...base,
    name: "receipts-p256-register-until-2026-02-01",
    signers: [
      ...base.signers.map((one) =>
        one.authority === register.authority ? { ...one, notAfter: "2026-02-01T00:00:00Z" } : one,
      ),
      entry(registerP256, "receipt"),
    ],
  },
  {
    ...base,
    name: "receipts-p256-alone",
    signers: [...base.signers, entry(registerP256, "receipt")],
    suites: { p256: {} },
  },
  {
    ...approvers,
    name: "approvers-p384-signed-until-2026-02-02",
    signers: [...approvers.signers.filter((one) => one.authority !== officer.authority), entry(officerP384, "approve")],
    suites: { ...base.suites, p384: { signUntil: "2026-02-02T00:00:00Z" } },
  },
  {
    ...approvers,
    name: "approvers-p384-lapsed",
    signers: [...approvers.signers.filter((one) => one.authority !== officer.authority), entry(officerP384, "approve")],
    suites: { ...base.suites, p384: { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  ...[
    { when: "the-revision", signUntil: "2026-02-02T09:00:00Z" },
    { when: "after-the-revision", signUntil: "2026-02-02T09:00:01Z" },
  ].map(({ when, signUntil }) => ({
    ...approvers,
    name: `approvers-p384-signed-until-${when}`,
    signers: [...approvers.signers.filter((one) => one.authority !== officer.authority), entry(officerP384, "approve")],
    suites: { ...base.suites, p384: { signUntil } },
  })),
  {
    ...base,
    name: "ed25519-signed-until-the-cover",
    suites: { ...base.suites, ed25519: { signUntil: "2026-02-01T09:00:00Z" } },
  },
  {
    ...base,
    name: "ed25519-signed-until-after-the-cover",
    suites: { ...base.suites, ed25519: { signUntil: "2026-02-01T09:00:01Z" } },
  },
  {
    ...base,
    name: "p256-verified-until-now",
    suites: { ...base.suites, p256: { verifyUntil: "2026-03-01T12:00:00Z" } },
  },
  {
    ...base,
    name: "p256-verified-until-after-now",
    suites: { ...base.suites, p256: { verifyUntil: "2026-03-01T12:00:01Z" } },
  },
  {
    ...hybrid,
    name: "hybrid-required-from-now",
    required: [{ from: "2026-03-01T12:00:00Z", ...wanted, stage: "enforce" }],
  },
  {
    ...hybrid,
    name: "hybrid-required-after-now",
    required: [{ from: "2026-03-01T12:00:01Z", ...wanted, stage: "enforce" }],
  },
  marked("issuer-marked-at-the-cover", issuer.authority, { invalidSince: "2026-02-01T09:00:00Z" }),
  marked("issuer-marked-after-the-cover", issuer.authority, { invalidSince: "2026-02-01T09:00:01Z" }),
  marked("issuer-until-after-its-seal", issuer.authority, { notAfter: "2026-01-10T09:00:01Z" }),
  marked("issuer-of-two-prefixes", issuer.authority, {
    scope: ["urn:example:office:health", "urn:example:office:research"],
  }),
  marked("issuer-of-two-other-prefixes", issuer.authority, {
    scope: ["urn:example:office:health", "urn:example:bureau:"],
  }),
  { ...base, name: "later-suites-accepted", acceptUnknownLaterAnchors: true },
  {
    ...base,
    name: "later-suites-accepted-p384-unnamed",
    signers: [...base.signers, entry(issuerP384, "issue")],
    acceptUnknownLaterAnchors: true,
  },
  {
    ...approvers,
    name: "approvers-of-one-authority",
    signers: [...approvers.signers, entry(officerP384, "approve")],
    suites: { ...base.suites, p384: {} },
  },
  {
    ...hybrid,
    name: "later-suites-accepted-hybrid-required",
    acceptUnknownLaterAnchors: true,
    required: [{ from: "2026-02-15T00:00:00Z", ...wanted, stage: "enforce" }],
  },
  {
    ...base,
    name: "issuer-timed-hybrid-lapsed",
    signers: timed,
    suites: { ...base.suites, "ed25519+mldsa65": { verifyUntil: "2026-02-15T00:00:00Z" } },
  },
  {
    ...base,
    name: "issuer-timed-hybrid-and-ed25519-lapsed",
    signers: timed,
    suites: {
      ...base.suites,
      ed25519: { verifyUntil: "2026-02-15T00:00:00Z" },
      "ed25519+mldsa65": { verifyUntil: "2026-02-15T00:00:00Z" },
    },
  },
  {
    ...hybrid,
    name: "archive-marked",
    signers: hybrid.signers.map((signer) =>
      signer.authority === archive.authority ? { ...signer, invalidSince: "2026-01-20T00:00:00Z" } : signer,
    ),
  },
  marked(
    "issuer-marked-ed25519-lapsed",
    issuer.authority,
    { invalidSince: since },
    { suites: { ...base.suites, ed25519: { verifyUntil: "2026-02-15T00:00:00Z" } } },
  ),
  {
    ...base,
    name: "issuer-marked-and-timed",
    signers: base.signers.map((signer) => {
      if (signer.authority !== issuer.authority) return signer;
      return signer.suite === issuer.suite ? { ...signer, invalidSince: since } : { ...signer, trustedTime: true };
    }),
  },
  {
    ...hybrid,
    name: "issuer-and-notary-marked-in-turn",
    signers: hybrid.signers.map((signer) => {
      if (signer.authority === issuer.authority) return { ...signer, invalidSince: since };
      return signer.authority === notary.authority ? { ...signer, invalidSince: "2026-02-25T00:00:00Z" } : signer;
    }),
  },
  marked(
    "two-authorities-required-notary-marked",
    notary.authority,
    { invalidSince: "2026-01-20T00:00:00Z" },
    { required: [{ from: "2026-01-01T00:00:00Z", suites: ["ed25519", "p256"], authorities: 2, stage: "enforce" }] },
  ),
  { ...base, name: "status-demanded", demands: [{ classifications: ["confidential"], status: true }] },
];
