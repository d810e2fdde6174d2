import { KmsFault, unsupported } from "./fault.ts";
import { arnOf, type Key } from "./key.ts";

/** The states that a KMS key can be in. */
export const keyStates = [
  "Enabled",
  "Disabled",
  "PendingDeletion",
  "PendingReplicaDeletion",
  "PendingImport",
  "Unavailable",
  "Creating",
  "Updating",
] as const;

/** One of the states of a KMS key. */
export type KeyState = (typeof keyStates)[number];

type Outcome =
  | "disabled"
  | "pending deletion"
  | "pending replica deletion"
  | "not pending deletion"
  | "pending import"
  | "unavailable"
  | "creating"
  | "updating"
  | "origin";

/** The states in which an operation fails, and how; it succeeds in the others. */
type Row = Readonly<Partial<Record<KeyState, Outcome>>>;

const always: Row = {};
const pendingDeletion: Row = {
  PendingDeletion: "pending deletion",
  PendingReplicaDeletion: "pending replica deletion",
};
const use: Row = {
  ...pendingDeletion,
  Disabled: "disabled",
  PendingImport: "pending import",
  Unavailable: "unavailable",
  Creating: "creating",
};
const grant: Row = { ...pendingDeletion, Disabled: "disabled", PendingImport: "pending import", Creating: "creating" };
const toggle: Row = { ...pendingDeletion, PendingImport: "pending import", Creating: "creating", Updating: "updating" };
const setRotation: Row = {
  ...pendingDeletion,
  Disabled: "disabled",
  PendingImport: "origin",
  Unavailable: "origin",
  Creating: "creating",
};
const notPendingDeletion: Row = {
  Enabled: "not pending deletion",
  Disabled: "not pending deletion",
  PendingImport: "not pending deletion",
  Unavailable: "not pending deletion",
  Creating: "not pending deletion",
  Updating: "not pending deletion",
};

// Source: AWS KMS Developer Guide, "Key states of AWS KMS keys", the table of operations by state.
// Operations newer than the table follow the row of their kind. UpdateAlias is asked of the key
// that the alias is moved to: the present one may be pending deletion. What the table says of
// origins is decided by the operations on imported material themselves.
const rows: Readonly<Record<string, Row>> = {
  CancelKeyDeletion: notPendingDeletion,
  CreateAlias: pendingDeletion,
  CreateGrant: grant,
  Decapsulate: use,
  Decrypt: use,
  DeleteAlias: always,
  DeleteImportedKeyMaterial: { Creating: "creating", Updating: "updating" },
  DeriveSharedSecret: use,
  DescribeKey: always,
  DisableKey: toggle,
  DisableKeyRotation: setRotation,
  EnableKey: toggle,
  EnableKeyRotation: setRotation,
  Encapsulate: use,
  Encrypt: use,
  GenerateDataKey: use,
  GenerateDataKeyPair: use,
  GenerateDataKeyPairWithoutPlaintext: use,
  GenerateDataKeyWithoutPlaintext: use,
  GenerateMac: use,
  GetKeyPolicy: always,
  GetKeyRotationStatus: { PendingImport: "origin", Unavailable: "origin" },
  GetParametersForImport: { ...pendingDeletion, Creating: "creating", Updating: "updating" },
  GetPublicKey: use,
  ImportKeyMaterial: { ...pendingDeletion, Creating: "creating" },
  ListAliases: always,
  ListGrants: always,
  ListKeyPolicies: always,
  ListKeyRotations: always,
  ListResourceTags: always,
  PutKeyPolicy: always,
  ReEncrypt: use,
  ReplicateKey: { ...use, Updating: "updating" },
  RetireGrant: always,
  RevokeGrant: always,
  RotateKeyOnDemand: { ...setRotation, PendingImport: "pending import" },
  ScheduleKeyDeletion: { ...pendingDeletion, Updating: "updating" },
  Sign: use,
  TagResource: pendingDeletion,
  UntagResource: pendingDeletion,
  UpdateAlias: pendingDeletion,
  UpdateKeyDescription: pendingDeletion,
  UpdatePrimaryRegion: use,
  Verify: use,
  VerifyMac: use,
};

/** Throws DisabledException or KMSInvalidStateException when the key's state forbids the operation. */
export function assertState(operation: string, key: Key): void {
  const row = rows[operation];
  if (!row) throw new RangeError(`operation \`${operation}\` has no row of key states`);
  const outcome = row[key.state];
  if (!outcome) return;
  const arn = arnOf(key);
  if (outcome === "origin") throw unsupported(`${arn} origin is ${key.origin} which is not valid for this operation.`);
  throw new KmsFault(
    outcome === "disabled" ? "DisabledException" : "KMSInvalidStateException",
    `${arn} is ${outcome}.`,
  );
}
