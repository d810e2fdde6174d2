import * as sdk from "@aws-sdk/client-kms";
import type { CreateKeyCommandInput, KMSClient } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { clientOf, refusalName, start } from "./client.ts";
import { documentedErrors, operationsOfSdk } from "./documented.ts";
import { bogus, inputs, type Kind, type Setting, specials, unreachable, unsupported } from "./error-calls.ts";

type Input = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const unknownKey = "00000000-0000-4000-8000-000000000000";
const kinds: Readonly<Record<Kind, CreateKeyCommandInput>> = {
  symmetric: {},
  external: { Origin: "EXTERNAL" },
  "multi-region": { MultiRegion: true },
  signing: { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  agreement: { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" },
  encapsulation: { KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" },
  mac: { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
};
const faults = {
  DependencyTimeoutException: "dependency-timeout",
  KMSInternalException: "internal",
  KeyUnavailableException: "key-unavailable",
} as const;

/** Sends any operation by its name, through the SDK's own command. */
function send(kms: KMSClient, operation: string, input: Input): Promise<Input> {
  const commands = sdk as unknown as Record<string, new (input: Input) => sdk.DescribeKeyCommand>;
  const Command = commands[`${operation}Command`];
  if (!Command) throw new RangeError(`the SDK has no operation \`${operation}\``);
  return kms.send(new Command(input)) as unknown as Promise<Input>;
}

async function setUp(): Promise<Setting & { readonly fail: (fault?: (typeof faults)[keyof typeof faults]) => void }> {
  let now = Date.parse("2030-01-01T00:00:00Z");
  const server = await start({ clock: () => now, grantDelayMs: 0 });
  const kms = clientOf(server);
  const call = (operation: string, input: Input): Promise<Input> => send(kms, operation, input);
  return {
    call,
    newKey: async (kind) => (await kms.send(new sdk.CreateKeyCommand(kinds[kind]))).KeyMetadata?.KeyId ?? "",
    callIn: (elsewhere, operation, input) => send(clientOf(server, "AKIDROOT", elsewhere), operation, input),
    passDays: (days) => (now += days * dayMs),
    fail: (fault) => server.setFaults({ rules: fault ? [{ fault }] : [] }),
  };
}

/** What makes the operation's own, valid input provoke the error; null when only a special call does. */
async function provoke(setting: Setting, operation: string, error: string, valid: Input): Promise<Input | null> {
  const { kind = "symmetric", member = "KeyId" } = inputs[operation] ?? {};
  const instead = async (used: Kind, spoil?: string): Promise<Input> => {
    const KeyId = await setting.newKey(used);
    if (spoil !== undefined) await setting.call(spoil, { KeyId });
    return { ...valid, [member]: KeyId };
  };
  switch (error) {
    case "NotFoundException":
      return { ...valid, [member]: unknownKey };
    case "InvalidArnException":
      return { ...valid, [member]: "arn:aws:kms:eu-central-1:111122223333:what/1" };
    case "DisabledException":
      return instead(kind, "DisableKey");
    case "KMSInvalidStateException":
      return instead(kind, "ScheduleKeyDeletion");
    case "InvalidKeyUsageException":
      return instead(kind === "mac" ? "signing" : "mac");
    case "UnsupportedOperationException":
      return instead("mac");
    case "InvalidGrantTokenException":
      return { ...valid, GrantTokens: ["never-given"] };
    case "DryRunOperationException":
      return { ...valid, DryRun: true };
    case "InvalidMarkerException":
      return { ...valid, Marker: "never-given" };
    case "InvalidCiphertextException":
      return { ...valid, CiphertextBlob: bogus };
    case "MalformedPolicyDocumentException":
      return { ...valid, Policy: "{" };
    case "TagException":
      return { ...valid, Tags: [1, 2].map((n) => ({ TagKey: "same", TagValue: String(n) })) };
    default:
      return null;
  }
}

async function provoked(operation: string, error: string): Promise<string> {
  const setting = await setUp();
  const special = specials[`${operation} ${error}`];
  if (special) return refusalName(setting.call(operation, await special(setting)));
  const valid = (await inputs[operation]?.input(setting)) ?? {};
  if (error in faults) {
    setting.fail(faults[error as keyof typeof faults]);
    return refusalName(setting.call(operation, valid));
  }
  const input = await provoke(setting, operation, error, valid);
  return input ? refusalName(setting.call(operation, input)) : "nothing provokes it";
}

const supported = operationsOfSdk.filter((operation) => !unsupported.includes(operation));

test("the table has every operation of the SDK, and names no pair that the SDK doesn't document", () => {
  expect([...Object.keys(inputs), ...unsupported].toSorted()).toEqual(operationsOfSdk);
  const pairs = supported.flatMap((operation) => documentedErrors(operation).map((error) => `${operation} ${error}`));
  expect(pairs.length).toBeGreaterThan(300);
  expect(Object.keys(specials).filter((pair) => !pairs.includes(pair))).toEqual([]);
  expect(Object.keys(unreachable).filter((pair) => !pairs.includes(pair))).toEqual([]);
  expect(Object.keys(unreachable).filter((pair) => pair in specials)).toEqual([]);
});

test.each(supported)("%s succeeds, and answers each error that the SDK documents for it", async (operation) => {
  // The control: without its provocation the same call succeeds.
  const setting = await setUp();
  const input = (await inputs[operation]?.input(setting)) ?? {};
  await expect(setting.call(operation, input)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  const answers: Record<string, string> = {};
  const wanted = documentedErrors(operation).filter((error) => unreachable[`${operation} ${error}`] === undefined);
  for (const error of wanted) answers[error] = await provoked(operation, error);
  expect(answers).toEqual(Object.fromEntries(wanted.map((error) => [error, error])));
});

test.each(unsupported)("%s is refused by name", async (operation) => {
  const { call } = await setUp();
  const named = { CustomKeyStoreId: "cks-1", KeyId: unknownKey, CustomKeyStoreName: "store" };
  expect(await refusalName(call(operation, named))).toBe("UnsupportedOperationException");
});
