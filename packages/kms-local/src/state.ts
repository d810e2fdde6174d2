import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Grant } from "./grant.ts";
import { arnOf, type Key, type KeyMaterial } from "./key.ts";
import { type KeySpec, keySpecs, keyUsages, materialBytes, readMaterial } from "./key-specs.ts";
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
    materials: key.materials.map(({ secret, ...material }) => ({
      ...material,
      ...(secret && { secret: materialBytes(secret).toString("base64") }),
    })),
    importSecret: key.importSecret?.export().toString("base64"),
    grants: key.grants.map(formatGrant),
  }));
  return `${JSON.stringify({ format: "kms-local", version: 1, keys, aliases: [...state.aliases.values()] }, null, 1)}\n`;
}

/** Reads what `formatState` wrote; throws a KmsFault or SyntaxError for anything else. */
export function parseState(json: string): State {
  const body = read(JSON.parse(json) as Record<string, unknown>, stateShape);
  const keys = body.keys.map((each): Key => {
    const { policy, materials, grants, importSecret, ...rest } = each;
    return {
      ...(dropUndefined(rest) as unknown as Defined<typeof rest>),
      policy: parsePolicy(policy, "key"),
      materials: materials.map(({ secret, ...material }): KeyMaterial => ({
        ...(dropUndefined(material) as unknown as Defined<typeof material>),
        ...(secret && { secret: secretOf(secret, each.spec) }),
      })),
      grants: grants.map((grant) => dropUndefined(grant) as unknown as Grant),
      ...(each.origin === "EXTERNAL" && { importSecret: createSecretKey(importSecret ?? randomBytes(32)) }),
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
  usage: oneOf(keyUsages),
  origin: oneOf(["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]),
  multiRegion: flag,
  primaryRegion: optional(text()),
  customKeyStoreId: optional(text()),
  xksKeyId: optional(text()),
  createdAt: real,
  description: text(),
  state: oneOf(keyStates),
  transition: optional(structure({ until: real, state: oneOf(keyStates) })),
  deletion: optional(structure({ date: real })),
  deletionWindowInDays: optional(integer(7, 30)),
  policy: text(),
  tags: textMap,
  materials: list(
    structure({
      id: text({ min: 64, max: 64 }),
      createdAt: real,
      rotation: optional(oneOf(["AUTOMATIC", "ON_DEMAND"])),
      secret: optional(blob({ min: 1 })),
      expiresAt: optional(real),
      description: optional(text()),
      pending: optional(flag),
    }),
  ),
  rotation: optional(structure({ periodInDays: integer(90, 2560), next: real })),
  grants: list(structure(grantShape)),
  importSecret: optional(blob({ min: 32, max: 32 })),
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

/** The members that may be absent, absent instead of undefined. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function dropUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function secretOf(bytes: Buffer, spec: KeySpec): KeyObject {
  const secret = readMaterial(spec, bytes);
  if (!secret) throw new SyntaxError(`material is none of key spec ${spec}`);
  return secret;
}
