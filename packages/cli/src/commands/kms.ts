// writ kms: a KMS on loopback until Ctrl-C. Its first line is its endpoint.
import { once } from "node:events";
import { resolve } from "node:path";
import { CustodyError, FormatError } from "@writ/core";
import { StateFileError, startKms } from "@writ/kms-local";
import type { Answer, CommonOptions, Context } from "../command.ts";
import { countOf } from "../flag-values.ts";
import { faultCode, write } from "../print.ts";

/** Options of `kms`. */
export interface KmsOptions extends CommonOptions {
  readonly port?: string;
  readonly state?: string;
}

/** Serves until Ctrl-C, then finishes what runs. Spec: CLI-22. */
export async function kms({ io, json }: Context, _args: readonly [], options: KmsOptions): Promise<Answer> {
  const port = options.port === undefined ? 0 : countOf("--port", options.port, 0, 65_535);
  const state = options.state === undefined ? undefined : resolve(io.cwd, options.state);
  let server;
  try {
    server = await startKms({ port, clock: io.now, ...(state === undefined ? {} : { stateFile: state }) });
  } catch (fault) {
    if (fault instanceof StateFileError)
      throw new FormatError("input-unreadable", `state file \`${options.state}\`: ${fault.message}`, {
        path: state,
        cause: fault,
      });
    throw new CustodyError("custody-unavailable", `the server can't listen on port ${port} (${faultCode(fault)})`, {
      cause: fault,
    });
  }
  try {
    const { endpoint } = server;
    await write(
      io.stdout,
      json ? `${JSON.stringify({ endpoint, port: server.port, state: options.state ?? null })}\n` : `${endpoint}\n`,
    );
    await write(io.stderr, "writ: point the SDK at it with AWS_ENDPOINT_URL_KMS; Ctrl-C ends it\n");
    if (!io.signal.aborted) await once(io.signal, "abort");
    return {};
  } finally {
    await server.close();
  }
}
