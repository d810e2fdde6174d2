// Who acts in a set of fresh cases, and what is left to chance: all of it follows from a seed.
import { describeSigner } from "../../packages/core/src/trust.ts";
import type { Role } from "../../packages/core/src/trust.ts";
import type { Signer } from "../../packages/core/src/signer.ts";
import type { SuiteName } from "../../packages/core/src/suites.ts";
import { bytesOf, signerOf } from "./material.ts";
import type { SignerJson, TrustJson } from "./trust.ts";

/** Choices that follow from a label. */
export interface Choice {
  /** A whole number from 0, below `count`. */
  readonly below: (count: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  /** True for so many of a hundred. */
  readonly chance: (percent: number) => boolean;
}

/** The choices of a label, in the order in which they are asked for. */
export function choiceOf(label: string): Choice {
  let calls = 0;
  const below = (count: number): number => {
    calls += 1;
    return Buffer.from(bytesOf(`${label} choice ${calls}`, 6)).readUIntBE(0, 6) % count;
  };
  return { below, pick: (list) => list[below(list.length)]!, chance: (percent) => below(100) < percent };
}

/** The signers of a set of cases; their keys come from the seed and stand in no other set. */
export interface Cast {
  readonly issuer: Signer;
  readonly office: Signer;
  readonly lab: Signer;
  /** Anchors, trusted for time. */
  readonly notary: Signer;
  /** Anchors, not trusted for time. */
  readonly clerk: Signer;
  /** In no trust policy. */
  readonly stranger: Signer;
}

const classical: readonly SuiteName[] = ["ed25519", "p256", "p384"];

/** The signers of a seed, each under a classical suite, so that readers without ML-DSA judge every case. */
export function castOf(seed: string): Cast {
  const choice = choiceOf(`${seed} cast`);
  const one = (name: string): Signer =>
    signerOf(`${seed} ${name}`, `urn:example:fresh:${name}`, choice.pick(classical));
  return {
    issuer: one("issuer"),
    office: one("office"),
    lab: one("lab"),
    notary: one("notary"),
    clerk: one("clerk"),
    stranger: one("stranger"),
  };
}

/** The trust policy under which the cases of a cast are accepted. */
export function trustOf(cast: Cast): TrustJson {
  const entry = (name: Exclude<keyof Cast, "stranger">, role: Role, more: object = {}): SignerJson => ({
    ...describeSigner(cast[name], role),
    ...more,
  });
  return {
    version: 1,
    name: "fresh",
    sequence: 7,
    expires: "2027-06-30T00:00:00Z",
    signers: [
      entry("issuer", "issue"),
      entry("office", "policy"),
      entry("lab", "derive"),
      entry("notary", "anchor", { trustedTime: true }),
      entry("clerk", "anchor"),
    ],
    suites: { ed25519: {}, p256: {}, p384: {} },
  };
}
