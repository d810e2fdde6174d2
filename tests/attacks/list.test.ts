// The attacks that must fail, each with the tests that show it. A test that is renamed or removed is missed here.
import { describe, expect, test } from "vitest";
import { parseFiles, repositoryFiles } from "../support/repository.ts";

/** An attack with the titles of its tests, or with the part of the product that isn't there yet to be attacked. */
interface Attack {
  readonly attack: string;
  /** How the titles of tests begin. */
  readonly shownBy?: readonly string[];
  /** Once a file of this form exists, the attack needs tests. */
  readonly awaits?: RegExp;
}

const attacks: readonly Attack[] = [
  {
    attack: "algorithm id swapped in each field",
    shownBy: [
      "[COS-5] [SUI-1] another algorithm id in any signature",
      "[SUI-2] [ANC-8] another suite or hash in a statement",
      "[COS-5] [SUI-1] [TRU-5] algorithm ids swapped",
    ],
  },
  { attack: "`jwk` and `x5c` in headers", shownBy: ["[COS-5] keys and chains that come with"] },
  {
    attack: "post-quantum signer stripped",
    shownBy: ["[SUI-3] [TRU-5] the post-quantum half stripped"],
  },
  {
    attack: "hybrid half alone or in a new statement",
    shownBy: [
      "[SUI-3] one half over another statement leaves nothing",
      "[TRU-5] the classical half of a hybrid signer",
      "[TRU-5] [ANC-8] a half stripped, alone in a new statement",
    ],
  },
  {
    attack: "older prefix of the anchors after the cut-off",
    shownBy: ["[TRU-10] an older prefix of the anchors", "[BAT-5] [ANC-4] [TRU-10] leaves of other batches"],
  },
  {
    attack: "back-dated cover by a stolen key",
    shownBy: [
      "[TRU-8] [TRU-9] a back-dated cover by a stolen time authority",
      "[TRU-8] [TRU-9] a cover dated back by a stolen key",
    ],
  },
  { attack: "anchor of A on B", shownBy: ["[ANC-4] [ANC-6] anchors of A don't stand on B"] },
  {
    attack: "wrap of B in A",
    shownBy: [
      "[RCP-2] [RCP-6] B's wrap in A opens nothing",
      "[RCP-2] [REW-5] B's wrap in A is refused",
      "[RCP-11] [RCP-6] B's ciphertext, or its wrapped key",
    ],
  },
  {
    attack: "recipient blob swapped, or moved outside the custody rule",
    shownBy: [
      "[ANC-7] keys of B, or one of their parts",
      "[RCP-5] a trusted anchor signer moves no key outside",
      "[RCP-5] a recipient key outside the custody rule",
    ],
  },
  {
    attack: "policy relaxed by a former key holder",
    shownBy: [
      "[ANC-6] seals the same content anew under a looser policy",
      "[LIN-3] [LIN-8] makes a revision without the layer",
      "[LIN-6] [LIN-7] hides what he supersedes",
      "[AMD-2] [LIN-9] by who isn't the first issuer",
    ],
  },
  {
    attack: "policy relaxed by another issuer with the same id and ciphertext",
    shownBy: ["[CON-1] [ART-7] another issuer with the same id and ciphertext"],
  },
  {
    attack: "an anchor signer seals in the issuer's name",
    shownBy: ["[ANC-6] a trusted anchor signer seals nothing"],
  },
  { attack: "policy forged by a deriver", shownBy: ["[POM-2] can't write a policy"] },
  {
    attack: "a parent's policy dropped",
    shownBy: [
      "[LIN-3] [LIN-4] can't drop, swap, release early",
      "[LIN-3] [APR-7] by issuer, first issuer or deriver",
      "[LIN-3] a child's revision keeps what its parents had",
    ],
  },
  {
    attack: "an older, looser revision replayed",
    shownBy: [
      "[LIN-3] an older, looser revision verifies as before",
      "[LIN-20] [LIN-21] an older revision, or a second one of the same number",
    ],
  },
  {
    attack: "a segment encrypted again under the same data key",
    shownBy: ["[CON-13] [OPN-3] a segment that he encrypted anew"],
  },
  {
    attack: "an unnamed attachment",
    shownBy: [
      "[ATT-3] [ATT-4] a second root message that nothing names",
      "[ATT-3] an upper level of the content tree is no leaf list",
    ],
  },
  {
    attack: "a reference that points at another valid artifact",
    shownBy: ["[ING-8] the artifact that a locator leads to", "[LIN-2] can't point at another valid artifact"],
  },
  {
    attack: "duties or bans shed by leaving a fact out; several purposes at once",
    shownBy: [
      "facts left out: neither bans nor duties are shed, and several purposes",
      "[DUT-1] leaving out a fact never sheds an obligation",
    ],
  },
  {
    attack: "approval replayed, or given twice by one person",
    shownBy: [
      "[APR-3] one person with two keys, one key for two persons",
      "[APR-4] approvals of one revision, put into another",
      "[APR-5] the same approvals twice",
      "[APR-5] each is used once, over all who share the ledger",
    ],
  },
  {
    attack: "unknown critical extension",
    shownBy: ["[ART-8] an extension that is critical", "[ART-8] can't hide a critical extension in a source"],
  },
  { attack: "duplicate kid", shownBy: ["[COS-5] one key twice under two names"] },
  {
    attack: "mismatched AKP pair",
    shownBy: ["[TRU-3] a public key that isn't the thumbprint's", "[TRU-3] a public key of another pair"],
  },
  { attack: "batch leaf from another batch", shownBy: ["[BAT-5] a leaf of another batch"] },
  {
    attack: "second preimage by confusion of leaf and node",
    shownBy: ["[BAT-2] an inner node is no leaf"],
  },
  { attack: "empty digests", shownBy: ["[BAT-5] empty digests and an empty path"] },
  {
    attack: "huge lengths, deep nesting, counts of segments like those of a zip bomb",
    shownBy: [
      "[CBR-3] [CBR-4] huge lengths and deep nesting size nothing",
      "[CON-7] a size of millions of segments",
      "[CON-7] content that never ends",
      "[ART-9] a long list is read once",
      "[ERR-1] [ING-2] two readers agree on each",
    ],
  },
  {
    attack: "segment dropped, doubled, reordered, final flag forged",
    shownBy: ["[CON-7] segments dropped, doubled, reordered, cut"],
  },
  {
    attack: "attribute left out or of the wrong type",
    shownBy: [
      "[REQ-3] [CND-1] an attribute left out, or of the wrong type",
      "[ERR-1] [REQ-3] for any JSON asked of decide",
    ],
  },
  {
    attack: "purpose unknown or broader",
    shownBy: ["[PUR-2] [PUR-1] [PUR-3] a purpose that nobody knows, or a broader one"],
  },
  {
    attack: "clock backwards",
    shownBy: [
      "[ANC-9] a clock set back makes evidence of the future",
      "[STS-5] an older list than was seen isn't taken, and a clock set back",
    ],
  },
  {
    attack: "stale status",
    shownBy: [
      "[STS-6] a list that is too old, expired or unreachable",
      "[STS-5] a cache keeps what was seen over processes",
    ],
  },
  {
    attack: "cache shared across policies",
    shownBy: [
      "nothing crosses from one policy to another",
      "[DEC-2] what one evaluator checked at ingest another checks again",
      "[ART-6] a remembered name serves no other bytes",
      "[TRU-14] [BAT-4] a root that verified under one trust policy",
    ],
  },
  { attack: "grant reused for another artifact", shownBy: ["[OPN-1] [RCP-3] a grant for one artifact opens no other"] },
  { attack: "CloudTrail digest tampered with or missing", awaits: /^packages\/custody-aws\/src\/.*trail/ },
  {
    attack: "symlink and path tricks in stores",
    shownBy: ["[RAN-14] links are never followed", "[RAN-14] a log can name no file outside the corpus"],
  },
  {
    attack: "prototype pollution through JSON",
    shownBy: ["[DEC-1] a polluted Object.prototype supplies no option", "`__proto__` and `constructor` in a request"],
  },
  {
    attack: "`toJSON` or inspection that leaks plaintext",
    shownBy: ["[GOV-3] no own, inherited, symbolic or hidden member", "show no byte to JSON, inspection"],
  },
  {
    attack: "secrets in errors and logs",
    shownBy: [
      "[ERR-1] no key, secret or plaintext shows in an error",
      "[ERR-1] marked key bytes show in no error",
      "[GOV-4] hold no plaintext",
    ],
  },
];

