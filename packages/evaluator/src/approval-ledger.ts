// A ledger of used approvals in a folder: one empty file an approval, made exclusively, so that processes that share it use each once.
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { ApprovalLedger } from "@writ/core/approval";

function isThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

/** A ledger in `folder`, which is made where it doesn't exist. Of approvals that are spent together, those before one that was used stay spent. Throws what the file system throws. Spec: APR-5. */
export function directoryLedger(folder: string): ApprovalLedger {
  return {
    spend: async (names) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of names) {
        try {
          await using file = await open(join(folder, name.replace(":", "-")), "wx", 0o600);
          await file.sync();
        } catch (error) {
          if (isThere(error)) return false;
          throw error;
        }
      }
      await using entry = await open(folder, "r");
      await entry.sync();
      return true;
    },
  };
}
