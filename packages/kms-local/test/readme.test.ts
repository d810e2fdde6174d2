import * as sdk from "@aws-sdk/client-kms";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { region, start } from "./client.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const known = Object.keys(sdk)
  .filter((name) => name.endsWith("Command") && name !== "$Command")
  .map((name) => name.slice(0, -"Command".length));

/** Operations by whether the README's table says that they are here. */
function listed(): { here: string[]; missing: string[] } {
  const table = readme.slice(readme.indexOf("| | operations |")).split("\n\n")[0] ?? "";
  const rows = table.split("\n").slice(2);
  const namesIn = (some: readonly string[]): string[] =>
    some.flatMap((row) => (row.split("|")[2] ?? "").split(",").map((name) => name.trim()));
  const isMissing = (row: string): boolean => row.includes("UnsupportedOperationException");
  return { here: namesIn(rows.filter((row) => !isMissing(row))), missing: namesIn(rows.filter(isMissing)) };
}

test("the README's table names every operation that the SDK has, once", () => {
  const { here, missing } = listed();
  expect([...here, ...missing].toSorted()).toEqual(known.toSorted());
});

test("what the table calls missing answers so, and nothing else does", async () => {
  const server = await start();
  const { here, missing } = listed();
  for (const operation of [...here, ...missing]) {
    const answer = await fetch(server.endpoint, {
      method: "POST",
      headers: {
        "X-Amz-Target": `TrentService.${operation}`,
        Authorization: `AWS4-HMAC-SHA256 Credential=A/20260101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: "{}",
    });
    const { __type: type = "" } = JSON.parse((await answer.text()) || "{}") as { __type?: string };
    expect(type === "UnsupportedOperationException", operation).toBe(missing.includes(operation));
    expect(type, operation).not.toBe("UnknownOperationException");
  }
});
