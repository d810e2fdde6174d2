import { CreateKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { type KmsServer, startKms } from "@writ/kms-local";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientOf, refusalName, region, start } from "./client.ts";

const scope = `Credential=AKIDROOT/20260101/${region}/kms/aws4_request`;
const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
const target = "TrentService.ListKeys";

interface Reply {
  readonly status: number;
  readonly type: string;
}

async function post(
  server: KmsServer,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const answer = await fetch(server.endpoint, {
    method: "POST",
    headers: { "X-Amz-Target": target, Authorization: authorization, ...headers },
    body,
  });
  return reply(answer);
}

/** Every answer is JSON, or nothing where there is nothing to say, with a request id, whatever was sent. */
async function reply(answer: Response): Promise<Reply> {
  expect(answer.headers.get("content-type")).toBe("application/x-amz-json-1.1");
  expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  const text = await answer.text();
  const body = (answer.ok && text === "" ? {} : JSON.parse(text)) as { __type?: string };
  return { status: answer.status, type: body.__type ?? "" };
}

/** Sends raw bytes and gives back what came until the server ended. */
function raw(server: KmsServer, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    let received = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => (received += text));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
    for (const part of parts) socket.write(part);
  });
}

describe("requests that aren't", () => {
  test.each<[string, string | Uint8Array, string]>([
    ["half a document", '{"Limit":', "SerializationException"],
    ["a list", "[]", "SerializationException"],
    ["a text", '"x"', "SerializationException"],
    ["null", "null", "SerializationException"],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "SerializationException"],
    ["a wrong type", '{"Limit":"1"}', "SerializationException"],
    ["a broken rule", '{"Limit":0}', "ValidationException"],
    ["brackets without end", "[".repeat(200_000), "SerializationException"],
    ["a prototype", '{"__proto__":{"Limit":0},"constructor":{"prototype":{}}}', ""],
  ])("%s", async (_title, body, type) => {
    const server = await start();
    expect(await post(server, body as string)).toEqual({ status: type === "" ? 200 : 400, type });
    expect(await post(server, "{}")).toEqual({ status: 200, type: "" }); // control
  });

  test.each<[string, Record<string, string>, string]>([
    ["an unknown operation", { "X-Amz-Target": "TrentService.Nothing" }, "UnknownOperationException"],
    ["another service", { "X-Amz-Target": "DynamoDB_20120810.ListTables" }, "UnknownOperationException"],
    ["a name of every object", { "X-Amz-Target": "TrentService.constructor" }, "UnknownOperationException"],
    ["no target", { "X-Amz-Target": "" }, "UnknownOperationException"],
    ["no scope", { Authorization: "Bearer x" }, "IncompleteSignatureException"],
    ["half a scope", { Authorization: "AWS4-HMAC-SHA256 Credential=A/B" }, "IncompleteSignatureException"],
    [
      "a scope of another service",
      { Authorization: authorization.replace("/kms/", "/s3/") },
      "InvalidSignatureException",
    ],
    ["a Region that is none", { Authorization: authorization.replace(region, "moon") }, "InvalidSignatureException"],
  ])("%s", async (_title, headers, type) => {
    expect(await post(await start(), "{}", headers)).toEqual({ status: 400, type });
  });

  test("no Authorization header, another method, another path", async () => {
    const server = await start();
    const headers = { "X-Amz-Target": target };
    const bare = await reply(await fetch(server.endpoint, { method: "POST", headers, body: "{}" }));
    expect(bare).toEqual({ status: 400, type: "MissingAuthenticationTokenException" });
    expect(await reply(await fetch(server.endpoint))).toMatchObject({ type: "UnknownOperationException" });
    const options = { method: "POST", headers: { ...headers, Authorization: authorization } };
    const elsewhere = await fetch(`${server.endpoint}/admin`, options);
    expect(await reply(elsewhere)).toMatchObject({ type: "UnknownOperationException" });
  });

  test("any JSON object gives a client error or an answer, never an internal error", async () => {
    const server = await start();
    const names = [
      "CreateKey",
      "Decrypt",
      "ReEncrypt",
      "Encrypt",
      "Sign",
      "CreateGrant",
      "PutKeyPolicy",
      "TagResource",
    ];
    const members = fc.constantFrom(
      "KeyId",
      "CiphertextBlob",
      "Plaintext",
      "EncryptionContext",
      "Policy",
      "Tags",
      "KeySpec",
      "KeyUsage",
      "Message",
      "SigningAlgorithm",
      "Operations",
      "Constraints",
      "DestinationKeyId",
      "GranteePrincipal",
    );
    const request = fc.dictionary(members, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), request, async (name, body) => {
        const { status } = await post(server, JSON.stringify(body), { "X-Amz-Target": `TrentService.${name}` });
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  test("the newer operations refuse whatever is wrong with a request to a real key", async () => {
    const server = await start({ transitionMs: 0 });
    const kms = clientOf(server);
    const keys = await Promise.all([
      kms.send(new CreateKeyCommand({ Origin: "EXTERNAL" })),
      kms.send(new CreateKeyCommand({ MultiRegion: true })),
      kms.send(new CreateKeyCommand({ KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" })),
      kms.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" })),
    ]);
    const names = [
      "ImportKeyMaterial",
      "DeleteImportedKeyMaterial",
      "Encapsulate",
      "Decapsulate",
      "DeriveSharedSecret",
      "ReplicateKey",
      "UpdatePrimaryRegion",
      "GenerateDataKeyPair",
      "RotateKeyOnDemand",
      "ListKeyRotations",
    ];
    const blob = fc.uint8Array({ maxLength: 900 }).map((value) => Buffer.from(value).toString("base64"));
    const right = {
      KeyId: fc.constantFrom(...keys.map(({ KeyMetadata }) => KeyMetadata?.KeyId)),
      ImportToken: blob,
      EncryptedKeyMaterial: blob,
      SharedSecretCiphertextBlob: fc.oneof(blob, fc.constant(Buffer.alloc(768).toString("base64"))),
      PublicKey: blob,
      ValidTo: fc.double(),
      ExpirationModel: fc.constantFrom("KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"),
      ImportType: fc.constantFrom("NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"),
      KeyMaterialId: fc.constant("a".repeat(64)),
      EncapsulationAlgorithm: fc.constant("ML_KEM"),
      KeyAgreementAlgorithm: fc.constant("ECDH"),
      ReplicaRegion: fc.constantFrom(region, "us-east-1", "moon"),
      PrimaryRegion: fc.constantFrom(region, "us-east-1", "moon"),
      KeyPairSpec: fc.constantFrom("ECC_NIST_P256", "ML_KEM_512", "SM2"),
    };
    const request = fc.oneof(
      { weight: 3, arbitrary: fc.record(right, { requiredKeys: ["KeyId"] }) },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(right)), fc.jsonValue({ maxDepth: 2 })) },
    );
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), request, async (name, body) => {
        const { status } = await post(server, JSON.stringify(body), { "X-Amz-Target": `TrentService.${name}` });
        statuses.add(status);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(statuses).toEqual(new Set([200, 400])); // control: some of it was right
  });

  test("lone surrogates in a context are refused, since UTF-8 has one form for all of them", async () => {
    const server = await start();
    const made = await clientOf(server).send(new CreateKeyCommand({}));
    const encrypt = (name: string): Promise<Reply> =>
      post(server, `{"KeyId":"${made.KeyMetadata?.KeyId}","Plaintext":"eA==","EncryptionContext":{"${name}":"1"}}`, {
        "X-Amz-Target": "TrentService.Encrypt",
      });
    expect(await encrypt("\\ud800")).toEqual({ status: 400, type: "SerializationException" });
    expect(await encrypt("\\ud83d\\ude00")).toEqual({ status: 200, type: "" });
  });
});

describe("limits", () => {
  test("a body over the limit is 413, by its declared and by its real length", async () => {
    const server = await start({ maxBodyBytes: 1000 });
    const tooLarge = { status: 413, type: "RequestEntityTooLargeException" };
    expect(await post(server, `{"a":"${"x".repeat(992)}"}`)).toEqual({ status: 200, type: "" });
    expect(await post(server, `{"a":"${"x".repeat(993)}"}`)).toEqual(tooLarge);
    const chunk = "x".repeat(800);
    const head = `POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: ${target}\r\nAuthorization: ${authorization}\r\n`;
    const chunks = `320\r\n${chunk}\r\n320\r\n${chunk}\r\n0\r\n\r\n`;
    expect(await raw(server, `${head}Transfer-Encoding: chunked\r\n\r\n`, chunks)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a request that never ends is ended with JSON", async () => {
    const server = await start({ requestTimeoutMs: 50 });
    const head = `POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: ${target}\r\nAuthorization: ${authorization}\r\n`;
    const answer = await raw(server, `${head}Content-Length: 10\r\n\r\n{`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('{"__type":"RequestTimeoutException"}');
  });

  test("what isn't HTTP is answered in JSON and ended", async () => {
    const answer = await raw(await start(), "\x16\x03\x01 this is TLS\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*\{"__type":"SerializationException"\}$/);
  });

  test("after all of it the server still works", async () => {
    const server = await start({ maxBodyBytes: 1000 });
    await Promise.all(Array.from({ length: 200 }, () => raw(server, "junk\r\n\r\n")));
    expect(await refusalName(clientOf(server).send(new ListKeysCommand({})))).toBe("none");
  });
});

describe("start", () => {
  test("only loopback is bound", async () => {
    const server = await start();
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outside = addresses.filter((each) => !each.internal && each.family === "IPv4").map((each) => each.address);
    for (const address of [...outside, "127.0.0.2"]) {
      await expect(fetch(`http://${address}:${server.port}`), address).rejects.toThrow();
    }
    expect(server.endpoint).toBe(`http://127.0.0.1:${server.port}`);
  });

  test("unknown options, principals that are none and a taken port are refused", async () => {
    await expect(startKms({ prot: 1 } as object)).rejects.toThrow(TypeError);
    const principal = { accountId: "1", arn: "arn:aws:iam::1:root" };
    await expect(startKms({ principals: { A: principal } })).rejects.toThrow(TypeError);
    const server = await start();
    await expect(startKms({ port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("a server for one Region refuses the others", async () => {
    const server = await start({ region: "us-east-1" });
    const ask = (inRegion: string): Promise<string> =>
      refusalName(clientOf(server, "AKIDROOT", inRegion).send(new ListKeysCommand({})));
    expect(await ask("us-east-1")).toBe("none");
    expect(await ask("eu-central-1")).toBe("InvalidSignatureException");
  });
});
