// The text of a policy document: strict JSON whose faults have a place. Spec: POL-1, POL-2.
import { FormatError } from "@writ/core";
import type { JsonObject, JsonValue } from "@writ/core";
import { bareObject } from "./document.ts";
import { inEncodedOrder } from "./encoded-order.ts";
import { at, Place, refuse } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";

const maxBytes = 65_536;
/** Deeper text is refused before anything walks it; what the document may nest is checked later. Spec: POL-4. */
const maxWalk = 64;
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[^\s,\]}]*|[{}[\],]/gs;
const integer = /^(?:0|-?[1-9]\d*)$/;

interface Frame {
  readonly pointer: string;
  /** Names met so far; null for an array. */
  readonly names: Set<string> | null;
  index: number;
  /** The member whose value comes next; null where a name comes next. */
  name: string | null;
}

/** Finds duplicate names, bad numbers and ill-formed texts in what `JSON.parse` has accepted. */
class Walk {
  readonly frames: Frame[] = [];

  place(): string {
    const frame = this.frames.at(-1);
    if (!frame) return "";
    return at(frame.pointer, frame.names ? (frame.name ?? "") : frame.index);
  }

  take(token: string): void {
    const frame = this.frames.at(-1);
    if (token === "{" || token === "[") this.enter(token === "{");
    else if (token === "}" || token === "]") this.frames.pop();
    else if (token === ",") this.next(frame!);
    else if (token.startsWith('"')) this.text(frame, JSON.parse(token) as string);
    else if (!integer.test(token) || !Number.isSafeInteger(Number(token))) {
      refuse("policy-number", this.place(), `\`${token.slice(0, 40)}\` is not an integer within 2^53`);
    }
  }

  enter(object: boolean): void {
    if (this.frames.length === maxWalk) refuse("policy-too-large", this.place(), `nesting deeper than ${maxWalk}`);
    this.frames.push({ pointer: this.place(), names: object ? new Set() : null, index: 0, name: null });
  }

  next(frame: Frame): void {
    frame.index += 1;
    frame.name = null;
  }

  text(frame: Frame | undefined, value: string): void {
    if (frame?.names && frame.name === null) {
      frame.name = value;
      if (frame.names.has(value)) refuse("policy-duplicate-member", this.place(), `member \`${value}\` stands twice`);
      frame.names.add(value);
    }
    if (!value.isWellFormed() || value.startsWith("\ufeff")) {
      throw new FormatError("json-invalid", "text that is not well-formed Unicode, or begins with a byte order mark", {
        path: this.place(),
      });
    }
  }
}

/** A deep copy on frozen objects. */
function frozenCopy(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozenCopy(item as JsonValue)));
  const copy = bareObject();
  for (const [name, item] of Object.entries(value)) copy[name] = frozenCopy(item);
  return Object.freeze(copy);
}

/** The value of a policy text. Throws FormatError `json-invalid`, PolicyError `policy-too-large`, `policy-duplicate-member`, `policy-number`. */
export function parsePolicyText(text: string): JsonValue {
  if (new TextEncoder().encode(text).length > maxBytes) {
    refuse("policy-too-large", "", `a policy text of more than ${maxBytes} bytes`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new FormatError("json-invalid", "the policy is not JSON", { path: "" });
  }
  const walk = new Walk();
  for (const [token] of text.matchAll(tokens)) walk.take(token);
  return frozenCopy(value);
}

function checkText(text: string, pointer: Pointer): void {
  if (text.isWellFormed() && !text.startsWith("\ufeff")) return;
  throw new FormatError("json-invalid", "text that is not well-formed Unicode", { path: String(pointer) });
}

function copyContainer(value: object, pointer: Pointer, depth: number): JsonValue {
  if (depth > maxWalk) refuse("policy-too-large", pointer, `nesting deeper than ${maxWalk}`);
  if (Array.isArray(value))
    return Object.freeze(value.map((item, index) => copyValue(item, pointer, index, depth + 1)));
  const copy = bareObject();
  for (const name of inEncodedOrder(value)) {
    copy[name] = copyValue((value as Readonly<Record<string, unknown>>)[name], pointer, name, depth + 1);
  }
  return Object.freeze(copy);
}

function copyValue(value: unknown, parent: Pointer, step: string | number, depth: number): JsonValue {
  switch (typeof value) {
    case "string":
      checkText(value, new Place(parent, step));
      return value;
    case "number":
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
      return refuse("policy-number", new Place(parent, step), `\`${value}\` is not an integer within 2^53`);
    case "boolean":
      return value;
    case "object":
      return value === null ? null : copyContainer(value, new Place(parent, step), depth);
    default:
      throw new TypeError(`\`${String(new Place(parent, step))}\` of the policy is no JSON value`);
  }
}

/** A frozen copy of a document given as a value, members in their encoded order, held to the same data model. Throws as `parsePolicyText`; TypeError for what is no JSON. */
export function copyPolicyValue(document: JsonObject): JsonValue {
  if (typeof document !== "object" || document === null) throw new TypeError("a policy is text or an object");
  return copyContainer(document, "", 1);
}
