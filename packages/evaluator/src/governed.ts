// Governed values: plaintext that exists only inside a function, for one decided use.
import { artifactIdText } from "@writ/core";
import type { DecisionRequest, VerifiedArtifact } from "@writ/core";
import { checkDeriving, sealChild } from "./governed-derive.ts";
import type { Child, DerivedBytes, DerivingOptions } from "./governed-derive.ts";
import { lenders } from "./governed-form.ts";
import type { Forms, Lent } from "./governed-form.ts";
import { Labelled } from "./governed-label.ts";
import { checkOptions, ownRequest, useHeld } from "./governed-use.ts";
import type { GovernAsOptions, GovernOptions, Held, HeldOptions, Used } from "./governed-use.ts";

/** What governed values hold, beside them: no way leads there from the value. */
const holdings = new WeakMap<object, Held<unknown>>();

/** A child that came back governed, with the bytes to pass on. */
export interface Derived {
  readonly data: Governed;
  readonly bytes: DerivedBytes;
}

/**
 * An artifact with its content, whose plaintext is given to a function for one decided use and to nobody else. It prints
 * as `[Governed <artifact id>]`; a structured clone holds that text alone. `T` is what functions are given.
 */
export class Governed<T = Uint8Array> extends Labelled {
  constructor(artifact: VerifiedArtifact, options: HeldOptions) {
    super(`[Governed ${artifactIdText(artifact.core)}]`);
    const lend = lenders[options.as ?? "bytes"] as (segments: AsyncIterable<Uint8Array>) => Lent<T> | Promise<Lent<T>>;
    holdings.set(this, { artifact, options, lend });
  }

  /**
   * Decides, and where it permits opens, calls `fn` with the plaintext and zeroes it when `fn` has ended (best effort: what
   * `fn` copied is the caller's). One permit a use. Throws what `decide` and `open` throw, FormatError `input-too-large`, and for JSON
   * `json-invalid`, `json-duplicate-member`. Spec: GOV-1, GOV-2.
   */
  async use<R>(request: DecisionRequest, fn: (plaintext: T) => R | Promise<R>): Promise<Used<R>> {
    return useHeld(heldBy(this), request, (plaintext) => fn(plaintext));
  }

  /**
   * As `use`, and the bytes that `fn` makes are sealed as a child while the plaintext is still lent, then zeroed: what is derived comes
   * back governed, under the layers of this value. Throws also what `derive` and `ingest` throw. Spec: GOV-7.
   */
  async derive(
    request: DecisionRequest,
    fn: (plaintext: T) => Uint8Array | Promise<Uint8Array>,
    deriving: DerivingOptions,
  ): Promise<Used<Derived>> {
    checkDeriving(deriving);
    const held = heldBy(this);
    const asked = ownRequest(request);
    return useHeld(held, asked, async (plaintext, decision) =>
      derivedOf(await sealChild([{ held, decision }], asked, await fn(plaintext), deriving)),
    );
  }
}

/** What a governed value holds. Throws TypeError for anything else, copies and proxies of one included. */
export function heldBy<T>(data: Governed<T>): Held<T> {
  const held = holdings.get(data);
  if (held === undefined) throw new TypeError("this is no governed value");
  return held as Held<T>;
}

/** A child as its maker gets it. */
export function derivedOf({ verified, options, bytes }: Child): Derived {
  return { data: new Governed(verified, options), bytes };
}

/** Puts a verified artifact and its content under governance. Throws TypeError for unknown options and forms. Spec: GOV-1. */
export function govern<F extends keyof Forms>(
  artifact: VerifiedArtifact,
  options: GovernAsOptions<F>,
): Governed<Forms[F]>;
export function govern(artifact: VerifiedArtifact, options: GovernOptions): Governed;
export function govern(artifact: VerifiedArtifact, options: HeldOptions): Governed<Forms[keyof Forms]> {
  checkOptions(options);
  return new Governed(artifact, { ...options });
}
