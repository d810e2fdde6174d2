// Refusals of custody rules, contexts and content.
import type { CustodyRule } from "../../packages/core/src/artifact.ts";
import { anchor, joined, sealed } from "./chain.ts";
import { flipped } from "./cose.ts";
import { keysBytesOf, usualKey, wrapTo } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

async function custodyCases(): Promise<Case[]> {
  const rule = (change: CustodyRule, of: DraftOptions = {}): Promise<Uint8Array> =>
    sealed({
      ...of,
      core: {
        custodyRule: { custodies: ["aws-kms"], accounts: ["111122223333"], regions: ["eu-central-1"], ...change },
      },
    }).then((chain) => joined(chain));
  const pairs = (...entries: [string, string][]): Promise<Uint8Array> => rule({ contextPairs: new Map(entries) });
  const local = { wraps: [wrapTo("a", "local:office#2f6c1e")] };
  const seal = await sealed();
  const abroad = keysBytesOf({ wraps: [wrapTo("a", usualKey.replace("eu-central-1", "us-east-1"))] });
  const six = Array.from({ length: 7 }, (_, n): [string, string] => [`pair-${n}`, "v"]);
  return [
    refused(
      "custody-other-scheme",
      "custody-rule",
      ["RCP-5"],
      "a local key where the rule names aws-kms",
      joined(await sealed({ ...local, core: { custodyRule: { custodies: ["aws-kms"] } } })),
    ),
    refused(
      "custody-other-account",
      "custody-rule",
      ["RCP-5"],
      "a key of an account outside the rule",
      await rule({ accounts: ["444455556666"] }),
    ),
    refused(
      "custody-other-region",
      "custody-rule",
      ["RCP-5"],
      "a key in a Region outside the rule",
      await rule({ regions: ["eu-west-1"] }),
    ),
    refused(
      "custody-local-without-account",
      "custody-rule",
      ["RCP-5"],
      "a local key, which has no account, where the rule names accounts",
      joined(await sealed({ ...local, core: { custodyRule: { accounts: ["111122223333"] } } })),
    ),
    refused(
      "custody-arn-of-other-service",
      "custody-rule",
      ["RCP-5"],
      "an ARN of another service, which says neither account nor Region of a key",
      await rule({}, { wraps: [wrapTo("a", usualKey.replace("aws:kms", "aws:sts"))] }),
    ),
    refused(
      "custody-without-scheme",
      "custody-rule",
      ["RCP-5"],
      "a key without a scheme, whose whole name the rule has among its custodies",
      joined(
        await sealed({
          wraps: [wrapTo("a", "keyring")],
          core: { custodyRule: { custodies: ["aws-kms", "keyring"] } },
        }),
      ),
    ),
    refused(
      "custody-second-recipient",
      "custody-rule",
      ["RCP-5"],
      "one recipient within the rule, another in a Region outside it",
      await rule({}, { wraps: [wrapTo("a"), wrapTo("a", usualKey.replace("eu-central-1", "us-east-1"))] }),
    ),
    refused(
      "custody-rewrap-outside",
      "custody-rule",
      ["RCP-5"],
      "a rewrap to a Region outside the rule, properly signed",
      joined(await anchor(seal, { kind: "rewrap", keysBytes: abroad })),
    ),
    refused(
      "context-reserved-writ",
      "context-invalid",
      ["RCP-3"],
      "a context pair that begins with writ-",
      await pairs(["writ-artifact", "x"]),
    ),
    refused(
      "context-reserved-aws",
      "context-invalid",
      ["RCP-3"],
      "a context pair that begins with aws:",
      await pairs(["aws:sns", "x"]),
    ),
    refused(
      "context-upper-case",
      "context-invalid",
      ["RCP-3"],
      "a context pair in upper case",
      await pairs(["Tenant", "blue"]),
    ),
    refused(
      "context-value-long",
      "structure",
      ["RCP-3", "ART-3"],
      "a stored pair whose value is longer than 384 characters",
      await pairs(["tenant", "v".repeat(385)]),
    ),
    refused(
      "context-seven-pairs",
      "context-invalid",
      ["RCP-3"],
      "seven pairs of the caller, nine with writ-artifact and writ-policy",
      await pairs(...six),
    ),
    refused(
      "context-required-upper-case",
      "context-invalid",
      ["RCP-3"],
      "the name of a required pair in upper case",
      await rule({ requiredPairs: ["Shift"] }),
    ),
    refused(
      "context-stored-and-required",
      "context-invalid",
      ["RCP-3"],
      "a pair that is stored and required",
      await rule({ contextPairs: new Map([["shift", "night"]]), requiredPairs: ["shift"] }),
    ),
    refused(
      "context-long-name",
      "context-invalid",
      ["RCP-3"],
      "a context pair with a name of 129 characters",
      await pairs(["x".repeat(129), "v"]),
    ),
  ];
}

async function contentCases(): Promise<Case[]> {
  const seal = await sealed();
  const artifact = joined(seal);
  const { content } = seal.draft;
  const header = Uint8Array.from(seal.draft.core.content.floeHeader ?? new Uint8Array()).fill(1, 0, 1);
  const impossible = await sealed({ core: { content: { ...seal.draft.core.content, sizeBytes: 80 } } });
  const otherParameters = await sealed({ core: { content: { ...seal.draft.core.content, floeHeader: header } } });
  const with1 = (bytes: Uint8Array): Partial<Case> => ({ content: bytes });
  return [
    refused(
      "content-bit-flipped",
      "content-root",
      ["ING-8", "CON-8"],
      "a bit of the ciphertext changed",
      artifact,
      with1(flipped(content, 100)),
    ),
    refused(
      "content-truncated",
      "content-size",
      ["ING-8", "CON-7"],
      "content a byte shorter",
      artifact,
      with1(content.subarray(0, -1)),
    ),
    refused(
      "content-extended",
      "content-size",
      ["ING-8", "CON-7"],
      "content a byte longer",
      artifact,
      with1(Buffer.concat([content, Buffer.of(0)])),
    ),
    refused(
      "content-other-header",
      "content-header",
      ["ING-8", "CON-3"],
      "content that begins with another IV",
      artifact,
      with1(flipped(content, 20)),
    ),
    refused(
      "content-impossible-size-stated",
      "content-size",
      ["CON-2"],
      "a signed size that no writer makes, without content",
      joined(impossible),
    ),
    refused(
      "content-other-parameters-stated",
      "content-header",
      ["CON-3"],
      "a signed header of other parameters, without content",
      joined(otherParameters),
    ),
    refused(
      "content-impossible-size",
      "content-size",
      ["CON-2", "ING-8"],
      "a signed size that no writer makes",
      joined(impossible),
      with1(content.subarray(0, 80)),
    ),
    refused(
      "content-other-parameters",
      "content-header",
      ["CON-3", "ING-8"],
      "a signed header of other parameters",
      joined(otherParameters),
      with1(Buffer.concat([header, content.subarray(74)])),
    ),
  ];
}

/** Negative cases of custody rules and content. */
export async function refusedCustody(): Promise<Case[]> {
  return (await Promise.all([custodyCases(), contentCases()])).flat();
}
