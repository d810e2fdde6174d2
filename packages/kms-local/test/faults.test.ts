import {
  CreateAliasCommand,
  CreateKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  KMSClient,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import type { FaultName, FaultPlan, FaultRule, KmsServer, TrailEvent } from "@writ/kms-local";
import { startKms } from "@writ/kms-local";
import { describe, expect, onTestFinished, test } from "vitest";
import { bytes, clientOf, refusal, refusalName, region, start } from "./client.ts";

const random = new GenerateRandomCommand({ NumberOfBytes: 1 });
const list = new ListKeysCommand({});

/** What happened to each of `count` requests: the name of the error, `none`, or `reset`. */
async function fates(
  server: KmsServer,
  count: number,
  command: typeof random | typeof list = random,
): Promise<string[]> {
  const kms = clientOf(server);
  const seen: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = await refusalName(kms.send(command as typeof random)).catch((error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? "reset" : "other",
    );
    seen.push(name);
  }
  return seen;
}

// Source: AWS KMS API Reference, Common Errors, and the errors of GenerateDataKey.
test.each<[FaultName, string, number]>([
  ["throttling", "ThrottlingException", 400],
  ["internal", "KMSInternalException", 500],
  ["dependency-timeout", "DependencyTimeoutException", 500],
  ["key-unavailable", "KeyUnavailableException", 500],
  ["service-unavailable", "ServiceUnavailableException", 503],
])("%s is answered as AWS answers it, for the operations named, and told to the trail", async (fault, name, status) => {
  const events: TrailEvent[] = [];
  const faults = { rules: [{ fault, operations: ["GenerateRandom"] }] };
  const server = await start({ faults, onEvent: (event) => void events.push(event) });
  const answer = clientOf(server).send(random);
  await expect(answer).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(events.at(-1)).toMatchObject({ eventName: "GenerateRandom", errorCode: name });
  expect(await fates(server, 1, list)).toEqual(["none"]); // control: another operation
  server.setFaults({ rules: [] });
  expect(await fates(server, 1)).toEqual(["none"]);
});

test("a rule waits, hits so many times, and counts only its operations", async () => {
  const rules: FaultRule[] = [{ fault: "internal", operations: ["GenerateRandom"], after: 2, times: 2 }];
  const server = await start({ faults: { rules } });
  await fates(server, 3, list);
  const hit = "KMSInternalException";
  expect(await fates(server, 6)).toEqual(["none", "none", hit, hit, "none", "none"]);
});

test("a seed decides which requests a share hits, again and again the same", async () => {
  const run = async (seed: number): Promise<string[]> => {
    const plan: FaultPlan = { seed, rules: [{ fault: "throttling", share: 0.5 }] };
    return fates(await start({ faults: plan }), 40);
  };
  const one = await run(1);
  expect(await run(1)).toEqual(one);
  expect(await run(2)).not.toEqual(one); // control
  const hits = one.filter((name) => name === "ThrottlingException").length;
  expect(hits).toBeGreaterThan(8);
  expect(hits).toBeLessThan(32);
});

test("a reset breaks the connection before anything happened, a lost answer after it", async () => {
  const server = await start();
  const kms = clientOf(server);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const alias = (name: string): Promise<unknown> =>
    kms.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: KeyMetadata?.KeyId }));
  server.setFaults({ rules: [{ fault: "reset", times: 1 }] });
  await expect(alias("a")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await refusalName(alias("a"))).toBe("none");
  server.setFaults({ rules: [{ fault: "lost-answer", times: 1 }] });
  await expect(alias("b")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await refusalName(alias("b"))).toBe("AlreadyExistsException");
});

test("the SDK's own retries get past what ends", async () => {
  const faults: FaultPlan = {
    rules: [
      { fault: "reset", times: 1 },
      { fault: "internal", after: 1, times: 1 },
    ],
  };
  const server = await start({ faults });
  const kms = new KMSClient({
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: "AKIDROOT", secretAccessKey: "x" },
    maxAttempts: 3,
  });
  onTestFinished(() => kms.destroy());
  expect((await kms.send(random)).$metadata.attempts).toBe(3);
});

test("a slow server keeps its client waiting, as long as the rule says", async () => {
  const server = await start({ faults: { rules: [{ fault: "latency", ms: 3_600_000 }] } });
  const kms = clientOf(server);
  const aborted = kms.send(random, { abortSignal: AbortSignal.timeout(20) });
  await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
  server.setFaults({ rules: [{ fault: "latency", ms: 1 }] });
  expect(await refusalName(kms.send(random))).toBe("none");
});

