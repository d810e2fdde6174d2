// The one table of recipient kinds: who authenticates the context, how long a blob is, how long it keeps its secret.
import type { Exposure, Keys } from "./artifact.ts";
import type { Recipient, RecipientKind } from "./custody.ts";
import { eraAtLeast, kems } from "./suites.ts";
import type { Era } from "./suites.ts";

/** A kind's facts. */
interface KindFacts {
  /** True where the custody opens the wrap under its context alone; `bound` is then null. Spec: RCP-2. */
  readonly carriesContext: boolean;
  /** Era by length of the blob, or of every blob. Spec: RCP-11. */
  readonly eras: Era | Readonly<Record<number, Era>>;
}

const encapsulated: Readonly<Record<number, Era>> = Object.fromEntries(
  Object.values(kems).map(({ ciphertextBytes, era }) => [ciphertextBytes, era]),
);

const facts: Readonly<Record<RecipientKind, KindFacts>> = {
  "kms-symmetric": { carriesContext: true, eras: "pq" },
  "kms-kem": { carriesContext: false, eras: encapsulated },
  kem: { carriesContext: false, eras: encapsulated },
  // moduli of 2048, 3072 and 4096 bits
  "kms-rsa": { carriesContext: false, eras: { 256: "classical", 384: "classical", 512: "classical" } },
  // AES-KW or AES-KWP of 32 bytes; no RSA ciphertext is that short
  "kms-wrap-noaad": { carriesContext: false, eras: { 40: "pq" } },
};

/** Every kind of recipient, for the shape of keys. */
export const recipientKinds = Object.keys(facts) as readonly RecipientKind[];

/** True where the custody authenticates the context of such wraps. Spec: RCP-2. */
export function carriesContext(kind: RecipientKind): boolean {
  return facts[kind].carriesContext;
}

/** How long a blob keeps its secret; null where no blob of that kind has that length. Spec: RCP-7, RCP-11. */
export function eraOfBlob(kind: RecipientKind, sizeBytes: number): Era | null {
  const { eras } = facts[kind];
  return typeof eras === "string" ? eras : (eras[sizeBytes] ?? null);
}

/** True for a TLS group without ML-KEM; `none` is no transport at all. Spec: RCP-12. */
function isClassicalGroup(group: string): boolean {
  return group !== "none" && !/ml-?kem/i.test(group);
}

/** Weakest of wraps, of the ways their secrets came, and of exposures; null without recipients and exposures. Spec: RCP-7. */
export function wrapEraOf({ recipients, exposures }: Keys): Era | null {
  if (exposures.length > 0) return "classical";
  const eras = recipients.map(({ kind, blob, transportGroup }) =>
    transportGroup !== undefined && isClassicalGroup(transportGroup) ? "classical" : eraOfBlob(kind, blob.length)!,
  );
  return eras.length === 0 ? null : eras.reduce((weakest, era) => (eraAtLeast(weakest, era) ? era : weakest));
}

/** The notes so far, and those that these wraps leave: RSA, and secrets that came by classical TLS. None is ever dropped. Spec: RCP-12. */
export function noteExposures(
  noted: readonly Exposure[],
  wraps: readonly Pick<Recipient, "kind" | "custodyUri" | "transportGroup">[],
  now: number,
): readonly Exposure[] {
  const all = [...noted];
  const note = (kind: Exposure["kind"], custodyUri: string): void => {
    if (!all.some((known) => known.kind === kind && known.custodyUri === custodyUri))
      all.push({ kind, custodyUri, notedAt: now });
  };
  for (const { kind, custodyUri, transportGroup } of wraps) {
    if (kind === "kms-rsa") note("classical-wrap", custodyUri);
    if (transportGroup !== undefined && isClassicalGroup(transportGroup)) note("classical-transport", custodyUri);
  }
  return all;
}
