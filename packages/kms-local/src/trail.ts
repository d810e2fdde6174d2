import { createHash, randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import type { Answer, BesideEvent, Call } from "./call.ts";
import type { Caller } from "./caller.ts";
import type { KmsFault } from "./fault.ts";
import { arnOf, backingKeyOf, clusterOf, type Key } from "./key.ts";

/** One event in the shape of CloudTrail, version 1.11. */
export type TrailEvent = Readonly<Record<string, unknown>>;

// The members of requests that CloudTrail shows. Everything else, payloads above all, stays out.
const shown = new Set([
  "KeyId",
  "EncryptionContext",
  "EncryptionAlgorithm",
  "SourceEncryptionContext",
  "SourceEncryptionAlgorithm",
  "SourceKeyId",
  "DestinationEncryptionContext",
  "DestinationEncryptionAlgorithm",
  "DestinationKeyId",
  "EncapsulationAlgorithm",
  "KeyAgreementAlgorithm",
  "KeyPairSpec",
  "WrappingAlgorithm",
  "WrappingKeySpec",
  "ExpirationModel",
  "ValidTo",
  "ImportType",
  "KeyMaterialDescription",
  "KeyMaterialId",
  "ReplicaRegion",
  "PrimaryRegion",
  "XksKeyId",
  "IncludeKeyMaterial",
  "KeySpec",
  "NumberOfBytes",
  "SigningAlgorithm",
  "MessageType",
  "MacAlgorithm",
  "AliasName",
  "TargetKeyId",
  "Tags",
  "TagKeys",
  "PolicyName",
  "Policy",
  "BypassPolicyLockoutSafetyCheck",
  "PendingWindowInDays",
  "RotationPeriodInDays",
  "Description",
  "KeyUsage",
  "CustomerMasterKeySpec",
  "Origin",
  "CustomKeyStoreId",
  "MultiRegion",
  "GranteePrincipal",
  "RetiringPrincipal",
  "Operations",
  "Constraints",
  "GrantId",
  "DryRun",
  "Limit",
  "Marker",
]);

// The operations whose answer CloudTrail shows, and what of it.
const answered: Readonly<Record<string, readonly string[]>> = {
  CreateKey: ["KeyMetadata"],
  ReplicateKey: ["ReplicaKeyMetadata", "ReplicaPolicy", "ReplicaTags"],
  ScheduleKeyDeletion: ["KeyId", "KeyState", "DeletionDate", "PendingWindowInDays"],
  CancelKeyDeletion: ["KeyId"],
  CreateGrant: ["GrantId"],
  RotateKeyOnDemand: ["KeyId"],
};

// Parameters that AWS fills in before it writes the event.
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreateKey: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    description: "",
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
  },
  ReplicateKey: { bypassPolicyLockoutSafetyCheck: false, description: "" },
  GetKeyPolicy: { policyName: "default" },
  PutKeyPolicy: { bypassPolicyLockoutSafetyCheck: false, policyName: "default" },
  Encrypt: { encryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  Decrypt: { encryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  ReEncrypt: {
    sourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    destinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  },
  Sign: { messageType: "RAW" },
  Verify: { messageType: "RAW" },
};

const withoutRequest = new Set(["GenerateRandom", "RetireGrant"]);

/** Describes a finished request as CloudTrail would. Encryption contexts stand in clear, as there. */
export function describeCall(
  call: Call,
  readOnly: boolean,
  body: Readonly<Record<string, unknown>>,
  outcome: { readonly answer?: Answer; readonly fault?: KmsFault },
): TrailEvent {
  const { caller, trail } = call;
  const denied = outcome.fault?.type === "AccessDeniedException";
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(caller),
    eventTime: timeOf(call.now),
    eventSource: "kms.amazonaws.com",
    eventName: call.operation,
    awsRegion: caller.region,
    sourceIPAddress: caller.viaService ?? call.sourceIp,
    userAgent: caller.viaService ?? call.userAgent,
    ...(outcome.fault && {
      errorCode: denied ? "AccessDenied" : outcome.fault.type,
      ...(outcome.fault.message !== "" && { errorMessage: outcome.fault.message }),
    }),
    requestParameters: denied ? null : requestOf(call.operation, body),
    responseElements: responseOf(call.operation, outcome.answer),
    ...(Object.keys(trail.additional).length > 0 && { additionalEventData: trail.additional }),
    requestID: call.requestId,
    eventID: randomUUID(),
    readOnly,
    resources: trail.resources.map(resourceOf),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: caller.accountId,
    eventCategory: "Management",
  };
}

/** Describes what AWS KMS did elsewhere on behalf of a finished request. */
export function describeBeside(call: Call, beside: BesideEvent): TrailEvent {
  const caller = { ...call.caller, region: beside.region };
  const trail = { resources: [...beside.resources], additional: {}, beside: [] };
  const there: Call = { ...call, operation: beside.operation, caller, trail, userAgent: "AWS Internal" };
  const event = describeCall(there, false, beside.body, { answer: beside.answer });
  const { resources, ...rest } = event;
  const userIdentity = { ...identityOf(caller), invokedBy: "kms.amazonaws.com" };
  return { ...rest, ...(beside.resources.length > 0 && { resources }), userIdentity };
}