test("a clock that is off refuses what was signed now, and the SDK mends that by the Date header", async () => {
  const server = await start({ faults: { rules: [{ fault: "clock-skew", ms: 600_000 }] } });
  expect(await refusal(clientOf(server).send(random))).toMatchObject({
    name: "InvalidSignatureException",
    message: expect.stringMatching(/^Signature expired: /) as string,
  });
  const kms = new KMSClient({
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: "AKIDROOT", secretAccessKey: "x" },
    maxAttempts: 2,
  });
  onTestFinished(() => kms.destroy());
  expect(await refusalName(kms.send(random))).toBe("none");
  server.setFaults({ rules: [{ fault: "clock-skew", ms: -600_000 }] });
  const behind = await refusal(clientOf(server).send(random));
  expect(behind.message).toMatch(/^Signature not yet current: /);
  server.setFaults({ rules: [{ fault: "clock-skew", ms: 1_000 }] });
  expect(await fates(server, 1)).toEqual(["none"]);
});

test.each<[string, unknown]>([
  ["an unknown fault", { rules: [{ fault: "fire" }] }],
  ["an unknown member", { rules: [{ fault: "reset", often: 1 }] }],
  ["an unknown member of the plan", { rules: [], rule: 1 }],
  ["a share that is none", { rules: [{ fault: "reset", share: 2 }] }],
  ["latency without its length", { rules: [{ fault: "latency" }] }],
  ["a seed that is none", { seed: 0.5, rules: [] }],
])("a plan with %s is refused at the start and later", async (_title, plan) => {
  await expect(startKms({ faults: plan as FaultPlan })).rejects.toThrow(/fault|seed|member|ms/);
  const server = await start();
  expect(() => server.setFaults(plan as FaultPlan)).toThrow();
  expect(await fates(server, 1)).toEqual(["none"]);
});

// Source: AWS KMS Developer Guide, "Throttling AWS KMS requests".
describe("quotas", () => {
  test("are a bucket that the clock fills again", async () => {
    const time = { now: 1_000_000 };
    const server = await start({ clock: () => time.now, quotas: [{ perSecond: 2, burst: 3 }] });
    const no = "ThrottlingException";
    expect(await fates(server, 4)).toEqual(["none", "none", "none", no]);
    time.now += 499;
    expect(await fates(server, 1)).toEqual([no]);
    time.now += 1;
    expect(await fates(server, 2)).toEqual(["none", no]);
    time.now += 3_600_000;
    expect(await fates(server, 4)).toEqual(["none", "none", "none", no]);
  });

  test("are each account's and Region's own, and of the operations named", async () => {
    const root = (accountId: string): { accountId: string; arn: string } => ({
      accountId,
      arn: `arn:aws:iam::${accountId}:root`,
    });
    const principals = { AKIDROOT: root("111122223333"), AKIDOTHER: root("444455556666") };
    const quotas = [{ perSecond: 1, operations: ["GenerateRandom"] }];
    const server = await start({ clock: () => 0, principals, quotas });
    expect(await fates(server, 2)).toEqual(["none", "ThrottlingException"]);
    expect(await refusalName(clientOf(server, "AKIDOTHER").send(random))).toBe("none");
    expect(await refusalName(clientOf(server, "AKIDROOT", "us-east-1").send(random))).toBe("none");
    expect(await fates(server, 2, list)).toEqual(["none", "none"]);
    await expect(startKms({ quotas: [{ perSecond: 0 }] })).rejects.toThrow(RangeError);
    await expect(startKms({ quotas: [{ perSecond: 1, per: 1 } as { perSecond: number }] })).rejects.toThrow(TypeError);
  });

  test("a throttled request did nothing", async () => {
    const quotas = [{ perSecond: 1, operations: ["CreateKey"] }];
    const kms = clientOf(await start({ clock: () => 0, quotas }));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    expect(await refusalName(kms.send(new CreateKeyCommand({})))).toBe("ThrottlingException");
    expect((await kms.send(list)).Keys).toHaveLength(1);
    const encrypt = new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: bytes("x") });
    expect(await refusalName(kms.send(encrypt))).toBe("none");
  });
});
