// One run of the command: parse, do, print. Nothing here touches the process, so a test runs it as a shell does.
import { CommanderError } from "commander";
import type { Answer } from "./command.ts";
import { reportFault } from "./fault-report.ts";
import type { Io } from "./io.ts";
import { makeProgram } from "./program.ts";
import { printable, render, write } from "./print.ts";

/** Prints an answer: one JSON object, or lines. Spec: CLI-6. */
async function print(io: Io, answer: Answer, json: boolean): Promise<void> {
  await write(io.stderr, render(answer.notes ?? [], io.stderr, io.env));
  if (answer.json === undefined) return;
  if (json) await write(io.stdout, `${printable(JSON.stringify(answer.json))}\n`);
  else await write(io.stdout, render(answer.lines ?? [], io.stdout, io.env));
}

/** Runs `writ` with these arguments and returns its exit code; throws nothing. Spec: CLI-1. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.includes("--json");
  try {
    let answer: Answer = {};
    const help: string[] = [];
    const program = makeProgram(
      io,
      (given) => {
        answer = given;
      },
      help,
    );
    try {
      await program.parseAsync([...argv], { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
      await write(io.stdout, help.join("")); // --help, --version
      return 0;
    }
    await print(io, answer, json);
    return answer.exit ?? 0;
  } catch (error) {
    return reportFault(error, io, json);
  }
}
