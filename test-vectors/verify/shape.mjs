// Shapes: functions that take a decoded value, refuse it (`structure`, `set-order`) or return it with named members.
// They read like the CDDL; ART-3 to ART-5 are here once for every structure.
import { decode, encode } from "./cbor.mjs";
import { must } from "./refusal.mjs";

const when = (holds) => (value) => {
  must(holds(value), "structure");
  return value;
};

export const anyText = when((value) => typeof value === "string");
/** text<n> of the CDDL: 1 to n UTF-16 code units. */
export const textUpTo = (most) =>
  when((value) => typeof value === "string" && value.length >= 1 && value.length <= most);
export const text = textUpTo(2048);
export const int = when((value) => typeof value === "number");
export const uint = when((value) => typeof value === "number" && value >= 0);
export const any = (value) => value;
export const uintUpTo = (most) => when((value) => typeof value === "number" && value >= 0 && value <= most);
export const oneOf = (...values) => when((value) => values.includes(value));
export const bytes = (least = 0, most = least === 0 ? Infinity : least) =>
  when((value) => Buffer.isBuffer(value) && value.length >= least && value.length <= most);

export const list =
  (shape, least = 0, most = Infinity) =>
  (value) => {
    must(Array.isArray(value) && value.length >= least && value.length <= most, "structure");
    return value.map((entry) => shape(entry));
  };

/** ART-4: sorted by the entries' encoded bytes, equal entries once. */
export const set =
  (shape, least = 0, most = Infinity) =>
  (value) => {
    const entries = list(shape, least, most)(value);
    const encoded = value.map((entry) => encode(entry));
    must(
      encoded.every((entry, index) => index === 0 || Buffer.compare(encoded[index - 1], entry) < 0),
      "set-order",
    );
    return entries;
  };

/** A map whose keys are texts: {+ tstr => shape}. */
export const textMap =
  (shape, least = 1, most = Infinity) =>
  (value) => {
    must(value instanceof Map && value.size >= least && value.size <= most, "structure");
    for (const [key, member] of value) shape(member, anyText(key));
    return value;
  };

/** ART-3: a map with integer keys; a key ending in "?" may be absent. Members are named after the second item. */
export const record = (members) => {
  const known = Object.entries(members).map(([key, [name, shape]]) => ({
    key: Number.parseInt(key, 10),
    optional: key.endsWith("?"),
    name,
    shape,
  }));
  return (value) => {
    must(value instanceof Map, "structure");
    for (const key of value.keys())
      must(
        known.some((member) => member.key === key),
        "structure",
      );
    const found = {};
    for (const { key, optional, name, shape } of known) {
      if (value.has(key)) found[name] = shape(value.get(key));
      else must(optional, "structure");
    }
    return found;
  };
};

const digestSizes = new Map([
  [-16, 32],
  [-43, 48],
  [-44, 64],
]);

/** ART-5: `[hash alg, bytes]`. */
export const digest = (value) => {
  must(Array.isArray(value) && value.length === 2, "structure");
  const [algorithm, bare] = value;
  must(digestSizes.has(algorithm), "structure");
  return { algorithm, bare: bytes(digestSizes.get(algorithm))(bare) };
};

/** ART-6: a SHA-384 digest, as lower-case hex. */
export const name = (value) => {
  const { algorithm, bare } = digest(value);
  must(algorithm === -43, "structure");
  return bare.toString("hex");
};

/** A list, or the name of a long list: `{ named }`. */
export const listOrName = (shape) => (value) => {
  must(Array.isArray(value), "structure");
  return typeof value[0] === "number" ? { named: name(value) } : { entries: shape(value) };
};

/** A byte string that holds CBOR of a shape: the bytes as received, and what they say. */
export const embedded =
  (shape, limitBytes = Infinity) =>
  (value) => {
    const received = bytes()(value);
    must(received.length <= limitBytes, "input-too-large");
    return { bytes: received, ...shape(decode(received, Infinity)) };
  };
