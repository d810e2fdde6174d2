// The printed tables of spec/3-policy.md, written down once more: a slip in the shipped data shows as a difference.
const closure = `read: | transform: read | aggregate: derive read transform | derive: read | infer: derive read
 | train: derive read | profile: derive infer read | log: read store | store: read | copy: read store
 | share: copy disclose read store | disclose: read | transfer: copy read store
 | export: copy disclose read store transfer | anonymise: read transform | pseudonymise: read transform
 | delete: | declassify: | delegate:`;
export const includes: ReadonlyMap<string, readonly string[]> = new Map(
  closure.split("|").map((row) => [row.split(":")[0]!.trim(), row.split(":")[1]!.trim().split(" ")]),
);
export const outbound: readonly string[] = ["disclose", "share", "transfer", "export", "delegate"];
export const countsK: readonly string[] = ["aggregate", "disclose", "share", "transfer", "export", "anonymise"];
export const levels: readonly string[] = ["public", "internal", "confidential", "restricted"];
export const eu: readonly string[] =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");
export const groups: Readonly<Record<string, readonly string[]>> = { EU: eu, EEA: [...eu, "IS", "LI", "NO", "EU"] };
export const dutyTypes: readonly string[] = ["attribute", "compensate", "delete", "inform", "log", "report", "review"];

export function expand(term: string): string {
  if (/^(urn:|https:\/\/|http:\/\/|did:|tag:)/.test(term)) return term;
  const [prefix, name] = [term.slice(0, term.indexOf(":")), term.slice(term.indexOf(":") + 1)];
  if (prefix === "writ") return `urn:writ:term:${name}`;
  const module = prefix === "eu-ehds" ? "/legal/eu/ehds" : prefix.replace(/^dpv$/, "").replace("sector-", "/sector/");
  return `https://w3id.org/dpv${module}#${name}`;
}
const ehds = ["AISystems", "Health", "HealthApps", "MedicalDevices"].map(
  (x) => `eu-ehds:TrainTestAndEvaluate${x}Algorithms`,
);
export const training: readonly string[] = [
  "writ:ModelTraining",
  "sector-health:TrainTestAndEvaluateHealthAlgorithms",
  ...ehds,
].map(expand);

export function liesWithin(region: string, element: string): boolean {
  const country = /^([A-Z]{2})-[A-Z0-9]{1,3}$/.exec(region)?.[1];
  if (region === element || groups[element]?.includes(region)) return true;
  return country !== undefined && liesWithin(country, element);
}
export function durationMs(text: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((index) => Number(parts[index] ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