/** Attacks without a test that there is, and tests that there aren't. */
function missing(list: readonly Attack[], titles: readonly string[], files: readonly string[]): string[] {
  return list.flatMap(({ attack, shownBy = [], awaits }) => {
    if (awaits) {
      const there = files.find((file) => awaits.test(file));
      return there === undefined ? [] : [`${attack}: ${there} is there, and no test attacks it`];
    }
    if (shownBy.length === 0) return [`${attack}: no test`];
    return shownBy
      .filter((beginning) => !titles.some((title) => title.startsWith(beginning)))
      .map((beginning) => `${attack}: no test \`${beginning}\``);
  });
}

const files = repositoryFiles();
const own = "tests/attacks/list.test.ts";
const titles = parseFiles(files.filter((path) => path.endsWith(".test.ts") && path !== own)).flatMap(
  ({ strings }) => strings,
);

describe("the attacks that must fail", () => {
  test("each has named tests, or attacks what isn't built", () => {
    expect(attacks.length).toBeGreaterThan(35);
    expect(missing(attacks, titles, files)).toEqual([]);
  });

  test("control: a test that is gone, an attack with no test, and a part that was built are missed", () => {
    const [first] = attacks;
    const [beginning] = first!.shownBy!;
    const without = titles.filter((title) => !title.startsWith(beginning!));
    expect(missing(attacks, without, files)).toEqual([`${first!.attack}: no test \`${beginning!}\``]);
    expect(missing([{ attack: "a new one" }], titles, files)).toEqual(["a new one: no test"]);
    expect(missing([{ attack: "built", awaits: /^package\.json$/ }], titles, files)).toHaveLength(1);
  });
});
