// References: spec 1.3.
import { ingest, readCarrier } from "./artifact.mjs";
import { must } from "./refusal.mjs";

/** CAR-4: the name that a reference says. */
export function readReference(text) {
  must(Buffer.byteLength(text, "utf8") <= 200, "input-too-large");
  must(text.length > 0, "input-empty");
  must(text.startsWith("writ:"), "format-unknown");
  must(text.startsWith("writ:1:"), "version-unknown");
  const name = text.slice("writ:1:".length);
  must(/^sha384:[0-9a-f]{96}$/.test(name), "structure");
  return name;
}

/** CAR-5: the artifact from the reader's store, with the content that was carried. */
export function ingestReferenced(reference, content, { store, trustBytes, now }) {
  must(reference !== null, "input-empty");
  const name = readReference(reference);
  must(content !== null, "input-empty");
  const bytes = store.get(name);
  must(bytes !== undefined, "attachment-missing");
  must(readCarrier(bytes).content === null, "format-unknown");
  const found = ingest({ bytes, content, store: [], trustBytes, now });
  must(found.name === name, "attachment-missing");
  return { name, content: found.content };
}
