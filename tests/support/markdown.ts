// What a Markdown text promises that can be run or followed: code, commands, links.

export interface CodeBlock {
  readonly line: number;
  readonly code: string;
  /** The `text` block that follows with nothing but blank lines between: what the code prints. */
  readonly output: string | undefined;
}

interface Fence {
  readonly line: number;
  readonly end: number;
  readonly tag: string;
  readonly body: string;
}

function fencesOf(text: string): Fence[] {
  const lines = text.split("\n");
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const tag = /^```\s*(\S*)/.exec(lines[at] ?? "")?.[1];
    if (tag === undefined) continue;
    const rest = lines.slice(at + 1).findIndex((line) => line.startsWith("```"));
    if (rest === -1) throw new TypeError(`the code block of line ${at + 1} has no end`);
    fences.push({ line: at + 1, end: at + 1 + rest, tag, body: lines.slice(at + 1, at + 1 + rest).join("\n") });
    at += rest + 1;
  }
  return fences;
}

/** The `ts` blocks, each with the output that the text says it prints. */
export function codeBlocks(text: string): CodeBlock[] {
  const lines = text.split("\n");
  const fences = fencesOf(text);
  return fences.flatMap((fence, n) => {
    if (fence.tag !== "ts") return [];
    const next = fences[n + 1];
    const adjacent = next?.tag === "text" && lines.slice(fence.end + 1, next.line - 1).every((line) => !line.trim());
    return [{ line: fence.line, code: fence.body, output: adjacent ? next.body : undefined }];
  });
}

/** Arguments of each `npx writ …` or `$ writ …` in code, up to the first that is no plain word. */
export function writCommands(text: string): string[][] {
  const calls = [...text.matchAll(/(?:npx writ|^\$ writ|`writ)((?: [a-z][a-z-]*(?=[\s`]|$))*)/gm)];
  return calls.map((call) => (call[1] ?? "").trim().split(" ")).filter((words) => words[0] !== "");
}

/** Names of the scripts in `npm run NAME`, and `test` for `npm test`. */
export function npmScripts(text: string): string[] {
  const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z:-]*)/g)].map((match) => match[1] ?? "");
  return [...new Set([...named, ...(/\bnpm test\b/.test(text) ? ["test"] : [])])];
}

/** Anchors that a Markdown renderer gives the headings. */
export function headingAnchors(text: string): string[] {
  return withoutFences(text)
    .split("\n")
    .flatMap((line) => /^#{1,6} (.*?)\s*$/.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-"),
    );
}

/** Targets of links and images that lie in the repository: `path`, `path#anchor` or `#anchor`. */
export function localLinks(text: string): string[] {
  const targets = [...withoutFences(text).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(
    (match) => match[1] ?? "",
  );
  return targets.filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

function withoutFences(text: string): string {
  return text.replace(/^```.*?^```[ \t]*$/gms, "");
}
