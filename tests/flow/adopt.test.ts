// adopt: foreign ciphertext is governed as it is, and opened by the decryptor it was made for.
import { createHash, randomBytes } from "node:crypto";
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from "@aws-crypto/client-node";
import { describe, expect, test } from "vitest";
import { adopt, decide, derive, ingest, open, openRange, parsePolicy } from "@writ/core";
import type { AdoptOptions, ContentReader, Issued, VerifiedArtifact } from "@writ/core";
import { amend } from "@writ/core/amend";
import {
  at,
  codeOf,
  drain,
  evaluator,
  keystore,
  memorySink,
  policy,
  document,
  request,
  research,
  signers,
  trust,
  verified,
} from "../support/scene.ts";

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const keyring = new RawAesKeyringNode({
  keyName: "records",
  keyNamespace: "acme",
  unencryptedMasterKey: randomBytes(32),
  wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
});

function adopted(content: AdoptOptions["content"], change: Partial<AdoptOptions> = {}): Promise<Issued> {
  const options = { content, policies: [{ message: research }], signer: signers.issuer, evaluator, clock: at(0) };
  return adopt({ ...options, ...change });
}

async function permitted(artifact: VerifiedArtifact, sink = memorySink()): Promise<ReturnType<typeof open>> {
  return open(artifact, await permitFor(artifact, sink), { custody: [], content: message, clock: at(60) });
}

async function permitFor(
  artifact: VerifiedArtifact,
  receipts: ReturnType<typeof memorySink> | "none" = "none",
): Promise<Parameters<typeof open>[1]> {
  const { permit } = await decide(artifact, request, { evaluator, receipts, clock: at(60) });
  return permit!;
}

const rows = randomBytes(3_000_000);
const { result: message } = await encrypt(keyring, rows, { encryptionContext: { table: "claims" } });
const keyUri = "aws-esdk:acme/records";

describe("a message of the AWS Encryption SDK", () => {
  test("[ADO-1] [ADO-2] [ADO-3] is adopted as it is, governed, and opened by the SDK under a permit", async () => {
    const before = createHash("sha256").update(message).digest("hex");
    const { artifact, calls, content } = await adopted(message, { externalKey: keyUri });
    expect(createHash("sha256").update(message).digest("hex")).toBe(before);
    expect([calls, content.format, content.sizeBytes]).toEqual([[], "opaque", message.length]);
    const own = await ingest(artifact, trust, { evaluator, content: message, clock: at(60) });
    expect([own.contentChecked, own.wrapEra, own.keys.recipients]).toEqual([true, null, []]);
    expect(own.core).toMatchObject({ lineage: { operation: "adopt" }, content: { externalKey: keyUri } });
    const denied = { ...request, purposes: ["dpv:Advertising"] };
    expect((await decide(own, denied, { evaluator, receipts: "none", clock: at(60) })).verdict).toBe("deny");
    const sink = memorySink();
    const { plaintext } = await decrypt(keyring, await drain(await permitted(own, sink)));
    expect(plaintext.equals(rows)).toBe(true);
    expect(sink.bodies.map(({ kind, releasedBytes, exit }) => [kind, releasedBytes, exit])).toEqual([
      ["decision", undefined, undefined],
      ["release", message.length, "complete"],
    ]);
  });

  test("[ADO-3] a byte that was changed reaches no decryptor, in a stream or a range", async () => {
    const own = await verified((await adopted(message)).artifact);
    const torn = Buffer.from(message);
    torn[2_500_000]! ^= 1;
    const released: number[] = [];
    const read = async (content: Buffer): Promise<void> => {
      for await (const segment of open(own, await permitFor(own), { custody: [], content, clock: at(60) }))
        released.push(segment.length);
    };
    expect(await codeOf(() => read(torn))).toBe("content-leaf");
    expect(released).toEqual([2 ** 20, 2 ** 20]);
    await read(message); // control
    const range = async (content: Buffer, start: number, end: number): Promise<Uint8Array> =>
      openRange(own, await permitFor(own), { start, end }, { custody: [], content, clock: at(60) });
    expect(await codeOf(() => range(torn, 2_499_999, 2_500_001))).toBe("content-leaf");
    const slice = await range(torn, 1_048_570, 1_048_590);
    expect(Buffer.from(slice).equals(message.subarray(1_048_570, 1_048_590)), "untouched segments are given").toBe(
      true,
    );
    const stream = (async function* (): AsyncGenerator<Uint8Array> {
      yield message.subarray(0, 5);
      yield message.subarray(5);
    })();
    const whole = drain(open(own, await permitFor(own), { custody: [], content: stream, clock: at(60) }));
    expect((await whole).equals(message)).toBe(true);
  });
});

