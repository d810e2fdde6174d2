// What is asked of KMS, what is believed of its answers, and what is left for the receipt.
import { spawn } from "node:child_process";
import { createPublicKey, generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { Agent, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { CustodyError } from "@writ/core";
import type { Custody, CustodyCode, SignatureAlg } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import type { AwsCustodyOptions } from "@writ/custody-aws";
import { describe, expect, onTestFinished, test } from "vitest";
import { loopback } from "./loopback-certificate.ts";
import { scripted, scriptedKms } from "./scripted-kms.ts";
import type { Answer, Request } from "./scripted-kms.ts";

const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
const region = "eu-central-1";
const account = "111122223333";
const arnOf = (id: string, where: string = region, who: string = account): string =>
  `arn:aws:kms:${where}:${who}:key/${id}`;
const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const otherId = "1234abcd-12ab-34cd-56ef-1234567890ac";
const mrk = "mrk-1234abcd12ab34cd56ef1234567890ab";
const uriOf = (arn: string): string => `aws-kms:${arn}`;
const context = new Map([
  ["writ-policy", "p"],
  ["writ-artifact", "a"],
]);
const plaintext = Buffer.alloc(32, 7).toString("base64");
const recipientOf = (arn: string): Parameters<Custody["unwrap"]>[0] => ({
  kind: "kms-symmetric",
  custodyUri: uriOf(arn),
  blob: Buffer.from("blob"),
  wrappedKey: new Uint8Array(40),
  bound: null,
});

async function custodyOver(
  answer: (request: Request) => unknown,
  options: AwsCustodyOptions = {},
): Promise<{ readonly custody: Custody; readonly requests: readonly Request[] }> {
  const { endpoint, requests } = await scriptedKms((request): Answer => ({ body: answer(request) }));
  return { custody: awsCustody({ endpoint, credentials, maxAttempts: 1, ...options }), requests };
}

async function refusedWith(code: CustodyCode, call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.then(
    () => expect.fail("the call went through"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CustodyError);
  expect((error as CustodyError).code, (error as CustodyError).message).toBe(code);
}

const signedIn = (request: Request | undefined): string | undefined =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request?.authorization ?? "")?.[1];

describe("what is asked", () => {
  test("[CUS-13] each request pins the key, the algorithm and the context, and asks nothing else", async () => {
    const answer = { KeyId: arnOf(id), SourceKeyId: arnOf(id), Plaintext: plaintext, CiphertextBlob: "AAAA" };
    const { custody, requests } = await custodyOver(() => answer);
    const pairs = { "writ-artifact": "a", "writ-policy": "p" };
    const options = { grantTokens: ["token"] };
    await custody.generate(uriOf(arnOf(id)), context, options);
    await custody.unwrap(recipientOf(arnOf(id)), context, options);
    await custody.rewrap(
      recipientOf(arnOf(id)),
      context,
      { keyUri: uriOf(arnOf(id)), context: new Map([["b", "c"]]) },
      options,
    );
    expect(requests.map(({ operation, body }) => [operation, body])).toEqual([
      ["GenerateDataKey", { KeyId: arnOf(id), NumberOfBytes: 32, EncryptionContext: pairs, GrantTokens: ["token"] }],
      [
        "Decrypt",
        {
          KeyId: arnOf(id),
          CiphertextBlob: "YmxvYg==",
          EncryptionContext: pairs,
          EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
          GrantTokens: ["token"],
        },
      ],
      [
        "ReEncrypt",
        {
          CiphertextBlob: "YmxvYg==",
          SourceKeyId: arnOf(id),
          SourceEncryptionContext: pairs,
          SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
          DestinationKeyId: arnOf(id),
          DestinationEncryptionContext: { b: "c" },
          DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
          GrantTokens: ["token"],
        },
      ],
    ]);
  });

  test("[CUS-2] what pins no key never reaches KMS", async () => {
    const { custody, requests } = await custodyOver(() => ({}));
    const alias = "aws-kms:alias/records";
    await refusedWith("custody-key-mismatch", custody.generate(alias, context));
    await refusedWith("custody-key-mismatch", custody.sign(alias, -19, Buffer.from("x")));
    await refusedWith(
      "custody-key-mismatch",
      custody.generate(`aws-kms:arn:aws:kms:${region}:${account}:alias/records`, context),
    );
    await refusedWith("custody-not-found", custody.generate("aws-kms:records", context));
    await refusedWith("custody-not-found", custody.describe("aws-kms:arn:aws:s3:::bucket"));
    expect(requests).toEqual([]);
  });

  test("[CUS-16] a single-Region key is asked in the Region of its ARN, a multi-Region key in the chosen one", async () => {
    const { custody, requests } = await custodyOver(
      ({ body }) => ({ KeyId: body["KeyId"], Plaintext: plaintext, CiphertextBlob: "AAAA" }),
      { region: "us-east-1" },
    );
    expect((await custody.generate(uriOf(arnOf(id)), context)).uri).toBe(uriOf(arnOf(id)));
    expect((await custody.generate(uriOf(arnOf(mrk)), context)).uri).toBe(uriOf(arnOf(mrk, "us-east-1")));
    expect(requests.map(signedIn)).toEqual([region, "us-east-1"]);
  });

  test("[CUS-17] rewrap to a key of another Region is null: KMS has no such call", async () => {
    const { custody, requests } = await custodyOver(() => ({}));
    expect(
      await custody.rewrap(recipientOf(arnOf(id)), context, { keyUri: uriOf(arnOf(otherId, "us-east-1")), context }),
    ).toBeNull();
    expect(requests).toEqual([]);
  });
});

describe("what is believed", () => {
  const answers = (KeyId: string): Record<string, unknown> => ({
    KeyId,
    SourceKeyId: KeyId,
    Plaintext: plaintext,
    CiphertextBlob: "AAAA",
    Signature: "AAAA",
    SigningAlgorithm: "ED25519_SHA_512",
    KeyMetadata: { Arn: KeyId },
  });

  test.each([
    ["another key", arnOf(id), arnOf(otherId)],
    ["another account", arnOf(id), arnOf(id, region, "444455556666")],
    ["another Region of a single-Region key", arnOf(id), arnOf(id, "us-east-1")],
    ["another account's multi-Region key", arnOf(mrk), arnOf(mrk, region, "444455556666")],
    ["a bare key id", arnOf(id), id],
    ["no key at all", arnOf(id), undefined],
  ])("[CUS-3] an answer that names %s is refused by every call", async (_, asked, answered) => {
    const { custody } = await custodyOver(() => answers(answered!));
    await refusedWith("custody-key-mismatch", custody.generate(uriOf(asked), context));
    await refusedWith("custody-key-mismatch", custody.unwrap(recipientOf(asked), context));
    await refusedWith(
      "custody-key-mismatch",
      custody.rewrap(recipientOf(asked), context, { keyUri: uriOf(asked), context }),
    );
    await refusedWith("custody-key-mismatch", custody.sign(uriOf(asked), -19, Buffer.from("x")));
    await refusedWith("custody-key-mismatch", custody.publicKey(uriOf(asked)));
    await refusedWith("custody-key-mismatch", custody.describe(uriOf(asked)));
  });

  test("[CUS-3] control: the asked key is believed, and so is a replica of the asked multi-Region key", async () => {
    const { custody } = await custodyOver(() => answers(arnOf(id)));
    expect(await custody.unwrap(recipientOf(arnOf(id)), context)).not.toBeNull();
    const replica = await custodyOver(() => answers(arnOf(mrk, "us-east-1")));
    expect(await replica.custody.unwrap(recipientOf(arnOf(mrk)), context)).not.toBeNull();
  });

  test("[CUS-3] rewrap checks both sides of the answer", async () => {
    const to = { keyUri: uriOf(arnOf(otherId)), context };
    for (const [source, target, good] of [
      [arnOf(id), arnOf(otherId), true],
      [arnOf(otherId), arnOf(otherId), false],
      [arnOf(id), arnOf(id), false],
    ] as const) {
      const { custody } = await custodyOver(() => ({ SourceKeyId: source, KeyId: target, CiphertextBlob: "AAAA" }));
      const call = custody.rewrap(recipientOf(arnOf(id)), context, to);
      if (good) expect(await call).toMatchObject({ uri: to.keyUri });
      else await refusedWith("custody-key-mismatch", call);
    }
  });

  test.each([0, 16, 31, 33, 64])("[CUS-4, CUS-5] a secret of %i bytes is refused", async (length) => {
    const answer = { ...answers(arnOf(id)), Plaintext: Buffer.alloc(length, 7).toString("base64") };
    const { custody } = await custodyOver(() => answer);
    await refusedWith("custody-unavailable", custody.generate(uriOf(arnOf(id)), context));
    await refusedWith("custody-unavailable", custody.unwrap(recipientOf(arnOf(id)), context));
  });

  test("[CUS-11] describe maps every member; an unknown state or usage is refused", async () => {
    const metadata = {
      Arn: arnOf(mrk),
      KeyId: mrk,
      KeyState: "PendingReplicaDeletion",
      KeyUsage: "SIGN_VERIFY",
      KeySpec: "ML_DSA_65",
      Origin: "AWS_CLOUDHSM",
      KeyManager: "AWS",
      MultiRegionConfiguration: { PrimaryKey: { Region: region }, ReplicaKeys: [{ Region: "ap-south-1" }] },
    };
    const { custody } = await custodyOver(() => ({ KeyMetadata: metadata }));
    expect(await custody.describe(uriOf(arnOf(mrk)))).toEqual({
      uri: uriOf(arnOf(mrk)),
      state: "pending-deletion",
      usage: "sign",
      spec: "ML_DSA_65",
      origin: "AWS_CLOUDHSM",
      manager: "provider",
      account,
      region,
      regions: ["ap-south-1", region],
    });
    for (const wrong of [{ KeyState: "Napping" }, { KeyUsage: "TELEPATHY" }]) {
      const { custody: strange } = await custodyOver(() => ({ KeyMetadata: { ...metadata, ...wrong } }));
      await refusedWith("custody-unsupported", strange.describe(uriOf(arnOf(mrk))));
    }
  });

  test("[CUS-8] a public key of an algorithm outside the table is refused", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
    const der = publicKey.export({ format: "der", type: "spki" }).toString("base64");
    const { custody } = await custodyOver(() => ({ KeyId: arnOf(id), PublicKey: der, KeyUsage: "SIGN_VERIFY" }));
    await refusedWith("custody-unsupported", custody.publicKey(uriOf(arnOf(id))));
  });
});

describe("signing", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

  /** Signs as KMS does: the message, or a digest that is not hashed again. Node has no such call for a digest, so length is what is checked. */
  const kms = ({ body }: Request): unknown => ({
    KeyId: arnOf(id),
    SigningAlgorithm: body["SigningAlgorithm"],
    Signature: sign("sha256", Buffer.from(String(body["Message"]), "base64"), pair.privateKey).toString("base64"),
  });

  test("[CUS-15] up to 4096 bytes go as RAW", async () => {
    const { custody, requests } = await custodyOver(kms);
    const message = Buffer.alloc(4096, 1);
    const { signature } = await custody.sign(uriOf(arnOf(id)), -9, message);
    expect(
      verify("sha256", message, { key: createPublicKey(pair.privateKey), dsaEncoding: "ieee-p1363" }, signature),
    ).toBe(true);
    expect(requests[0]?.body).toMatchObject({ MessageType: "RAW", SigningAlgorithm: "ECDSA_SHA_256" });
  });

  test("[CUS-15] a longer message goes as its digest under ECDSA, and not at all under the others", async () => {
    const { custody, requests } = await custodyOver(kms);
    const message = Buffer.alloc(4097, 1);
    await custody.sign(uriOf(arnOf(id)), -9, message);
    expect(requests[0]?.body).toMatchObject({ MessageType: "DIGEST", Message: hash("sha256", message, "base64") });
    for (const alg of [-19, -49, -50] as const satisfies readonly SignatureAlg[]) {
      await refusedWith("custody-unsupported", custody.sign(uriOf(arnOf(id)), alg, message));
    }
    await refusedWith("custody-unsupported", custody.sign(uriOf(arnOf(id)), -9, Buffer.alloc(0)));
    expect(requests.length).toBe(1);
  });

  test.each([
    ["another algorithm", { SigningAlgorithm: "ECDSA_SHA_384" }],
    ["bytes that are no signature", { Signature: Buffer.from("not DER").toString("base64") }],
    ["no signature", { Signature: undefined }],
  ])("[CUS-7] an answer with %s is refused", async (_, wrong) => {
    const { custody } = await custodyOver((request) => ({ ...(kms(request) as object), ...wrong }));
    await refusedWith("custody-unavailable", custody.sign(uriOf(arnOf(id)), -9, Buffer.from("x")));
  });
});

