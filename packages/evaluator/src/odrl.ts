// ODRL 2.2 in and out. Spec 10.
import type { JsonObject } from "@writ/core";
import { policyToOdrl } from "./odrl-export.ts";
import type { OdrlExportOptions } from "./odrl-export.ts";
import { policyFromOdrl } from "./odrl-import.ts";
import type { OdrlImportOptions } from "./odrl-import.ts";

export type { OdrlExportOptions, OdrlImportOptions };

/** Conversions between ODRL 2.2 and policy documents; both refuse what the other side can't say. */
export const odrl: {
  readonly toPolicy: (odrl: string | JsonObject, options?: OdrlImportOptions) => JsonObject;
  readonly fromPolicy: (document: JsonObject, options?: OdrlExportOptions) => JsonObject;
} = { toPolicy: policyFromOdrl, fromPolicy: policyToOdrl };