describe("any bytes", () => {
  test("[ADO-1] none at all, exactly a segment, and one more", async () => {
    for (const size of [0, 1, 2 ** 20, 2 ** 20 + 1]) {
      const content = randomBytes(size);
      const own = await ingest((await adopted(content)).artifact, trust, { evaluator, content, clock: at(60) });
      const opened = drain(open(own, await permitFor(own), { custody: [], content, clock: at(60) }));
      expect((await opened).equals(content)).toBe(true);
    }
    const empty = await adopted(new Uint8Array());
    expect(empty.content.root).toBe(`sha256:${createHash("sha256").digest("hex")}`);
    const own = await verified(empty.artifact);
    const nothing = (async function* (): AsyncGenerator<Uint8Array> {})();
    expect(await drain(open(own, await permitFor(own), { custody: [], content: nothing, clock: at(60) }))).toHaveLength(
      0,
    );
    expect(await codeOf(() => ingest(empty.artifact, trust, { content: Buffer.from("x"), clock: at(60) }))).toBe(
      "content-size",
    );
  });

  test("[CON-14] [ADO-1] many segments: read once in order; where SLOW is set so many that the leaf list is the caller's to keep", async () => {
    const segments = process.env["SLOW"] === undefined ? 9 : 8193;
    const sizeBytes = segments * 2 ** 20;
    const zeros = new Uint8Array(2 ** 20);
    let reads = 0;
    const sparse: ContentReader = {
      sizeBytes,
      read: (offset, length) => {
        reads += 1;
        return Promise.resolve(zeros.subarray(0, Math.min(length, sizeBytes - offset)));
      },
    };
    const { leaves, content, artifact } = await adopted(sparse);
    expect([content.sizeBytes, reads]).toEqual([sizeBytes, segments]);
    expect(leaves?.length ?? 0).toBe(segments > 8192 ? segments * 32 : 0);
    const own = await verified(artifact);
    const options = { custody: [], content: sparse, clock: at(60), ...(leaves ? { leaves } : {}) };
    const range = { start: sizeBytes - 3, end: sizeBytes };
    expect(await openRange(own, await permitFor(own), range, options)).toEqual(new Uint8Array(3));
  });

  test("[ADO-2] a policy that grants, options that are known; the seal is by an issuer", async () => {
    const only = await policy(document({ kind: "restrict", id: "urn:acme:policy:us", limits: { regions: [["US"]] } }));
    expect(await codeOf(() => adopted(message, { policies: [{ message: only }] }))).toBe("empty-meet");
    await expect(adopted(message, { write: () => undefined } as never)).rejects.toThrow(TypeError);
    const lab = await adopted(message, { signer: signers.deriver });
    expect(await codeOf(() => verified(lab.artifact))).toBe("signer-role");
  });

  test("an object as S3 keeps it under its own key: amended, and a source for what is derived", async () => {
    const stored = randomBytes(70_000);
    const externalKey = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const { artifact } = await adopted(stored, { externalKey, mediaType: "application/parquet" });
    const extra = await policy(document({ kind: "restrict", id: "urn:acme:policy:us", limits: { regions: [["US"]] } }));
    const own = await verified(artifact);
    const next = await amend(own, {
      add: [{ message: extra }],
      custody: [],
      evaluator,
      signer: signers.issuer,
      clock: at(90),
    });
    const revised = await ingest(next.artifact, trust, { evaluator, content: stored, clock: at(120) });
    expect(revised.core).toMatchObject({ revision: 1, content: { externalKey } });
    expect(next.calls).toEqual([]);
    const child = await derive([revised], {
      operation: "aggregate",
      content: Buffer.from("sums"),
      write: () => undefined,
      evaluator,
      recipients: [{ custody: keystore, keyUri: "local:data" }],
      signer: signers.deriver,
      clock: at(150),
    });
    const end = await verified(child.artifact, 200);
    expect(end.lineage.sources).toHaveLength(2);
    expect(end.policies.map(({ digest }) => digest)).toContain(parsePolicy(extra).digest);
  });
});
