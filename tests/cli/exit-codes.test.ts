// The table of exit codes in the spec is the one in the code.
import { exitCodes } from "@writ/cli";
import { describe, expect, test } from "vitest";
import { readText } from "../support/repository.ts";

/** Error code to exit code, as the spec's table has them. */
function tableOf(text: string): Record<string, number> {
  const rows = [...text.matchAll(/^\| (\d+) \| (`[^|]*`) \|$/gm)];
  return Object.fromEntries(
    rows.flatMap(([, exit, codes]) =>
      [...(codes ?? "").matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => [code, Number(exit)]),
    ),
  );
}

describe("exit codes", () => {
  test("[CLI-1] are those of the spec's table, each error code once", () => {
    const text = readText("spec/8-command-line.md");
    expect(tableOf(text)).toEqual({ ...exitCodes });
    for (const code of Object.keys(exitCodes)) expect(text.split(`\`${code}\``).length, code).toBeGreaterThan(1);
  });

  test("control: a changed row shows", () => {
    expect(tableOf("| 3 | `a-b`, `c` |\n| 10 | `d` |")).toEqual({ "a-b": 3, c: 3, d: 10 });
  });
});
