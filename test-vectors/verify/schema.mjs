// JSON without repeated members, and the part of JSON Schema 2020-12 that schemas/trust.schema.json uses.
import { must, refuse } from "./refusal.mjs";

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Whether an object of a valid JSON text names a member twice, escapes resolved. */
function repeatsMember(text) {
  const open = [];
  let expectsName = false;
  for (const [token] of text.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (expectsName) {
      const name = JSON.parse(token);
      if (open.at(-1).has(name)) return true;
      open.at(-1).add(name);
    }
    expectsName = (token === "{" || token === ",") && open.at(-1) instanceof Set;
  }
  return false;
}

/** Levels of objects and arrays. */
function depthOf(value) {
  const containers = (items) => items.filter((item) => item !== null && typeof item === "object");
  let depth = 0;
  for (let level = containers([value]); level.length > 0; depth += 1) level = containers(level.flatMap(Object.values));
  return depth;
}

/** `json-invalid` for what isn't UTF-8 JSON, `json-duplicate-member`. */
export function readJson(bytes) {
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    refuse("json-invalid");
  }
  must(depthOf(value) <= 64, "json-invalid"); // TRU-1
  must(!repeatsMember(text), "json-duplicate-member");
  return value;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const types = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
};
const lengthOf = (text) => [...text].length;

function checkMembers(value, schema, holds) {
  const { properties = {}, additionalProperties = true, propertyNames = true } = schema;
  return Object.entries(value).every(
    ([name, member]) =>
      holds(name, propertyNames) &&
      holds(member, Object.hasOwn(properties, name) ? properties[name] : additionalProperties),
  );
}

/** Each keyword says whether a value holds; those about another type of value hold. */
const keywords = {
  type: (value, type) => types[type](value),
  const: (value, expected) => value === expected,
  enum: (value, allowed) => allowed.includes(value),
  pattern: (value, pattern) => typeof value !== "string" || new RegExp(pattern, "u").test(value),
  minLength: (value, least) => typeof value !== "string" || lengthOf(value) >= least,
  minimum: (value, least) => typeof value !== "number" || value >= least,
  minItems: (value, least) => !Array.isArray(value) || value.length >= least,
  maxItems: (value, most) => !Array.isArray(value) || value.length <= most,
  items: (value, shape, { holds }) => !Array.isArray(value) || value.every((item) => holds(item, shape)),
  minProperties: (value, least) => !isObject(value) || Object.keys(value).length >= least,
  required: (value, names) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  properties: (value, _, { schema, holds }) => !isObject(value) || checkMembers(value, schema, holds),
  additionalProperties: (value, _, { schema, holds }) => !isObject(value) || checkMembers(value, schema, holds),
  propertyNames: () => true, // with properties or additionalProperties
  $ref: (value, reference, { root, holds }) => holds(value, root.$defs[reference.replace("#/$defs/", "")]),
};
const annotations = ["$schema", "$id", "title", "description", "$defs"];

/** Whether a value satisfies a schema; a keyword that isn't known here is a fault of this verifier. */
export function satisfies(value, root) {
  const holds = (part, schema) => {
    if (typeof schema === "boolean") return schema;
    return Object.entries(schema).every(([keyword, argument]) => {
      if (annotations.includes(keyword)) return true;
      if (!Object.hasOwn(keywords, keyword)) throw new TypeError(`schema keyword ${keyword} isn't known here`);
      return keywords[keyword](part, argument, { root, schema, holds });
    });
  };
  return holds(value, root);
}
