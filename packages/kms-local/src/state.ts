import { createPrivateKey, createSecretKey, type KeyObject } from "node:crypto";
import type { Grant } from "./grant.ts";
import { arnOf, type Key, type KeyMaterial } from "./key.ts";
import { keySpecs } from "./key-specs.ts";
import { keyStates } from "./key-state.ts";
import { parsePolicy } from "./policy.ts";
import { blob, flag, integer, list, oneOf, optional, read, real, structure, text, textMap } from "./shape.ts";

/** A name for a key in one account and Region. Times are milliseconds since the epoch. */
export interface Alias {
  readonly accountId: string;
  readonly region: string;
  /** As in `alias/orders`. */
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number;
  targetKeyId: string;
}

/** All that the server knows, by ARN. */
export interface State {
  readonly keys: Map<string, Key>;
  readonly aliases: Map<string, Alias>;
}

/** The ARN of an alias. */
export function aliasArn(alias: Pick<Alias, "accountId" | "region" | "name">): string {
  return `arn:aws:kms:${alias.region}:${alias.accountId}:${alias.name}`;
}

/** A state without keys. */
export function emptyState(): State {
  return { keys: new Map(), aliases: new Map() };
}

/** The state as JSON text, secrets included. */
export function formatState(state: State): string {
  const keys = [...state.keys.values()].map((key) => ({
    ...key,
    policy: key.policy.text,
    tags: Object.fromEntries(key.tags),
    materials: key.materials.map((material) => ({
      ...material,
      secret: secretBytes(material.secret).toString("base64"),
    })),
    grants: key.grants.map(formatGrant),
  }));
  return `${JSON.stringify({ format: "kms-local", version: 1, keys, aliases: [...state.aliases.values()] }, null, 1)}\n`;
}

/** Reads what `formatState` wrote; throws a KmsFault or SyntaxError for anything else. */
export function parseState(json: string): State {
  const body = read(JSON.parse(json) as Record<string, unknown>, stateShape);
  const keys = body.keys.map((each): Key => {
    const { policy, materials, grants, deletion, rotation, customKeyStoreId, xksKeyId, ...rest } = each;
    return {
      ...rest,
      policy: parsePolicy(policy, "key"),
      materials: materials.map(({ secret, rotation: by, ...material }): KeyMaterial => ({
        ...material,
        ...(by && { rotation: by }),
        secret: secretOf(secret, each.spec),
      })),
      grants: grants.map((grant) => dropUndefined(grant) as unknown as Grant),
      ...(deletion && { deletion }),
      ...(rotation && { rotation }),
      ...(customKeyStoreId !== undefined && { customKeyStoreId }),
      ...(xksKeyId !== undefined && { xksKeyId }),
    };
  });
  return {
    keys: new Map(keys.map((key) => [arnOf(key), key])),
    aliases: new Map(body.aliases.map((alias) => [aliasArn(alias), { ...alias }])),
  };
}

const grantShape = {
  id: text(),
  tokens: list(text()),
  name: optional(text()),
  grantee: text(),
  retiring: optional(text()),
  issuingAccount: text(),
  operations: list(text()),
  contextEquals: optional(textMap),
  contextSubset: optional(textMap),
  createdAt: real,
};

const keyShape = {
  accountId: text(),
  region: text(),
  keyId: text(),
  spec: oneOf(keySpecs),
  usage: oneOf(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"]),
  origin: oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]),
  multiRegion: flag,
  customKeyStoreId: optional(text()),
  xksKeyId: optional(text()),
  createdAt: real,
  description: text(),
  state: oneOf(keyStates),
  deletion: optional(structure({ date: real })),
  policy: text(),
  tags: textMap,
  materials: list(
    structure({
      id: text({ min: 64, max: 64 }),
      createdAt: real,
      rotation: optional(oneOf(["AUTOMATIC", "ON_DEMAND"])),
      secret: blob({ min: 1 }),
    }),
  ),
  rotation: optional(structure({ periodInDays: integer(90, 2560), next: real })),
  grants: list(structure(grantShape)),
};

const stateShape = {
  format: oneOf(["kms-local"]),
  version: integer(1, 1),
  keys: list(structure(keyShape)),
  aliases: list(
    structure({
      accountId: text(),
      region: text(),
      name: text(),
      createdAt: real,
      updatedAt: real,
      targetKeyId: text(),
    }),
  ),
};

function formatGrant(grant: Grant): Record<string, unknown> {
  const { contextEquals, contextSubset, ...rest } = grant;
  return {
    ...rest,
    ...(contextEquals && { contextEquals: Object.fromEntries(contextEquals) }),
    ...(contextSubset && { contextSubset: Object.fromEntries(contextSubset) }),
  };
}

function dropUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function secretBytes(secret: KeyObject): Buffer {
  return secret.type === "secret" ? secret.export() : secret.export({ type: "pkcs8", format: "der" });
}

function secretOf(bytes: Buffer, spec: string): KeyObject {
  const symmetric = spec === "SYMMETRIC_DEFAULT" || spec.startsWith("HMAC_");
  return symmetric ? createSecretKey(bytes) : createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
}
