// The value of `writ-policy`, which is kept once it was worked out: the same as by hand, for every list and every time.
import { createHash } from "node:crypto";
import { encode } from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { policyContext } from "../src/context.ts";
import type { Digest } from "../src/shape.ts";

const digestOf = (count: number): Digest => `sha384:${createHash("sha384").update(String(count)).digest("hex")}`;

/** Base64url of SHA-256 over the array of the distinct digests, each `[-43, bytes]`, in the order of their encodings. */
function byHand(policies: readonly Digest[]): string {
  const bytes = [...new Set(policies)].map((digest) => Buffer.from(digest.slice("sha384:".length), "hex"));
  const entries = bytes.toSorted(Buffer.compare).map((one) => [-43, new Uint8Array(one)]);
  return createHash("sha256").update(encode(entries)).digest("base64url");
}

test("[RCP-4] it follows from the set of digests alone: order and repetition, short and long lists", () => {
  const few = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 });
  const many = fc.array(fc.nat(100), { minLength: 60, maxLength: 70 }); // longer lists than 64 aren't kept
  fc.assert(
    fc.property(fc.oneof(few, many), (numbers) => {
      const policies = numbers.map(digestOf);
      expect(policyContext(policies)).toBe(byHand(policies));
      expect(policyContext(policies)).toBe(byHand(policies));
      expect(policyContext(policies.toReversed())).toBe(byHand(policies));
      expect(policyContext([...policies, digestOf(1000)])).not.toBe(byHand(policies)); // control
    }),
  );
});

test("[RCP-4] more lists than are kept", () => {
  for (let round = 0; round < 2; round += 1)
    for (let count = 0; count < 300; count += 1) {
      const policies = [digestOf(count), digestOf(count + 1)];
      expect(policyContext(policies)).toBe(byHand(policies));
    }
});
