// Rehashes: a content root under a stronger hash, by whoever has read the content; and keys that change without a rewrap.
import { hashContent } from "../../packages/core/src/content.ts";
import { digestText } from "../../packages/core/src/shape.ts";
import type { Digest } from "../../packages/core/src/shape.ts";
import type { HashAlg } from "../../packages/core/src/suites.ts";
import { anchor, batched, joined, sealed } from "./chain.ts";
import type { AnchorOptions, Chain } from "./chain.ts";
import { keysBytesOf, usualKey, wrapTo } from "./draft.ts";
import { bytesOf, clerk, coveredAgainAt, coveredAt, issuer, notary, office } from "./material.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const otherKey = "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321";
const afterwards: AnchorOptions = { signer: clerk, time: coveredAgainAt };

async function rootUnder({ draft: { content } }: Chain, hashAlg: HashAlg): Promise<Digest> {
  return (await hashContent(content, { format: "floe", hashAlg })).root;
}

async function rehashed(chain: Chain, hashAlg: HashAlg, options: AnchorOptions = {}): Promise<Chain> {
  return anchor(chain, { kind: "rehash", contentRoot: await rootUnder(chain, hashAlg), ...options });
}

const falseRoot = digestText(-43, bytesOf("false root", 48));

/** What verifies. */
export async function acceptedRehashes(): Promise<Case[]> {
  const seal = await sealed();
  const once = await rehashed(seal, -43);
  const covered = await anchor(once, afterwards);
  const twice = await rehashed(once, -44, afterwards);
  const strong = await rehashed(await sealed({ contentHash: -43 }), -44);
  const inBatch = await batched(seal, { kind: "rehash", contentRoot: await rootUnder(seal, -43) });
  const byIssuer = await rehashed(seal, -44, { signer: issuer });
  const wrong = await anchor(seal, { kind: "rehash", contentRoot: falseRoot });
  const rewrapped = await anchor(once, {
    ...afterwards,
    kind: "rewrap",
    keysBytes: keysBytesOf({ wraps: [wrapTo("a", otherKey)] }),
  });
  const accepted = (id: string, title: string, chain: Chain, more: Partial<Case> = {}): Case => ({
    id,
    title,
    spec: ["ANC-11", "ANC-7", "ING-8"],
    artifact: joined(chain),
    content: chain.draft.content,
    chain,
    expect: { judgedAt: coveredAt },
    ...more,
  });
  return [
    accepted("rehash-sha384", "a rehash under SHA-384 over a SHA-256 root", once),
    accepted("rehash-sha512-over-sha384", "a rehash under SHA-512 over a SHA-384 root", strong),
    accepted("rehash-twice", "SHA-256, then SHA-384, then SHA-512", twice),
    accepted("rehash-then-cover", "a cover after a rehash repeats its root", covered),
    accepted("rehash-batched", "a rehash in a batch", inBatch),
    accepted("rehash-by-issuer", "a rehash by a signer of role issue", byIssuer, { expect: {} }),
    accepted("rehash-then-rewrap", "a rewrap after a rehash repeats its root", {
      ...rewrapped,
      draft: { ...rewrapped.draft, wraps: [wrapTo("a", otherKey)] },
    }),
    withoutContent(accepted("rehash-without-content", "a rehash without content at hand", once)),
    accepted("rehash-false-but-marked", "a false root by a key that is marked states nothing", wrong, {
      trust: "notary-marked",
      expect: { counts: [true, false] },
    }),
  ];
}

function withoutContent(one: Case): Case {
  const { content, ...rest } = one;
  return content ? rest : one;
}

/** What is refused. */
export async function refusedRehashes(): Promise<Case[]> {
  const seal = await sealed();
  const strong = await sealed({ contentHash: -43 });
  const once = await rehashed(seal, -43);
  const { root } = seal.draft.core.content;
  const wrong = await anchor(seal, { kind: "rehash", contentRoot: falseRoot });
  const otherKeys = keysBytesOf({ wraps: [wrapTo("a", otherKey)] });
  const covered = await anchor(seal, { keysBytes: otherKeys });
  const shed = await anchor(covered, {
    ...afterwards,
    kind: "rewrap",
    keysBytes: keysBytesOf({ wraps: [wrapTo("a", usualKey)] }),
  });
  const stated = (id: string, title: string, chain: Chain): Case =>
    refused(id, "anchor-content-root", ["ANC-11", "ANC-7"], title, joined(chain));
  const longSeal = await anchor({ ...seal, links: [] }, { contentRoot: await rootUnder(seal, -43) });
  return [
    stated("rehash-same-root", "a rehash that repeats the root", await rehashed(seal, -16)),
    stated(
      "rehash-same-hash",
      "a rehash to another root under the same hash",
      await anchor(seal, { kind: "rehash", contentRoot: digestText(-16, bytesOf("other root", 32)) }),
    ),
    stated("rehash-weaker", "a rehash from SHA-384 to SHA-256", await rehashed(strong, -16)),
    stated("rehash-back", "a rehash back to SHA-256 after one to SHA-384", await rehashed(once, -16, afterwards)),
    stated(
      "rehash-cover-of-old-root",
      "a cover after a rehash that gives the core's root",
      await anchor(once, { ...afterwards, contentRoot: root }),
    ),
    stated(
      "rehash-by-cover",
      "a cover that states a new root",
      await anchor(seal, { contentRoot: await rootUnder(seal, -43) }),
    ),
    stated(
      "rehash-by-rewrap",
      "a rewrap that states a new root",
      await anchor(seal, { kind: "rewrap", contentRoot: await rootUnder(seal, -43) }),
    ),
    stated("rehash-by-seal", "a seal whose root is under another hash than the core's", longSeal),
    refused(
      "rehash-first",
      "anchor-kind",
      ["ANC-6"],
      "a rehash in place of the seal",
      joined(await anchor({ ...seal, links: [] }, { kind: "rehash" })),
    ),
    refused(
      "rehash-root-short",
      "structure",
      ["ANC-1", "ART-5"],
      "a rehash whose root is shorter than its hash's digests",
      joined(await anchor(seal, { kind: "rehash", statement: (s) => void s.set(8, [-43, bytesOf("short root", 32)]) })),
    ),
    refused(
      "rehash-by-policy-signer",
      "signer-role",
      ["ANC-6"],
      "a rehash by a policy authority",
      joined(await rehashed(seal, -43, { signer: office })),
    ),
    refused(
      "rehash-other-content",
      "content-root",
      ["ANC-11", "ING-8"],
      "a rehash whose root isn't that of the content",
      joined(wrong),
      { content: wrong.draft.content },
    ),
    refused(
      "rehash-content-changed",
      "content-root",
      ["ANC-11", "ING-8"],
      "content that has neither root",
      joined(once),
      { content: Buffer.concat([once.draft.content.subarray(0, -1), Buffer.of((once.draft.content.at(-1) ?? 0) ^ 1)]) },
    ),
    refused(
      "anchor-keys-changed-before-rewrap",
      "anchor-keys",
      ["ANC-7"],
      "a cover over other keys than the seal's, and a rewrap after it",
      joined(shed),
    ),
    refused(
      "anchor-keys-changed-after-rehash",
      "anchor-keys",
      ["ANC-7"],
      "a rehash over other keys than the seal's, and a rewrap after it",
      joined(
        await anchor(
          await anchor(seal, {
            kind: "rehash",
            contentRoot: await rootUnder(seal, -43),
            keysBytes: otherKeys,
            signer: notary,
          }),
          { ...afterwards, kind: "rewrap" },
        ),
      ),
    ),
  ];
}