/** What AWS KMS does by itself when its time has come. */
export interface ServiceDeed {
  readonly name: "RotateKey" | "DeleteKey" | "DeleteExpiredKeyMaterial" | "SynchronizeMultiRegionKey";
  readonly key: Key;
}

/** Describes what AWS KMS did by itself. */
export function describeDeed({ name, key }: ServiceDeed, now: number): TrailEvent {
  const internal = "AWS Internal";
  const synchronised = name === "SynchronizeMultiRegionKey";
  return {
    eventVersion: "1.11",
    userIdentity: { accountId: key.accountId, invokedBy: internal },
    eventTime: timeOf(now),
    eventSource: "kms.amazonaws.com",
    eventName: name,
    awsRegion: key.region,
    sourceIPAddress: internal,
    userAgent: internal,
    requestParameters: null,
    responseElements: null,
    ...(name === "DeleteKey" && key.origin === "AWS_CLOUDHSM" && { additionalEventData: deletedFrom(key) }),
    ...(synchronised && { requestID: randomUUID() }),
    eventID: randomUUID(),
    readOnly: false,
    resources: [resourceOf(arnOf(key))],
    eventType: synchronised ? "AwsApiCall" : "AwsServiceEvent",
    managementEvent: true,
    recipientAccountId: key.accountId,
    ...(/^(RotateKey|DeleteExpired)/.test(name) && { serviceEventDetails: { keyId: key.keyId } }),
    eventCategory: "Management",
  };
}

function deletedFrom(key: Key): Record<string, string | undefined> {
  const backing = backingKeyOf(key);
  return {
    customKeyStoreId: key.customKeyStoreId,
    clusterId: clusterOf(key),
    backingKeys: JSON.stringify([backing]),
    backingKeysDeletionStatus: JSON.stringify([{ ...backing, deletionStatus: "SUCCESS" }]),
  };
}

/** AWS gives the type of a key to aliases as well. */
function resourceOf(arn: string): Record<string, unknown> {
  return { accountId: arn.split(":")[4], type: "AWS::KMS::Key", ARN: arn };
}

function timeOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** Appends events to a file of JSON lines, 0600. */
export function appendTrail(path: string, event: TrailEvent): void {
  appendFileSync(path, `${JSON.stringify(event)}\n`, { mode: 0o600 });
}

function requestOf(operation: string, body: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  if (withoutRequest.has(operation)) return null;
  const members = Object.entries(body).filter(([name, value]) => shown.has(name) && value !== null);
  const kept = members.map(([name, value]) => [lowerFirst(name), renamed(name, value)]);
  const request = { ...defaults[operation], ...(Object.fromEntries(kept) as Record<string, unknown>) };
  return Object.keys(request).length > 0 ? request : null;
}

function responseOf(operation: string, answer: Answer): unknown {
  const members = answered[operation];
  if (!members || !answer) return null;
  const given = members.filter((name) => answer[name] !== undefined && !isEmptyList(answer[name]));
  return Object.fromEntries(given.map((name) => [lowerFirst(name), renamed(name, answer[name])]));
}

/** Member names as CloudTrail writes them; the names in an encryption context are the caller's own. */
function renamed(name: string, value: unknown): unknown {
  if (/(date|^ValidTo)$/i.test(name) && typeof value === "number") return longDate(value * 1000);
  if (name.startsWith("EncryptionContext") || name.endsWith("EncryptionContext")) return value;
  if (Array.isArray(value)) return value.map((each): unknown => renamed("", each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [lowerFirst(key), renamed(key, item)]));
}

/** As in `Aug 10, 2022, 10:38:27 PM`. */
function longDate(milliseconds: number): string {
  const style = { timeZone: "UTC", dateStyle: "medium", timeStyle: "medium" } as const;
  return new Date(milliseconds).toLocaleString("en-US", style).replaceAll("\u202f", " ");
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function identityOf({ arn, accountId, accessKeyId }: Caller): Record<string, unknown> {
  const resource = arn.split(":").slice(5).join(":");
  const [kind = "", name = "", session = ""] = resource.split("/");
  const known = { arn, accountId, accessKeyId };
  const id = createHash("sha256").update(`${accountId}/${name}`).digest("hex").slice(0, 17).toUpperCase();
  if (resource === "root") return { type: "Root", principalId: accountId, ...known };
  if (kind !== "assumed-role")
    return { type: "IAMUser", principalId: `AIDA${id}`, ...known, userName: resource.split("/").at(-1) };
  return {
    type: "AssumedRole",
    principalId: `AROA${id}:${session}`,
    ...known,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: `AROA${id}`,
        arn: `arn:aws:iam::${accountId}:role/${name}`,
        accountId,
        userName: name,
      },
    },
  };
}
