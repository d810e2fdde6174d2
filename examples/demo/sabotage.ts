// Changes that somebody might make, each with the expectation that has to fail. `npm run demo -- --sabotage=NAME`.

/** Where in the demo a change is made: by an attacker between two scenes, or inside the scene that asks less than it should. */
export type Moment = "before-sealing" | "sealed" | "verified" | "migrated" | "rechecked" | "used" | "inside";

export interface Sabotage {
  readonly moment: Moment;
  readonly does: string;
  /** The expectation that fails, and the code where a check refuses. */
  readonly fails: string;
  readonly code?: string;
}

const verifies = "consumer: birdstrikes.csv verifies";
const migrated = "consumer: the migrated birdstrikes.csv verifies";
const opens = "consumer: birdstrikes.csv opens for aggregate";
const receipts = "auditor: the receipts are whole and in order";

export const sabotages = {
  "ciphertext-bit": {
    moment: "sealed",
    does: "one bit of the ciphertext is flipped",
    fails: verifies,
    code: "content-root",
  },
  "wrong-account": {
    moment: "before-sealing",
    does: "the producer is handed a key of another account",
    fails: "producer: birdstrikes.csv is sealed",
    code: "custody-rule",
  },
  "policy-relaxed": {
    moment: "sealed",
    does: "a former holder of issuer's and licensor's keys seals anew under a relaxed licence, back-dated",
    fails: verifies,
    code: "signer-compromised",
  },
  "policy-swapped": {
    moment: "sealed",
    does: "the licence in the artifact is replaced by one that the producer signed himself",
    fails: verifies,
    code: "attachment-unnamed",
  },
  "issuer-forged": {
    moment: "sealed",
    does: "the archive's anchor key seals in the issuer's name",
    fails: verifies,
    code: "signer-role",
  },
  "trust-forged": {
    moment: "sealed",
    does: "a trust policy signed by another root is put in place",
    fails: "consumer: the trust policy is signed by the pinned root",
    code: "signer-unknown",
  },
  "socket-opened": {
    moment: "inside",
    does: "verification runs without the preload that forbids the network",
    fails: "consumer: no network: connect, lookup and fetch throw here",
  },
  "train-skipped": {
    moment: "inside",
    does: "the consumer asks for aggregate where it should ask for train",
    fails: "consumer: train is denied",
  },
  "region-assumed": {
    moment: "inside",
    does: "a region is filled in where the request left it out",
    fails: "consumer: without a region the answer is unknown and names it",
  },
  "segment-reencrypted": {
    moment: "verified",
    does: "a former holder of the data key replaces a segment, with a valid tag",
    fails: opens,
    code: "content-leaf",
  },
  "context-changed": {
    moment: "inside",
    does: "the consumer opens under another value of the context pair that is stored nowhere",
    fails: opens,
    code: "custody-context",
  },
  "release-unattested": {
    moment: "inside",
    does: "the number of rows behind the aggregate is not attested",
    fails: "consumer: the child comes under the release policy",
  },
  "terms-unchecked": {
    moment: "inside",
    does: "the forged child is ingested without an evaluator",
    fails: "consumer: a child that drops its parent's layer is refused",
  },
  "parent-dropped": {
    moment: "migrated",
    does: "the parent is cut out of the derived table's artifact",
    fails: "consumer: the lineage of strikes-by-year.csv is whole",
  },
  "hybrid-stripped": {
    moment: "migrated",
    does: "the ML-DSA half of the hybrid signature is removed",
    fails: migrated,
    code: "signer-unknown",
  },
  "older-copy": {
    moment: "migrated",
    does: "a copy from before the migration, a prefix of the anchors, is put back",
    fails: migrated,
    code: "suite-required",
  },
  "foreign-leaf": {
    moment: "migrated",
    does: "the anchor's proof is that of a leaf of another batch",
    fails: migrated,
    code: "batch-root",
  },
  "wrap-swapped": {
    moment: "migrated",
    does: "the wrapped key of another file is put in",
    fails: migrated,
    code: "anchor-keys",
  },
  "old-trust": {
    moment: "rechecked",
    does: "an earlier, laxer trust policy is put back, genuine signature and all",
    fails: "consumer: the trust policy is none that was superseded",
    code: "trust-sequence",
  },
  "receipt-removed": {
    moment: "used",
    does: "one receipt is removed from the log",
    fails: receipts,
    code: "receipt-chain",
  },
  "receipt-edited": {
    moment: "used",
    does: "a denial in the log is turned into a permit",
    fails: receipts,
    code: "receipt-root",
  },
} as const satisfies Record<string, Sabotage>;

export type SabotageName = keyof typeof sabotages;

export function isSabotageName(name: string): name is SabotageName {
  return Object.hasOwn(sabotages, name);
}

/** True in the one place where the scene under way is sabotaged by this change. */
export function isSabotage(name: SabotageName): boolean {
  return process.env["WRIT_DEMO_SABOTAGE"] === name;
}
