// The example of a model trained on governed data runs and prints what it should.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "../support/repository.ts";

test("[INH-1, INH-3, GOV-7] the model is governed by those it was trained on, and by no other", () => {
  const flags = ["--conditions=@writ/source", "--disable-warning=ExperimentalWarning"];
  const ran = spawnSync(process.execPath, [...flags, `${root}examples/trained-model/main.ts`], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
  expect(ran.stdout.trim().split("\n")).toEqual([
    "the model is governed by urn:example:policy:north and urn:example:policy:south",
    "to infer for research: 7 days at 80",
    "to infer for advertising: deny, no permission fits (research, infer) [no-permission]",
    "to infer outside Europe: deny, the region isn't admitted (regions, region) [region]",
    "to copy the model: deny, the operation is banned (notOperations, copy) [operation-prohibited]",
  ]);
});
