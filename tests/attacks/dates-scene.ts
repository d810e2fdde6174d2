// What attacks through the times at which sources are judged share: signers that are trusted for time and such that aren't, and the
// second at which what was accepted is refused.
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { decide, derive, describeSigner, ingest } from "@writ/core";
import type { DeriveOptions, Signer, TrustPolicy, VerifiedArtifact } from "@writ/core";
import { at, codeOf, evaluator, keystore, memorySink, newSigner, request, start, trustWith } from "../support/scene.ts";
import type { TrustDraft } from "../support/scene.ts";

export const day = 86_400;
/** An instant, in days after the scene's start. */
export const date = (days: number): string => new Date(start + days * day * 1000).toISOString().replace(".000Z", "Z");
/** Marks a signer's key as invalid. */
export const mark = (draft: TrustDraft, signer: Signer, days: number): void => {
  const wanted = JSON.stringify(describeSigner(signer, "issue").keys);
  draft.signers = draft.signers.map((entry) =>
    JSON.stringify(entry["keys"]) === wanted ? { ...entry, invalidSince: date(days) } : entry,
  );
};

/** Two signers of one authority; the first is trusted for time. */
export const timed = newSigner("urn:second:issuer", "ed25519");
export const untimed = newSigner("urn:second:issuer", "ed25519");
/** Role approve. */
export const officer = newSigner("urn:role:dpo", "ed25519");
const strange = (draft: TrustDraft): void => {
  draft.signers.push({ ...describeSigner(timed, "issue"), trustedTime: true }, describeSigner(untimed, "issue"));
  draft.signers.push(describeSigner(officer, "approve"));
};
export const trust = trustWith(strange);
/** The trust policy of this scene, changed. */
export const datedTrust = (change: (draft: TrustDraft) => void): TrustPolicy =>
  trustWith((draft) => {
    strange(draft);
    change(draft);
  });

export const verified = (artifact: Uint8Array, seconds: number, by: TrustPolicy = trust): Promise<VerifiedArtifact> =>
  ingest(artifact, by, { evaluator, clock: at(seconds) });

/** A child by `transform`, unless `more` says otherwise. */
export async function child(
  parents: readonly VerifiedArtifact[],
  seconds: number,
  signer: Signer,
  more: Partial<DeriveOptions> = {},
): Promise<Uint8Array> {
  const { artifact } = await derive(parents, {
    operation: "transform",
    content: randomBytes(20),
    write: () => undefined,
    evaluator,
    recipients: [{ custody: keystore, keyUri: "local:data" }],
    signer,
    clock: at(seconds),
    ...more,
  });
  return artifact;
}

/** The last second at which ingest accepts, and that from then on nothing is permitted by what was verified before. */
export async function endsAt(artifact: Uint8Array, by: TrustPolicy, days: number, code: string): Promise<void> {
  const before = await verified(artifact, days * day - 10, by);
  expect(await codeOf(() => verified(artifact, days * day, by))).toBe(code);
  expect(before.deadline).toEqual({ at: start / 1000 + days * day, code: "suite-lapsed" });
  const decided = (seconds: number): ReturnType<typeof decide> =>
    decide(before, request, { evaluator, receipts: memorySink(), clock: at(seconds) });
  const late = await decided(days * day);
  expect([late.verdict, late.reasons[0]?.code]).toEqual(["deny", "standing-expired"]);
  const early = await decided(days * day - 10);
  expect(early.verdict, "control: until then it is permitted").toBe("permit");
  expect(early.permit!.until).toBe(start / 1000 + days * day);
}
