// One writer a corpus. Each writer announces itself by a file that names host, process and its start, so that the file of a
// writer that was killed is told from that of one at work, and none is taken for the other when process ids come round again.
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { FormatError } from "@writ/core";

const prefix = "writer~";

/** Start of a process in ticks since boot, where the system tells; null where there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "unknown";
  } catch {
    return process.platform === "linux" ? null : "unknown";
  }
}

function isAtWork(host: string, pid: number, start: string): boolean {
  if (host !== encodeURIComponent(hostname())) return true; // can't be asked from here
  try {
    process.kill(pid, 0);
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ESRCH") return false;
  }
  return startOf(pid) === start;
}

/** Takes the lock and returns what releases it. Throws FormatError `output-unwritable`, retryable, while another writer is at work. Spec: RAN-13. */
export function takeLock(folder: string): () => void {
  const own = `${prefix}${encodeURIComponent(hostname())}~${process.pid}~${startOf(process.pid) ?? "unknown"}~${process.hrtime.bigint()}`;
  closeSync(openSync(join(folder, own), "wx", 0o600));
  const release = (): void => rmSync(join(folder, own), { force: true });
  // Announced first, looked around second: of two that start at once, both see each other and at most one goes on.
  for (const other of readdirSync(folder)) {
    if (!other.startsWith(prefix) || other === own) continue;
    const [, host, pid, start] = other.split("~");
    if (isAtWork(host ?? "", Number(pid), start ?? "")) {
      release();
      throw new FormatError(
        "output-unwritable",
        `another run is writing to this corpus (process ${pid} on \`${decodeURIComponent(host ?? "")}\`): if none is, remove \`${join(folder, other)}\``,
        { path: join(folder, other), retryable: true },
      );
    }
    rmSync(join(folder, other), { force: true });
  }
  return release;
}
