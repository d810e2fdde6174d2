import { invalid, KmsFault } from "./fault.ts";

/**
 * Reads one member of a request. A rule that is broken is noted in `problems`, and the value
 * returned then is never used; a JSON type that doesn't fit throws SerializationException at once.
 */
export type Field<T> = (value: unknown, path: string, problems: string[]) => T;

/** The members that an operation reads; AWS ignores others, and so does this server. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

/** What reading a shape gives. */
export type Read<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never;
};

interface Length {
  readonly min?: number;
  readonly max?: number;
}

/** Reads `body` by `shape`; throws ValidationException with every broken rule, as AWS does. */
export function read<S extends Shape>(body: Readonly<Record<string, unknown>>, shape: S): Read<S> {
  const problems: string[] = [];
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    result[name] = field(value, lowerFirst(name), problems);
  }
  if (problems.length > 0) {
    const count = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
    throw invalid(`${count} detected: ${problems.join("; ")}`);
  }
  return result as Read<S>;
}

/** The same field, absent or null allowed. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value, path, problems) => (value === undefined || value === null ? undefined : field(value, path, problems));
}

/** A string of `min` to `max` characters that matches `pattern`. */
export function text(limits: Length & { readonly pattern?: RegExp } = {}): Field<string> {
  return present("", (value, path, problems) => {
    if (typeof value !== "string") throw mistyped(value, "String");
    checkLength(value.length, limits, `Value '${shown(value)}' at '${path}'`, problems);
    if (limits.pattern && !limits.pattern.test(value)) {
      problems.push(
        `Value '${shown(value)}' at '${path}' failed to satisfy constraint: ` +
          `Member must satisfy regular expression pattern: ${limits.pattern.source}`,
      );
    }
    return value;
  });
}

/** One of a closed list of names. */
export function oneOf<const T extends string>(names: readonly T[]): Field<T> {
  return present(names[0] as T, (value, path, problems) => {
    if (typeof value !== "string") throw mistyped(value, "String");
    if (!(names as readonly string[]).includes(value)) {
      problems.push(
        `Value '${shown(value)}' at '${path}' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${names.join(", ")}]`,
      );
    }
    return value as T;
  });
}

/** Base64 of `min` to `max` bytes; the bytes are never shown in a message. */
export function blob(limits: Length): Field<Buffer> {
  return present(Buffer.alloc(0), (value, path, problems) => {
    if (typeof value !== "string") throw mistyped(value, "Blob");
    const bytes = Buffer.from(value, "base64");
    if (bytes.toString("base64").replace(/=+$/, "") !== value.replace(/=+$/, "")) {
      throw new KmsFault("SerializationException", "a blob is not base64");
    }
    checkLength(bytes.length, limits, `Value at '${path}'`, problems);
    return bytes;
  });
}

/** A whole number within `min` and `max`. */
export function integer(min: number, max: number): Field<number> {
  return present(min, (value, path, problems) => {
    if (typeof value !== "number" || !Number.isInteger(value)) throw mistyped(value, "Integer");
    const at = `Value '${value}' at '${path}' failed to satisfy constraint: Member must have value`;
    if (value < min) problems.push(`${at} greater than or equal to ${min}`);
    if (value > max) problems.push(`${at} less than or equal to ${max}`);
    return value;
  });
}

/** True or false. */
export const flag: Field<boolean> = present(false, (value) => {
  if (typeof value !== "boolean") throw mistyped(value, "Boolean");
  return value;
});

/** A finite number of any size: a timestamp in a state file, for one. */
export const real: Field<number> = present(0, (value) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw mistyped(value, "Double");
  return value;
});

/** A list whose entries are all read by `entry`. */
export function list<T>(entry: Field<T>, limits: Length = {}): Field<T[]> {
  return present<T[]>([], (value, path, problems) => {
    if (!Array.isArray(value)) throw mistyped(value, "List");
    checkLength(value.length, limits, `Value at '${path}'`, problems);
    return value.map((item, i) => entry(item, `${path}.${i + 1}.member`, problems));
  });
}

/** A map from text to text. A Map, so that no name reaches an object's prototype. */
export const textMap: Field<Map<string, string>> = present(new Map(), (value) => {
  const pairs = new Map<string, string>();
  for (const [key, item] of Object.entries(asObject(value))) {
    if (typeof item !== "string") throw mistyped(item, "String");
    if (!key.isWellFormed() || !item.isWellFormed()) {
      throw new KmsFault("SerializationException", "a string holds a lone surrogate");
    }
    pairs.set(key, item);
  }
  return pairs;
});

/** A structure with members of its own. */
export function structure<S extends Shape>(shape: S): Field<Read<S>> {
  return present({} as Read<S>, (value, path, problems) => {
    const body = asObject(value);
    const result: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(shape)) {
      const member = Object.hasOwn(body, name) ? body[name] : undefined;
      result[name] = field(member, `${path}.${lowerFirst(name)}`, problems);
    }
    return result as Read<S>;
  });
}

/** Any JSON object; throws SerializationException for everything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw mistyped(value, "Structure");
  }
  return value as Record<string, unknown>;
}

function present<T>(instead: T, field: Field<T>): Field<T> {
  return (value, path, problems) => {
    if (value !== undefined && value !== null) return field(value, path, problems);
    problems.push(`Value null at '${path}' failed to satisfy constraint: Member must not be null`);
    return instead;
  };
}

function checkLength(length: number, limits: Length, subject: string, problems: string[]): void {
  const at = `${subject} failed to satisfy constraint: Member must have length`;
  if (length < (limits.min ?? 0)) problems.push(`${at} greater than or equal to ${limits.min}`);
  if (length > (limits.max ?? Infinity)) problems.push(`${at} less than or equal to ${limits.max}`);
}

function mistyped(value: unknown, wanted: string): KmsFault {
  const kind = Array.isArray(value) ? "LIST" : value === null ? "NULL" : typeof value;
  return new KmsFault("SerializationException", `${kind.toUpperCase()}_VALUE cannot be converted to ${wanted}`);
}

function shown(value: string): string {
  return value.length > 256 ? `${value.slice(0, 256)}...` : value;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
