// A server in a process of its own, for tests that kill it or measure its memory. It takes orders
// over the channel to its parent: "memory" asks for its figures, `{ killAt }` makes it kill itself
// before that call into the file system, `{ tearAt }` in the middle of that write.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { KmsOptions } from "@writ/kms-local";

type Call = (...parameters: unknown[]) => unknown;

let killAt = Infinity;
let tears = false;
let calls = 0;

function die(): void {
  process.kill(process.pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // the signal is on its way
}

const calledByName = fs as unknown as Record<string, Call>;
for (const name of ["openSync", "writeSync", "fsyncSync", "closeSync", "renameSync", "rmSync"]) {
  const real = calledByName[name] as Call;
  calledByName[name] = (...parameters) => {
    calls++;
    if (calls === killAt) {
      const [file, bytes] = parameters;
      if (tears && name === "writeSync") real(file, (bytes as Buffer).subarray(0, (bytes as Buffer).length / 2));
      die();
    }
    return real(...parameters);
  };
}
syncBuiltinESMExports();

const { startKms } = await import("@writ/kms-local");
const server = await startKms(JSON.parse(process.argv[2] ?? "{}") as KmsOptions);

process.on("message", (order: "memory" | { killAt: number; tears: boolean }) => {
  if (order === "memory") {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers, external } = process.memoryUsage();
    process.send?.({ bytes: heapUsed + arrayBuffers + external });
  } else {
    ({ killAt, tears } = order);
    calls = 0;
    process.send?.("armed");
  }
});
process.send?.({ port: server.port, endpoint: server.endpoint });
