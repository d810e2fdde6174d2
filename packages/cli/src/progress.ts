// How far long work is: a bar on a terminal, a line every ten seconds elsewhere, nothing for what is quickly done.
import type { Io } from "./io.ts";
import { printable } from "./print.ts";

const lineEveryMs = 10_000;
const barEveryMs = 100;

/** Progress of one run. Spec: CLI-6. */
export interface Progress {
  /** So many units more are done; `label` names what is worked on. */
  advance(units: number, label?: string): void;
  /** Takes the bar away. */
  end(): void;
}

function amount(units: number, unit: "bytes" | "items"): string {
  if (unit === "items") return String(units);
  return units < 1 << 20 ? `${Math.ceil(units / 1024)} KiB` : `${(units / (1 << 20)).toFixed(1)} MiB`;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Starts showing how much of `total` is done, on stderr. */
export function startProgress(io: Io, work: string, total: number, unit: "bytes" | "items"): Progress {
  const started = io.now();
  const bar = io.stderr.isTTY === true;
  let shownAt = started;
  let drawn = false;
  let done = 0;
  const status = (label: string): string => {
    const seconds = Math.max((io.now() - started) / 1000, 0.001);
    const rate = done / seconds;
    const part = total === 0 ? 1 : Math.min(1, done / total);
    const left = rate === 0 ? "" : `, ${clock((total - done) / rate)} left`;
    return `${work} ${Math.floor(part * 100)}% of ${amount(total, unit)}, ${amount(rate, unit)}/s${left}${label === "" ? "" : `  ${printable(label)}`}`;
  };
  const draw = (label: string): void => {
    const filled = Math.round((total === 0 ? 1 : Math.min(1, done / total)) * 20);
    const text = `[${"#".repeat(filled)}${"-".repeat(20 - filled)}] ${status(label)}`;
    io.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (io.stderr.columns ?? 80) - 1))}`);
    drawn = true;
  };
  return {
    advance: (units, label = "") => {
      done += units;
      const now = io.now();
      if (now - shownAt < (bar ? barEveryMs : lineEveryMs)) return;
      shownAt = now;
      if (bar) draw(label);
      else io.stderr.write(`writ: ${status(label)}\n`);
    },
    end: () => {
      if (drawn) io.stderr.write("\r\u001b[K");
    },
  };
}
