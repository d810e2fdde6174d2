// What KMS, the network and the SDK may answer, and the one code that each becomes.
import { createServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { CustodyError } from "@writ/core";
import type { CustodyCode } from "@writ/core";
import { awsCustody } from "@writ/custody-aws";
import { describe, expect, onTestFinished, test } from "vitest";
import { loopback } from "./loopback-certificate.ts";
import { fault, scripted, scriptedKms } from "./scripted-kms.ts";
import type { Answer } from "./scripted-kms.ts";

const credentials = {
  accessKeyId: "AKIATEST",
  secretAccessKey: "s3cr3t-of-the-test",
  sessionToken: "token-of-the-test",
};
const arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const uri = `aws-kms:${arn}`;
const context = new Map([["writ-artifact", "AAAAAAAAAAAAAAAAAAAAAA"]]);
const blob = Buffer.from("blob");
const recipient = {
  kind: "kms-symmetric",
  custodyUri: uri,
  blob,
  wrappedKey: new Uint8Array(40),
  bound: null,
} as const;

async function refusal(call: Promise<unknown>): Promise<CustodyError> {
  const error: unknown = await call.then(
    () => expect.fail("the call went through"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CustodyError);
  return error as CustodyError;
}

async function decryptAgainst(answer: Answer, grantTokens?: readonly string[]): Promise<CustodyError> {
  const { endpoint } = await scriptedKms(() => answer);
  const custody = awsCustody({ endpoint, credentials, maxAttempts: 1, timeoutMs: 1000 });
  return refusal(custody.unwrap(recipient, context, grantTokens === undefined ? {} : { grantTokens }));
}

// The table of spec/6-custody.md, CUS-14.
const rows: readonly (readonly [name: string, code: CustodyCode, retryable: boolean, says: string])[] = [
  ["InvalidCiphertextException", "custody-context", false, "encryption context"],
  ["IncorrectKeyException", "custody-key-mismatch", false, "not of this key"],
  ["DisabledException", "custody-key-state", false, "disabled"],
  ["KMSInvalidStateException", "custody-key-state", false, "state"],
  ["NotFoundException", "custody-not-found", false, "no such key"],
  ["InvalidArnException", "custody-not-found", false, "no such key"],
  ["ThrottlingException", "custody-throttled", true, "throttles"],
  ["TooManyRequestsException", "custody-throttled", true, "throttles"],
  ["LimitExceededException", "custody-throttled", false, "quota"],
  ["KMSInternalException", "custody-unavailable", true, "inside"],
  ["InternalFailure", "custody-unavailable", true, "inside"],
  ["ServiceUnavailableException", "custody-unavailable", true, "inside"],
  ["KeyUnavailableException", "custody-unavailable", true, "material"],
  ["DependencyTimeoutException", "custody-unavailable", true, "timed out"],
  ["CustomKeyStoreInvalidStateException", "custody-unavailable", true, "key store"],
  ["XksProxyUriUnreachableException", "custody-unavailable", true, "key store"],
  ["InvalidGrantTokenException", "custody-denied", false, "grant token"],
  ["AccessDeniedException", "custody-denied", false, "policy"],
  ["ExpiredTokenException", "custody-denied", false, "credentials"],
  ["UnrecognizedClientException", "custody-denied", false, "credentials"],
  ["InvalidSignatureException", "custody-denied", false, "credentials"],
  ["RequestExpired", "custody-denied", false, "clock"],
  ["InvalidKeyUsageException", "custody-unsupported", false, "usage"],
  ["UnsupportedOperationException", "custody-unsupported", false, "usage"],
  ["ValidationException", "custody-unsupported", false, "request"],
  ["SomethingNewException", "custody-unsupported", false, "request"],
];

describe("faults by name", () => {
  test.each(rows)("[CUS-10, CUS-14] %s is %s", async (name, code, retryable, says) => {
    const error = await decryptAgainst(fault(name));
    expect([error.code, error.retryable]).toEqual([code, retryable]);
    expect(error.message).toContain(`kms:Decrypt on \`${arn}\` failed: `);
    expect(error.message).toContain(says);
  });

  test.each([
    ["with an explicit deny in a resource-based policy", "the key policy denies it"],
    ["because no resource-based policy allows the kms:Decrypt action", "no key policy and no grant"],
    ["with an explicit deny in an identity-based policy", "an IAM policy of the caller denies it"],
    ["because no identity-based policy allows the kms:Decrypt action", "no IAM policy of the caller"],
    ["with an explicit deny in a service control policy", "service control policy"],
    ["because no VPC endpoint policy allows the kms:Decrypt action", "VPC endpoint policy"],
    ["because no permissions boundary allows the kms:Decrypt action", "permissions boundary"],
    ["because no session policy allows the kms:Decrypt action", "session policy"],
    ["", "no policy of the caller, key policy or grant"],
  ])("[CUS-14] access denied %s: the message says which policy", async (reason, says) => {
    const sentence = `User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt on resource: ${arn} ${reason}`;
    const error = await decryptAgainst(fault("AccessDeniedException", sentence));
    expect(error.code).toBe("custody-denied");
    expect(error.message).toContain(says);
    expect(inspect(error)).not.toContain("alice");
  });

  test("[CUS-14] where grant tokens were given, the message says that they did not help", async () => {
    expect((await decryptAgainst(fault("AccessDeniedException"), ["token"])).message).toContain(
      "grant tokens included",
    );
    expect((await decryptAgainst(fault("AccessDeniedException"))).message).not.toContain("grant tokens");
  });

  test.each([
    ["is pending deletion.", "waits for its deletion"],
    ["is pending import.", "waits for its key material"],
    ["is unavailable.", "disconnected"],
    ["is creating.", "being made"],
    ["is of no known state", "state does not allow it"],
  ])("[CUS-14] a key that %s", async (state, says) => {
    const error = await decryptAgainst(fault("KMSInvalidStateException", `${arn} ${state}`));
    expect(error.code).toBe("custody-key-state");
    expect(error.message).toContain(says);
  });
});

describe("answers that are no KMS fault", () => {
  test.each([
    [{ status: 429, body: {} }, "custody-throttled", true],
    [{ status: 503, body: {} }, "custody-unavailable", true],
    [{ status: 502, body: "<html>bad gateway</html>" }, "custody-unavailable", true],
    [{ status: 403, body: "<html>forbidden</html>" }, "custody-denied", false],
    [{ status: 200, body: "<html>hello</html>" }, "custody-unavailable", true],
    [{ status: 200, body: {} }, "custody-key-mismatch", false],
    [{ reset: true }, "custody-unavailable", true],
    [{ hang: true }, "custody-unavailable", true],
  ] as const)("[CUS-14, CUS-18] %o", async (answer, code, retryable) => {
    const error = await decryptAgainst(answer);
    expect([error.code, error.retryable], error.message).toEqual([code, retryable]);
  });

  test("[CUS-18] nobody listens, or nobody has that name", async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => {
      server.close(resolve);
    });
    for (const endpoint of [`http://127.0.0.1:${port}`, "http://kms.invalid"]) {
      const custody = awsCustody({ endpoint, credentials, maxAttempts: 1 });
      const error = await refusal(custody.unwrap(recipient, context));
      expect([error.code, error.retryable, error.message.includes("network")]).toEqual([
        "custody-unavailable",
        true,
        true,
      ]);
    }
  });

  test("[CUS-18] a certificate that nobody vouches for is not worth another try", async () => {
    const server = createServer(
      loopback,
      scripted(() => ({}), []),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void server.close());
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await refusal(awsCustody({ endpoint, credentials, maxAttempts: 1 }).unwrap(recipient, context));
    expect([error.code, error.retryable]).toEqual(["custody-unavailable", false]);
    expect(error.message).toContain("certificate");
  });

  test("[CUS-18] the caller breaks it off", async () => {
    const { endpoint } = await scriptedKms(() => ({ hang: true }));
    const custody = awsCustody({ endpoint, credentials, maxAttempts: 1 });
    const error = await refusal(custody.unwrap(recipient, context, { signal: AbortSignal.abort() }));
    expect([error.code, error.retryable]).toEqual(["custody-unavailable", false]);
  });
});

describe("what an error carries", () => {
  test("[CUS-9] code, sentence, name and request id of the fault, and nothing else of it", async () => {
    const leaky = fault(
      "KMSInternalException",
      `Plaintext ${Buffer.alloc(32, 7).toString("base64")} session token-of-the-test`,
    );
    const error = await decryptAgainst(leaky);
    expect(error.cause).toEqual({ name: "KMSInternalException", requestId: "request-1" });
    const printed = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    for (const secret of [credentials.secretAccessKey, credentials.sessionToken, "Plaintext", "Signature="]) {
      expect(printed).not.toContain(secret);
    }
  });

  test("[CUS-18] the SDK's standard retries are used, as many as asked", async () => {
    let failures = 2;
    const generated = { KeyId: arn, Plaintext: Buffer.alloc(32, 7).toString("base64"), CiphertextBlob: "AAAA" };
    const { endpoint, requests } = await scriptedKms(() =>
      failures-- > 0 ? fault("ThrottlingException") : { body: generated },
    );
    await awsCustody({ endpoint, credentials, maxAttempts: 3 }).generate(uri, context);
    expect(requests.length).toBe(3);
  });
});