describe("what is left for the receipt", () => {
  const answer = { KeyId: arnOf(id), Plaintext: plaintext, CiphertextBlob: "AAAA", KeyMaterialId: "material-1" };

  test("[CUS-12] operation, request id and key material id", async () => {
    const { custody } = await custodyOver(() => answer);
    expect((await custody.generate(uriOf(arnOf(id)), context)).call).toEqual({
      operation: "GenerateDataKey",
      requestId: "request-1",
      materialId: "material-1",
      transportGroup: "none",
    });
  });

  test("[CUS-12] the TLS group that the connection agreed on", async () => {
    for (const group of ["X25519MLKEM768", "X25519"]) {
      const server = createServer(
        { ...loopback, ecdhCurve: group },
        scripted(() => ({ body: answer }), []),
      );
      await new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
      });
      const httpsAgent = new Agent({ ca: loopback.cert });
      onTestFinished(() => {
        httpsAgent.destroy();
        server.closeAllConnections();
        server.close();
      });
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const client = new KMSClient({ endpoint, region, credentials, requestHandler: { httpsAgent } });
      expect((await awsCustody({ client }).generate(uriOf(arnOf(id)), context)).call.transportGroup).toBe(group);
    }
  });
});

describe("how it is made", () => {
  test("wrong options are refused at once", () => {
    const client = new KMSClient({ region });
    expect(() => awsCustody({ endPoint: "x" } as AwsCustodyOptions)).toThrow("unknown option `endPoint`");
    expect(() => awsCustody({ client, region })).toThrow(TypeError);
    expect(() => awsCustody({ timeoutMs: 0 })).toThrow(RangeError);
    expect(() => awsCustody({ maxAttempts: 1.5 })).toThrow(RangeError);
    expect(awsCustody({ client }).scheme).toBe("aws-kms");
  });

  test("endpoint, Region and credentials come from the SDK's environment variables; the SDK is loaded at the first call", async () => {
    const { endpoint, requests } = await scriptedKms(() => ({
      body: {
        KeyMetadata: {
          Arn: arnOf(id),
          KeyState: "Enabled",
          KeyUsage: "ENCRYPT_DECRYPT",
          KeySpec: "SYMMETRIC_DEFAULT",
          Origin: "AWS_KMS",
        },
      },
    }));
    const script = `
      import { createRequire } from "node:module";
      const loaded = () => Object.keys(createRequire(process.cwd() + "/x.js").cache).some((path) => path.includes("client-kms"));
      const { awsCustody } = await import("@writ/custody-aws");
      const custody = awsCustody();
      const before = loaded();
      const { alias } = await custody.describe("aws-kms:alias/records");
      console.log(JSON.stringify([before, loaded(), alias]));`;
    const child = spawn(process.execPath, ["--conditions=@writ/source", "--input-type=module", "-e", script], {
      cwd: join(import.meta.dirname, ".."),
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env["PATH"],
        AWS_ENDPOINT_URL_KMS: endpoint,
        AWS_REGION: "ap-south-1",
        AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT",
        AWS_SECRET_ACCESS_KEY: "secret",
      },
    });
    const printed = await child.stdout.toArray();
    expect(JSON.parse(Buffer.concat(printed as Buffer[]).toString())).toEqual([false, true, "alias/records"]);
    expect(signedIn(requests[0])).toBe("ap-south-1");
    expect(requests[0]?.authorization).toContain("AKIAENVIRONMENT");
  });
});
