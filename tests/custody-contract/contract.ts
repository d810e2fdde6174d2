// One contract for every custody: what core relies on, whoever keeps the keys. Each refusal stands beside the call that
// differs only in the refused point and succeeds, so that the check is known to be able to pass and to fail.
import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { inspect } from "node:util";
import { CustodyError } from "@writ/core";
import type { Custody, CustodyCode, EncryptionContext, GeneratedSecret, Recipient, SignatureAlg } from "@writ/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A custody with keys to try it on, and what its operator can do to them. */
export interface CustodyUnderTest {
  readonly custody: Custody;
  /** Two symmetric keys. */
  readonly symmetric: string;
  readonly otherSymmetric: string;
  readonly signing: readonly { readonly alg: SignatureAlg; readonly uri: string }[];
  /** Well formed, but no key stands there. */
  readonly missing: string;
  readonly missingUnwraps: "null" | "custody-not-found";
  readonly origin: string;
  readonly developmentOnly: boolean;
  disable(uri: string): Promise<void>;
  enable(uri: string): Promise<void>;
  /** Only where the custody has such a thing. */
  readonly alias?: { readonly uri: string; readonly of: string };
  /** Brings a key into the state, and gives its URI. */
  pendingDeletion?(): Promise<string>;
  /** A key whose own policy denies this caller its use, the blob wrapped before. */
  denied?(context: EncryptionContext): Promise<{ readonly uri: string; readonly wrapped: GeneratedSecret }>;
  /** The same custody when nothing answers. */
  unreachable?(): Promise<Custody>;
  close(): Promise<void>;
}

const context: EncryptionContext = new Map([
  ["writ-artifact", "AAAAAAAAAAAAAAAAAAAAAA"],
  ["writ-policy", "t7cXBPzlZlSnLTCs3ElvVSeoOS-VuH5Pj6wlvKb0ghk"],
  ["project", "Cardiac"],
]);

const without = (key: string): EncryptionContext => new Map([...context].filter(([name]) => name !== key));
const withPair = (key: string, value: string): EncryptionContext => new Map([...context, [key, value]]);

const otherContexts: readonly (readonly [string, EncryptionContext])[] = [
  ["a missing pair", without("project")],
  ["an extra pair", withPair("extra", "1")],
  ["a changed value", withPair("project", "Oncology")],
  ["another case in a value", withPair("project", "cardiac")],
  ["another case in a key", new Map([...without("project"), ["Project", "Cardiac"]])],
  ["a split that moved between key and value", new Map([...without("project"), ["projec", "tCardiac"]])],
  [
    "two values swapped",
    new Map([
      ...context,
      ["writ-artifact", context.get("writ-policy")!],
      ["writ-policy", context.get("writ-artifact")!],
    ]),
  ],
  ["an empty context", new Map()],
];

function recipientOf(wrapped: { readonly uri: string; readonly blob: Uint8Array }): Recipient {
  return {
    kind: "kms-symmetric",
    custodyUri: wrapped.uri,
    blob: wrapped.blob,
    wrappedKey: new Uint8Array(40),
    bound: null,
  };
}

function bytesOf(key: KeyObject): string {
  return key.export().toString("hex");
}

/** The CustodyError that a call must end in; everything it would print is searched for each secret in hex. */
async function refusal(call: Promise<unknown>, secrets: readonly KeyObject[] = []): Promise<CustodyError> {
  const error: unknown = await call.then(
    () => expect.fail("the call went through"),
    (fault: unknown) => fault,
  );
  expect(error).toBeInstanceOf(CustodyError);
  const printed = [
    inspect(error, { depth: 8, showHidden: true }),
    (error as CustodyError).message,
    JSON.stringify(error),
  ].join("\n");
  for (const secret of secrets)
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(printed).not.toContain(secret.export().toString(form));
  return error as CustodyError;
}

async function refusedWith(code: CustodyCode, call: Promise<unknown>): Promise<CustodyError> {
  const error = await refusal(call);
  expect(error.code, error.message).toBe(code);
  return error;
}

