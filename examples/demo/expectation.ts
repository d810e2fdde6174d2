// Named expectations: the demo claims nothing that it doesn't check. One that fails ends the process with its name.
import { appendFileSync } from "node:fs";
import { GovernanceError } from "@writ/core";
import { paint, print } from "./screen.ts";

class ExpectationFailed extends TypeError {
  readonly expectation: string;

  constructor(expectation: string, found: string) {
    super(found);
    this.expectation = expectation;
  }
}

let held = 0;

/** Counts what held, and says so unless a table is going to. */
function tell(name: string, found: string | null): void {
  held += 1;
  if (found === null) return;
  print(`   ${paint("green", "✓")} ${name}${found === "" ? "" : paint("dim", `  ${found}`)}`);
}

/** Holds, or the demo ends naming it. `found` is what was seen; null where a table shows it. */
export function expect(name: string, holds: boolean, found: string | null = ""): void {
  if (!holds) throw new ExpectationFailed(name, found ? `found: ${found}` : "it doesn't hold");
  tell(name, found);
}

/** What `work` gives; an error that Writ throws fails the expectation. */
export async function expectWorks<T>(
  name: string,
  work: () => T | Promise<T>,
  found: (result: T) => string | null = () => "",
): Promise<T> {
  try {
    const result = await work();
    tell(name, found(result));
    return result;
  } catch (error) {
    if (error instanceof GovernanceError) throw new ExpectationFailed(name, `${error.code}: ${error.message}`);
    throw error;
  }
}

/** `work` must be refused with exactly this code. */
export async function expectRefused(
  name: string,
  code: string,
  work: () => unknown,
  found: string | null = code,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GovernanceError)) throw error;
    if (error.code !== code)
      throw new ExpectationFailed(name, `refused with ${error.code}, not ${code}: ${error.message}`);
    return tell(name, found);
  }
  throw new ExpectationFailed(name, "it was accepted");
}

/** One row of the closing table. */
export interface Step {
  readonly process: string;
  readonly step: string;
  /** Expectations that held. */
  readonly held: number;
  /** Null for a process that only serves others. */
  readonly wallMs: number | null;
  readonly cpuMs: number;
}

/** Measures the steps of this process into `file`; the first holds the start of the process. */
export function stopwatch(name: string, file: string, serves = false): (step: string) => void {
  let wallBefore = 0;
  let cpuBefore = 0;
  return (step) => {
    const wall = performance.now();
    const { user, system } = process.cpuUsage();
    const cpu = (user + system) / 1000;
    const row: Step = { process: name, step, held, wallMs: serves ? null : wall - wallBefore, cpuMs: cpu - cpuBefore };
    appendFileSync(file, `${JSON.stringify(row)}\n`);
    wallBefore = wall;
    cpuBefore = cpu;
    held = 0;
  };
}

/** Exit status of a process whose expectation failed; any other says that it broke. */
export const failedStatus = 3;

/** Runs one process of the demo; a failed expectation is named on stderr. */
export async function play(scene: () => Promise<void>): Promise<void> {
  try {
    await scene();
  } catch (error) {
    if (!(error instanceof ExpectationFailed)) throw error;
    process.stderr.write(`   ✗ expectation failed: ${error.expectation}\n     ${error.message}\n`);
    process.exitCode = failedStatus;
  }
}
