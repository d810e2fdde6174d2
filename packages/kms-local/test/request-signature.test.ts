import { CreateKeyCommand, GenerateRandomCommand, KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { request as httpRequest } from "node:http";
import type { KmsServer } from "@writ/kms-local";
import { expect, onTestFinished, test } from "vitest";
import { clientOf, refusal, refusalName, region, start } from "./client.ts";

const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const secretAccessKeys = { AKIDALICE: secret };

function signer(server: KmsServer, secretAccessKey: string, more: object = {}): KMSClient {
  const credentials = { accessKeyId: "AKIDALICE", secretAccessKey };
  const kms = new KMSClient({ endpoint: server.endpoint, region, credentials, maxAttempts: 1, ...more });
  onTestFinished(() => kms.destroy());
  return kms;
}

interface Signed {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A request as the SDK signed it, caught before it is sent. */
async function signed(server: KmsServer): Promise<Signed> {
  const caught: Signed[] = [];
  const kms = signer(server, secret);
  kms.middlewareStack.add(
    (next) => (args) => {
      const { headers, body } = args.request as { headers: Record<string, string>; body: Uint8Array };
      caught.push({ headers: { ...headers }, body: Buffer.from(body).toString() });
      return next(args);
    },
    { step: "finalizeRequest", priority: "low" },
  );
  await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }));
  const [one] = caught;
  if (!one) throw new RangeError("nothing was sent");
  return one;
}

function post(server: KmsServer, { headers, body }: Signed): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(server.endpoint, { method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.on("end", () => resolve((JSON.parse(text) as { __type?: string }).__type ?? "none"));
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("asked to, the server takes the SDK's signature and no other", async () => {
  const server = await start({ secretAccessKeys });
  expect(await refusalName(signer(server, secret).send(new CreateKeyCommand({ Description: "ä  b" })))).toBe("none");
  expect(await refusal(signer(server, `${secret}x`).send(new ListKeysCommand({})))).toMatchObject({
    name: "InvalidSignatureException",
    message: expect.stringMatching(/^The request signature we calculated does not match/) as string,
  });
  expect(await refusalName(clientOf(server).send(new ListKeysCommand({})))).toBe("UnrecognizedClientException");
  const token = { credentials: { accessKeyId: "AKIDALICE", secretAccessKey: secret, sessionToken: "t" } };
  expect(await refusalName(signer(server, secret, token).send(new ListKeysCommand({})))).toBe("none");
  expect(await refusalName(signer(await start(), "whatever").send(new ListKeysCommand({})))).toBe("none"); // not asked
});

test.each<[string, (request: Signed) => Signed, string]>([
  ["nothing", (request) => request, "none"],
  ["the body", ({ headers, body }) => ({ headers, body: body.replace("8", "9") }), "InvalidSignatureException"],
  ["the operation", (each) => withHeader(each, "x-amz-target", "TrentService.ListKeys"), "InvalidSignatureException"],
  ["the host", (each) => withHeader(each, "host", "kms.example"), "InvalidSignatureException"],
  ["a header to come along", (each) => withHeader(each, "x-amz-more", "1"), "InvalidSignatureException"],
  ["the scope's Region", (each) => inAuthorization(each, region, "us-east-1"), "InvalidSignatureException"],
  ["the scope's day", (each) => inAuthorization(each, /\/\d{8}\//, "/20200101/"), "InvalidSignatureException"],
  ["the signature's length", (each) => inAuthorization(each, /.$/, ""), "IncompleteSignatureException"],
  ["the signed headers", (each) => inAuthorization(each, /host;/, ""), "InvalidSignatureException"],
  ["no date", (each) => withHeader(each, "x-amz-date", ""), "IncompleteSignatureException"],
])("a request with %s changed on its way", async (_title, change, name) => {
  const server = await start({ secretAccessKeys });
  expect(await post(server, change(await signed(server)))).toBe(name);
});

test("a signature of another time is refused", async () => {
  const server = await start({ secretAccessKeys });
  const at = (systemClockOffset: number): Promise<string> =>
    refusalName(signer(server, secret, { systemClockOffset }).send(new ListKeysCommand({})));
  expect(await at(-360_000)).toBe("InvalidSignatureException");
  expect(await at(360_000)).toBe("InvalidSignatureException");
  expect(await at(-120_000)).toBe("none");
});

test("the clock of windows and rotations doesn't touch signatures", async () => {
  const server = await start({ secretAccessKeys, clock: () => 0 });
  expect(await refusalName(signer(server, secret).send(new ListKeysCommand({})))).toBe("none");
});

function withHeader({ headers, body }: Signed, name: string, value: string): Signed {
  return { headers: { ...headers, [name]: value }, body };
}

function inAuthorization({ headers, body }: Signed, from: string | RegExp, to: string): Signed {
  return { headers: { ...headers, authorization: (headers["authorization"] ?? "").replace(from, to) }, body };
}