const spkiPrefix: Readonly<Partial<Record<SignatureAlg, string>>> = {
  [-19]: "302a300506032b6570032100",
  [-9]: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
  [-51]: "3076301006072a8648ce3d020106052b81040022036200",
  [-49]: "308207b2300b0609608648016503040312038207a100",
  [-50]: "30820a32300b060960864801650304031303820a2100",
};
const digests: Readonly<Partial<Record<SignatureAlg, string>>> = { [-9]: "sha256", [-51]: "sha384" };

/** Node's own check, from the raw public key. */
function verifies(alg: SignatureAlg, raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from(spkiPrefix[alg]!, "hex"), raw]),
    format: "der",
    type: "spki",
  });
  const digest = digests[alg];
  return digest === undefined
    ? verify(null, message, publicKey, signature)
    : verify(digest, message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
}

const halfOrders = {
  [-9]: 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n,
  [-51]: 0x7fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9n,
};

/** Runs the contract; `has` says which of the optional parts the custody must bring, so that none is left out unseen. */
export function custodyContract(
  name: string,
  make: () => Promise<CustodyUnderTest>,
  has: readonly ("alias" | "pendingDeletion" | "denied" | "unreachable")[],
): void {
  describe(`custody contract: ${name}`, () => {
    let under: CustodyUnderTest;
    let custody: Custody;
    beforeAll(async () => {
      under = await make();
      custody = under.custody;
    });
    afterAll(() => under.close());

    const unwrapped = async (recipient: Recipient, under_: EncryptionContext = context): Promise<string> => {
      const result = await custody.unwrap(recipient, under_);
      if (result === null) expect.fail("the custody says that it doesn't hold the key");
      return bytesOf(result.secret);
    };

    describe("wrapping", () => {
      test("[CUS-4, CUS-5] unwrap gives back the secret that generate made, 32 bytes, never the same one twice", async () => {
        const one = await custody.generate(under.symmetric, context);
        const two = await custody.generate(under.symmetric, context);
        expect(one.secret.symmetricKeySize).toBe(32);
        expect(bytesOf(one.secret)).not.toBe(bytesOf(two.secret));
        expect(await unwrapped(recipientOf(one))).toBe(bytesOf(one.secret));
        expect(await unwrapped(recipientOf(two))).toBe(bytesOf(two.secret));
      });

      test("[CUS-3] generate names the asked key", async () => {
        expect((await custody.generate(under.symmetric, context)).uri).toBe(under.symmetric);
      });

      test.each(otherContexts)("[CUS-5] %s does not open the wrap", async (_, other) => {
        const wrapped = await custody.generate(under.symmetric, context);
        await refusedWith("custody-context", custody.unwrap(recipientOf(wrapped), other));
        expect(await unwrapped(recipientOf(wrapped))).toBe(bytesOf(wrapped.secret));
      });

      test.each(["kem", "kms-kem", "kms-rsa", "kms-wrap-noaad"] as const)(
        "[CUS-5, CUS-6] a symmetric wrap that is presented as one of kind %s is opened by no one, and moved by no one",
        async (kind) => {
          const wrapped = await custody.generate(under.symmetric, context);
          const presented = { ...recipientOf(wrapped), kind, bound: new Uint8Array(48) };
          await refusedWith("custody-unsupported", custody.unwrap(presented, context));
          const to = { keyUri: under.otherSymmetric, context };
          expect(await custody.rewrap(presented, context, to)).toBeNull();
          expect(await unwrapped(recipientOf(wrapped))).toBe(bytesOf(wrapped.secret));
          expect(await custody.rewrap(recipientOf(wrapped), context, to)).not.toBeNull();
        },
      );

      test("[CUS-5] the order in which pairs are given makes no difference", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        expect(await unwrapped(recipientOf(wrapped), new Map([...context].reverse()))).toBe(bytesOf(wrapped.secret));
      });

      test("[CUS-5] different contexts never open each other (property)", async () => {
        const text = fc
          .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 6 })
          .filter((value) => value.trim() === value);
        const pairs = fc.uniqueArray(fc.tuple(text, text), { minLength: 1, maxLength: 3, selector: ([key]) => key });
        await fc.assert(
          fc.asyncProperty(pairs, pairs, async (a, b) => {
            const [first, second] = [new Map(a), new Map(b)];
            const wrapped = await custody.generate(under.symmetric, first);
            expect(await unwrapped(recipientOf(wrapped), first)).toBe(bytesOf(wrapped.secret));
            const same = first.size === second.size && [...first].every(([key, value]) => second.get(key) === value);
            if (!same) await refusedWith("custody-context", custody.unwrap(recipientOf(wrapped), second));
          }),
          { numRuns: process.env["SLOW"] === "1" ? 2500 : 25 },
        );
      });

      test("[CUS-5] any changed byte of the blob is refused", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        for (let at = 0; at < wrapped.blob.length; at += 7) {
          const blob = Uint8Array.from(wrapped.blob);
          blob[at]! ^= 1;
          const outcome = await custody
            .unwrap(recipientOf({ ...wrapped, blob }), context)
            .catch((fault: unknown) => fault);
          if (outcome !== null)
            expect(["custody-context", "custody-key-mismatch"]).toContain((outcome as CustodyError).code);
        }
        expect(await unwrapped(recipientOf(wrapped))).toBe(bytesOf(wrapped.secret));
      });

      test.each([0, 1, 40, 6144])("[CUS-5] %i bytes that are no blob are refused", async (length) => {
        const { uri } = await custody.generate(under.symmetric, context);
        await refusedWith(
          "custody-context",
          custody.unwrap(recipientOf({ uri, blob: new Uint8Array(length).fill(7) }), context),
        );
      });

      test("[CUS-3] the wrap of one key under the name of another is refused", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        await refusedWith(
          "custody-key-mismatch",
          custody.unwrap(recipientOf({ uri: under.otherSymmetric, blob: wrapped.blob }), context),
        );
        const other = await custody.generate(under.otherSymmetric, context);
        expect(await unwrapped(recipientOf(other))).toBe(bytesOf(other.secret));
      });

      test("[CUS-5] a recipient of another custody is not ours: null, not an error", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        expect(await custody.unwrap(recipientOf({ ...wrapped, uri: "elsewhere:key" }), context)).toBeNull();
        expect(await custody.unwrap(recipientOf(wrapped), context)).not.toBeNull();
      });

      test("[CUS-5, CUS-10] a key that isn't there", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        const asked = custody.unwrap(recipientOf({ ...wrapped, uri: under.missing }), context);
        if (under.missingUnwraps === "null") expect(await asked).toBeNull();
        else await refusedWith("custody-not-found", asked);
        await refusedWith("custody-not-found", custody.generate(under.missing, context));
        await refusedWith("custody-not-found", custody.describe(under.missing));
        await refusedWith("custody-not-found", custody.publicKey(under.missing));
        await refusedWith("custody-not-found", custody.sign(under.missing, -19, Buffer.from("x")));
      });

      test("[CUS-2] a URI of another scheme is wrong use", async () => {
        await expect(custody.generate("elsewhere:key", context)).rejects.toThrow(TypeError);
        await expect(custody.describe("elsewhere:key")).rejects.toThrow(TypeError);
      });
    });

    describe("rewrap", () => {
      test("[CUS-6] keeps the secret under another key and another context", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        const moved = await custody.rewrap(recipientOf(wrapped), context, {
          keyUri: under.otherSymmetric,
          context: without("project"),
        });
        if (moved === null) expect.fail("the custody says that it can't");
        expect(moved.uri).toBe(under.otherSymmetric);
        expect(await unwrapped(recipientOf(moved), without("project"))).toBe(bytesOf(wrapped.secret));
        await refusedWith("custody-context", custody.unwrap(recipientOf(moved), context));
        expect(await unwrapped(recipientOf(wrapped))).toBe(bytesOf(wrapped.secret)); // the old wrap still opens
      });

      test("[CUS-6] needs the context of the old wrap, and its key", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        const to = { keyUri: under.otherSymmetric, context };
        await refusedWith("custody-context", custody.rewrap(recipientOf(wrapped), without("project"), to));
        await refusedWith(
          "custody-key-mismatch",
          custody.rewrap(recipientOf({ ...wrapped, uri: under.otherSymmetric }), context, to),
        );
        await refusedWith(
          "custody-not-found",
          custody.rewrap(recipientOf(wrapped), context, { keyUri: under.missing, context }),
        );
        expect(await custody.rewrap(recipientOf(wrapped), context, to)).not.toBeNull();
      });

      test("[CUS-6] to or from another custody is null: the secret would have to leave", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        expect(await custody.rewrap(recipientOf(wrapped), context, { keyUri: "elsewhere:key", context })).toBeNull();
        expect(
          await custody.rewrap(recipientOf({ ...wrapped, uri: "elsewhere:key" }), context, {
            keyUri: under.symmetric,
            context,
          }),
        ).toBeNull();
      });
    });

    describe("key states", () => {
      test("[CUS-10] a disabled key serves nothing until it is enabled", async () => {
        const wrapped = await custody.generate(under.symmetric, context);
        await under.disable(under.symmetric);
        try {
          await refusedWith("custody-key-state", custody.generate(under.symmetric, context));
          await refusedWith("custody-key-state", custody.unwrap(recipientOf(wrapped), context));
          await refusedWith(
            "custody-key-state",
            custody.rewrap(recipientOf(wrapped), context, { keyUri: under.otherSymmetric, context }),
          );
          const other = await custody.generate(under.otherSymmetric, context);
          await refusedWith(
            "custody-key-state",
            custody.rewrap(recipientOf(other), context, { keyUri: under.symmetric, context }),
          );
          expect((await custody.describe(under.symmetric)).state).toBe("disabled");
        } finally {
          await under.enable(under.symmetric);
        }
        expect(await unwrapped(recipientOf(wrapped))).toBe(bytesOf(wrapped.secret));
        expect((await custody.describe(under.symmetric)).state).toBe("enabled");
      });

      test("[CUS-10] a disabled signing key does not sign", async () => {
        const { alg, uri } = under.signing[0]!;
        await under.disable(uri);
        try {
          const error = await refusedWith("custody-key-state", custody.sign(uri, alg, Buffer.from("x")));
          expect(error.retryable).toBe(false);
          await refusedWith("custody-key-state", custody.publicKey(uri));
        } finally {
          await under.enable(uri);
        }
        expect((await custody.sign(uri, alg, Buffer.from("x"))).signature.length).toBeGreaterThan(0);
      });

      if (has.includes("pendingDeletion"))
        test("[CUS-10] a key that waits for its deletion serves nothing", async () => {
          const uri = await under.pendingDeletion!();
          await refusedWith("custody-key-state", custody.generate(uri, context));
          expect((await custody.describe(uri)).state).toBe("pending-deletion");
        });

      if (has.includes("denied"))
        test("[CUS-9, CUS-10] a key whose policy denies the caller: denied, and the message says that a policy did it", async () => {
          const { uri, wrapped } = await under.denied!(context);
          for (const call of [custody.generate(uri, context), custody.unwrap(recipientOf(wrapped), context)]) {
            const error = await refusal(call, [wrapped.secret]);
            expect(error.code).toBe("custody-denied");
            expect(error.message).toContain("policy");
            expect(error.retryable).toBe(false);
          }
        });

      if (has.includes("unreachable"))
        test("[CUS-10] nothing answers: unavailable, and worth another try", async () => {
          const away = await under.unreachable!();
          const error = await refusedWith("custody-unavailable", away.generate(under.symmetric, context));
          expect(error.retryable).toBe(true);
          expect(error.message).toContain("network");
        });

      test("the operator of this custody brings every part that was promised", () => {
        for (const part of has) expect(under[part], part).toBeDefined();
      });
    });

    describe("signing", () => {
      const message = Buffer.from("the message itself, never a digest of it");

      test("[CUS-7, CUS-8] signatures verify under node:crypto with the public key in raw form", async () => {
        expect(under.signing.map(({ alg }) => alg)).toEqual([-19, -9, -51, -49, -50]);
        for (const { alg, uri } of under.signing) {
          const key = await custody.publicKey(uri);
          expect([key.uri, key.alg]).toEqual([uri, alg]);
          const { signature } = await custody.sign(uri, alg, message);
          expect(verifies(alg, key.raw, message, signature)).toBe(true);
          expect(verifies(alg, key.raw, Buffer.concat([message, Buffer.of(0)]), signature)).toBe(false);
        }
      });

      test.each([-9, -51] as const)("[CUS-7] ECDSA signatures are r‖s with s in the lower half (%i)", async (curve) => {
        const { uri } = under.signing.find(({ alg }) => alg === curve)!;
        const half = curve === -9 ? 32 : 48;
        for (let n = 0; n < 12; n += 1) {
          const { signature } = await custody.sign(uri, curve, Buffer.from([n]));
          expect(signature.length).toBe(2 * half);
          const s = BigInt(`0x${Buffer.from(signature.subarray(half)).toString("hex")}`);
          expect(s <= halfOrders[curve]).toBe(true);
        }
      });

      test("[CUS-7] a key signs under its own algorithm alone", async () => {
        for (const { alg, uri } of under.signing) {
          for (const other of under.signing) {
            if (other.alg === alg) continue;
            await refusedWith("custody-unsupported", custody.sign(uri, other.alg, message));
          }
          expect((await custody.sign(uri, alg, message)).signature.length).toBeGreaterThan(0);
        }
      });

      test("[CUS-7, CUS-8] a wrapping key neither signs nor has a public key, a signing key does not wrap", async () => {
        await refusedWith("custody-unsupported", custody.sign(under.symmetric, -19, message));
        await refusedWith("custody-unsupported", custody.publicKey(under.symmetric));
        await refusedWith("custody-unsupported", custody.generate(under.signing[0]!.uri, context));
      });
    });

    describe("describe", () => {
      test("[CUS-11] says state, use, origin and manager of a key", async () => {
        const symmetric = await custody.describe(under.symmetric);
        expect(symmetric).toMatchObject({
          uri: under.symmetric,
          state: "enabled",
          usage: "encrypt",
          origin: under.origin,
          manager: "customer",
        });
        expect(symmetric.developmentOnly === true).toBe(under.developmentOnly);
        expect((await custody.describe(under.signing[0]!.uri)).usage).toBe("sign");
      });

      if (has.includes("alias"))
        test("[CUS-2, CUS-11] resolves an alias to its pinned id; other calls refuse it", async () => {
          const { uri, of } = under.alias!;
          expect(await custody.describe(uri)).toMatchObject({ uri: of, alias: uri.slice(uri.indexOf(":") + 1) });
          await refusedWith("custody-key-mismatch", custody.generate(uri, context));
          const wrapped = await custody.generate(of, context);
          await refusedWith("custody-key-mismatch", custody.unwrap(recipientOf({ ...wrapped, uri }), context));
        });
    });

    test("[CUS-1, CUS-9] what refusals print holds no secret", async () => {
      const wrapped = await custody.generate(under.symmetric, context);
      await refusal(custody.unwrap(recipientOf(wrapped), without("project")), [wrapped.secret]);
      await refusal(custody.unwrap(recipientOf({ ...wrapped, uri: under.otherSymmetric }), context), [wrapped.secret]);
      const leaky = new CustodyError("custody-denied", `key ${bytesOf(wrapped.secret)}`);
      await expect(refusal(Promise.reject(leaky), [wrapped.secret])).rejects.toThrow(); // control: a leak is found
    });

    test("[CUS-12] every call leaves its operation and, where known, its transport", async () => {
      const wrapped = await custody.generate(under.symmetric, context);
      const opened = await custody.unwrap(recipientOf(wrapped), context);
      for (const call of [wrapped.call, opened?.call]) {
        expect(call?.operation).toMatch(/\w/);
        expect(call?.transportGroup).toBe("none"); // loopback without TLS, or no transport at all
      }
    });
  });
}
