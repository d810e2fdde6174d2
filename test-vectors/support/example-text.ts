// Examples in the text of the spec, between the marks `<!-- example ID -->` and `<!-- /example -->`.
import { diagnostic } from "./diagnostic.ts";
import { Encoded, hex } from "./example.ts";
import type { Example, ExampleValue, Members } from "./example.ts";

const bytesPerLine = 48;
const lineLength = 108;
/** What is longer is cut, and the whole stands in the example's file: what is given was shown before, mostly. */
const longestBytes = { given: 160, gives: 800 };
type Part = keyof typeof longestBytes;

function hexLines(bytes: Uint8Array, part: Part, indent: string): string {
  const shown = bytes.length > longestBytes[part] ? bytes.subarray(0, bytesPerLine) : bytes;
  const lines: string[] = hex(shown).match(new RegExp(`.{1,${bytesPerLine * 2}}`, "g")) ?? [];
  if (shown.length < bytes.length) lines.push(`… (the rest stands in the example's file)`);
  return lines.map((line) => `${indent}${line}`).join("\n");
}

function bytesText(bytes: Uint8Array, part: Part, indent: string): string {
  if (bytes.length === 0) return "no bytes";
  const text = Buffer.from(bytes).toString("latin1");
  const shown = bytes.length >= 4 && /^[\x20-\x7e\n]+$/.test(text) ? `${JSON.stringify(text)} in UTF-8, ` : "";
  const isCut = text.length > longestBytes[part];
  if (bytes.length <= bytesPerLine && shown === "") return hex(bytes);
  return `${isCut ? "" : shown}${bytes.length} bytes\n${hexLines(bytes, part, indent)}`;
}

/** True where no bytes stand anywhere in a value: then its JSON says all. */
function isPlain(value: ExampleValue): boolean {
  if (value instanceof Uint8Array || value instanceof Encoded) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
}

function valueText(value: ExampleValue, part: Part, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === "string") return ` ${value}`;
  if (value instanceof Encoded) return ` ${diagnostic(value.bytes, indent)}\n${hexLines(value.bytes, part, inner)}`;
  if (value instanceof Uint8Array) return ` ${bytesText(value, part, inner)}`;
  const json = JSON.stringify(value);
  if (typeof value !== "object" || value === null) return ` ${json}`;
  if (isPlain(value) && json.length <= lineLength) return ` ${json}`;
  return `\n${membersText(value as Members, part, inner)}`;
}

function membersText(members: Members, part: Part, indent: string): string {
  return Object.entries(members)
    .map(([name, value]) => `${indent}${name}:${valueText(value, part, indent)}`)
    .join("\n");
}

/** An example as the spec shows it. */
export function exampleText({ id, title, spec, given, gives }: Example): string {
  const body = `given\n${membersText(given, "given", "  ")}\ngives\n${membersText(gives, "gives", "  ")}`;
  return `\n\`${id}\`: ${title} (${spec.join(", ")})\n\n\`\`\`text\n${body}\n\`\`\`\n`;
}

const mark = /<!-- example ([a-z0-9-]+) -->.*?<!-- \/example -->/gs;

/** A document with its marks filled anew, and what is wrong with them: an unknown example, one twice, one nowhere. */
export function withExamples(
  text: string,
  examples: readonly Example[],
): { readonly text: string; readonly findings: readonly string[] } {
  const shown = [...text.matchAll(mark)].map(([, id]) => id!);
  const known = new Map(examples.map((example) => [example.id, example]));
  const filled = text.replace(mark, (whole, id: string) => {
    const example = known.get(id);
    return example ? `<!-- example ${id} -->${exampleText(example)}<!-- /example -->` : whole;
  });
  return {
    text: filled,
    findings: [
      ...shown.filter((id) => !known.has(id)).map((id) => `example ${id} is unknown`),
      ...shown.filter((id, index) => shown.indexOf(id) !== index).map((id) => `example ${id} is shown twice`),
      ...examples.filter(({ id }) => !shown.includes(id)).map(({ id }) => `example ${id} is shown nowhere`),
    ],
  };
}
