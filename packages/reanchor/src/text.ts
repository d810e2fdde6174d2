// Inventories, plans and outcomes as text: a histogram for the terminal, CSV for spreadsheets. JSON is JSON.stringify of the values.
import type { Inventory, InventoryEntry } from "./inventory.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import type { ReportedOutcome } from "./report.ts";

const barWidth = 30;
const maxRows = 12;
const number = new Intl.NumberFormat("en-US");

/** Paths and policy names come from the corpus: nothing of them may steer a terminal. */
function printable(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

function histogram(title: string, counts: Readonly<Record<string, number>>): string[] {
  const all = Object.entries(counts).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (all.length === 0) return [];
  const rows = all.slice(0, maxRows);
  const rest = all.slice(maxRows).reduce((sum, [, count]) => sum + count, 0);
  if (rest > 0) rows.push([`${all.length - maxRows} others`, rest]);
  const most = Math.max(...rows.map(([, count]) => count));
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    title,
    ...rows.map(
      ([label, count]) =>
        `  ${printable(label).padEnd(width)}  ${"█".repeat(Math.max(1, Math.round((count / most) * barWidth))).padEnd(barWidth)}  ${number.format(count)}`,
    ),
  ];
}

/** An inventory as histograms, for a terminal; lines end in a line feed. */
export function inventoryText(inventory: Inventory): string {
  const { totals, findings } = inventory;
  const byCode: Record<string, number> = {};
  for (const { code } of findings) byCode[code] = (byCode[code] ?? 0) + 1;
  const lines = [
    `${printable(inventory.location)}: ${number.format(totals.items)} artifacts, ${number.format(totals.verified)} verified, ${number.format(totals.refused)} refused`,
    `${number.format(totals.sidecars)} sidecars, ${number.format(totals.envelopes)} envelopes; artifacts ${number.format(totals.artifactBytes)} bytes, content ${number.format(totals.contentBytes)} bytes`,
    ...histogram("evidence era", totals.byEra),
    ...histogram("evidence standing", totals.byStanding),
    ...histogram("suite of the last anchor", totals.bySuite),
    ...histogram("deadline under the trust policy", totals.byDeadlineYear),
    ...histogram("wrap era", totals.byWrapEra),
    ...histogram("custody", totals.byCustody),
    ...histogram("key", totals.byKey),
    ...histogram("content hash", totals.byHash),
    ...histogram("classification", totals.byClassification),
    ...histogram("policy", totals.byPolicy),
    ...histogram("age in years", totals.byAgeYears),
    ...histogram("refused, by code", byCode),
    ...(totals.exposed > 0
      ? [
          `${number.format(totals.exposed)} with data keys once protected by classical means only: they need re-encryption`,
        ]
      : []),
    ...(totals.failingReported > 0
      ? [`${number.format(totals.failingReported)} fail a requirement that is only reported so far`]
      : []),
    ...(totals.forks.length > 0
      ? [`${number.format(totals.forks.length)} forked: one revision with different cores`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** A plan's figures, for a terminal. */
export function planText({ location, to, totals }: Plan): string {
  const lines = [
    `${printable(location)} to ${to}: ${number.format(totals.items)} items`,
    `  cover        ${number.format(totals.cover)} in ${number.format(totals.batches)} batch(es), ${number.format(totals.signCalls)} Sign calls with the report`,
    `  current      ${number.format(totals.current)}`,
    `  quarantined  ${number.format(totals.quarantined)}`,
    `  set aside    ${number.format(totals.setAside)}`,
    `bytes added ${number.format(totals.bytesAdded)}; sidecars written ${number.format(totals.sidecarBytesWritten)}, envelopes rewritten ${number.format(totals.envelopeBytesRewritten)}; content of sidecars untouched`,
    `nearest deadline ${totals.firstDeadline === null ? "none" : new Date(totals.firstDeadline * 1000).toISOString()}`,
    ...(totals.needReEncryption > 0
      ? [`${number.format(totals.needReEncryption)} need re-encryption, which no anchor replaces`]
      : []),
    ...(totals.needRehash > 0
      ? [
          `${number.format(totals.needRehash)} need a rehash by whoever has their content: their roots are under SHA-256`,
        ]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

type Cell = string | number | boolean | null | undefined | readonly string[];

/** RFC 4180. A text that a spreadsheet would take for a formula starts with an apostrophe. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const joined = typeof value === "string" ? value : value.join(" ");
  const text = /^[=+\-@\t\r]/.test(joined) ? `'${joined}` : joined;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv<T>(columns: Readonly<Record<string, (row: T) => Cell>>, rows: readonly T[]): string {
  const read = Object.values(columns);
  return [Object.keys(columns).join(","), ...rows.map((row) => read.map((column) => cell(column(row))).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}

const date = (seconds: number | null): string | null =>
  seconds === null ? null : new Date(seconds * 1000).toISOString();

const entryColumns: Readonly<Record<string, (row: InventoryEntry) => Cell>> = {
  path: ({ path }) => path,
  form: ({ form }) => form,
  id: ({ id }) => id,
  revision: ({ revision }) => revision,
  issuer: ({ issuer }) => issuer,
  classification: ({ classification }) => classification,
  policies: ({ policies }) => policies,
  suites: ({ suites }) => suites,
  era: ({ era }) => era,
  standing: ({ standing }) => standing,
  wrap_era: ({ wrapEra }) => wrapEra,
  custodies: ({ custodies }) => custodies,
  keys: ({ keys }) => keys,
  content_hash: ({ contentHash }) => contentHash,
  size_bytes: ({ sizeBytes }) => sizeBytes,
  artifact_bytes: ({ artifactBytes }) => artifactBytes,
  content_bytes: ({ contentBytes }) => contentBytes,
  sealed_at: ({ sealedAt }) => date(sealedAt),
  anchored_at: ({ anchoredAt }) => date(anchoredAt),
  age_seconds: ({ ageSeconds }) => ageSeconds,
  exposures: ({ exposures }) => exposures,
  deadline: ({ deadline }) => date(deadline),
  deadline_code: ({ deadlineCode }) => deadlineCode,
  head: ({ head }) => head,
};

interface InventoryRow {
  readonly entry?: InventoryEntry;
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly code?: string;
  readonly reason?: string;
}

/** An inventory as CSV (RFC 4180), findings included: their rows have a code and nothing that would need verifying. */
export function inventoryCsv({ entries, findings }: Inventory): string {
  const columns = Object.fromEntries(
    Object.entries(entryColumns).map(([name, read]) => [name, ({ entry }: InventoryRow) => entry && read(entry)]),
  );
  const rows: InventoryRow[] = [
    ...entries.map((entry) => ({ entry, path: entry.path, sizeBytes: entry.sizeBytes })),
    ...findings,
  ];
  return csv<InventoryRow>(
    {
      ...columns,
      path: ({ path }) => path,
      size_bytes: ({ sizeBytes }) => sizeBytes,
      code: ({ code }) => code,
      reason: ({ reason }) => reason,
    },
    rows,
  );
}

/** Outcomes of a run or a report as CSV (RFC 4180). */
export function outcomesCsv(outcomes: readonly (Outcome | ReportedOutcome)[]): string {
  return csv<Outcome | ReportedOutcome>(
    {
      path: ({ path }) => path,
      id: ({ id }) => id,
      outcome: ({ outcome }) => outcome,
      attempts: ({ attempts }) => attempts,
      code: ({ code }) => code,
      reason: ({ reason }) => reason,
      head: ({ head }) => head,
      root: ({ root }) => root,
    },
    outcomes,
  );
}
