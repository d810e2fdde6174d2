// Attachments and the store: spec 1.2, and the long lists of ART-9.
import { earlierBytes } from "./anchors.mjs";
import { hash, nameOf } from "./cose.mjs";
import { treeRoot } from "./merkle.mjs";
import { must, refuse } from "./refusal.mjs";
import { readMessage, readStoredSource } from "./structure.mjs";

const longListLimits = { layers: 64, parents: 256 };

/** The policies that a document names for release, by operation. */
export function releasesOf(document) {
  const releases = new Map();
  const derive = document.members.get("derive");
  if (!(derive instanceof Map)) return releases;
  for (const [operation, entry] of derive) {
    const policy = entry instanceof Map && entry.get("release") instanceof Map && entry.get("release").get("policy");
    if (typeof policy === "string") releases.set(operation, policy.replace(/^sha384:/, ""));
  }
  return releases;
}

/** What is at hand beside core, keys and anchors, each under its name; a store's answers count only under theirs. */
export class Surroundings {
  #attached = new Map();
  #stored = new Map();
  #read = new Map();
  #sources = new Map();
  #leafLists = [];

  constructor(attachments, store) {
    for (const attachment of attachments) {
      if (attachment.kind === "leaves") this.#leafLists.push(attachment);
      else if (attachment.kind !== "source")
        this.#attached.set(`${attachment.kind} ${nameOf(attachment.bytes)}`, attachment);
    }
    for (const bytes of store) this.#stored.set(nameOf(bytes), bytes);
    for (const source of attachments.filter(({ kind }) => kind === "source")) {
      this.#sources.set(`${nameOf(source.core.bytes)} ${this.anchorsName(source)}`, source);
    }
  }

  /** A policy, root, longList or approval of this name, or null. */
  find(kind, name) {
    const key = `${kind} ${name}`;
    const held = this.#attached.get(key)?.bytes ?? this.#stored.get(name);
    if (held === undefined) return null;
    if (!this.#read.has(key)) this.#read.set(key, readMessage(kind, held));
    return this.#read.get(key);
  }

  get(kind, name) {
    return this.find(kind, name) ?? refuse("attachment-missing");
  }

  /** ATT-5: a source that is attached, else one that the store has in two parts. */
  findSource({ core, anchors }) {
    const known = this.#sources.get(`${core} ${anchors}`);
    if (known !== undefined) return known;
    const [coreBytes, pairsBytes] = [core, anchors].map((name) => this.#stored.get(name));
    if (coreBytes === undefined || pairsBytes === undefined) return null;
    const { source, roots } = readStoredSource(coreBytes, pairsBytes);
    for (const root of roots) this.#stored.set(nameOf(root), root);
    this.#sources.set(`${core} ${anchors}`, source);
    return source;
  }

  /** LIN-1: ANC-4 over all anchors, in SHA-384. */
  anchorsName({ anchors }) {
    return hash(
      -43,
      earlierBytes(anchors, (name) => this.get("root", name)),
    ).toString("hex");
  }

  /** ART-9: the entries of a list of a core, wherever they stand. */
  entriesOf(core, which) {
    const held = which === "layers" ? core.layers : core.lineage.parents;
    if (held.named === undefined) return held.entries;
    const { entries } = this.get("longList", held.named);
    must(entries.length > longListLimits[which], "long-list-form");
    const member = which === "layers" ? "policy" : "core";
    must(
      entries.every((entry) => entry[member] !== undefined),
      "structure",
    );
    return entries;
  }

  sourcesOf(core) {
    const parents = this.entriesOf(core, "parents");
    return core.supersedes === undefined ? parents : [...parents, core.supersedes];
  }

  /** The leaf list whose root is the content's, with as many leaves as the content has segments (ATT-3, CON-8). */
  #leafListOf({ content: { format, sizeBytes, root } }) {
    const segments = Math.ceil((sizeBytes - (format === "floe" ? 74 : 0)) / 2 ** 20);
    const leafBytes = root.bare.length;
    return this.#leafLists.find(({ bytes }) => {
      if (segments === 0 || bytes.length !== segments * leafBytes) return false;
      const leaves = Array.from({ length: segments }, (_, index) =>
        bytes.subarray(index * leafBytes, (index + 1) * leafBytes),
      );
      return treeRoot(root.algorithm, leaves).equals(root.bare);
    });
  }

  /** ATT-3: each attachment is named by the core, by an anchor, or by an attachment that is itself named. */
  checkNamed(artifact) {
    const named = new Set();
    const addSigned = (kind, name) => {
      const found = this.#attached.get(`${kind} ${name}`);
      if (found === undefined) return;
      const isNew = !named.has(found);
      named.add(found);
      if (kind === "policy" && isNew)
        for (const release of releasesOf(this.get("policy", name).document).values()) addSigned("policy", release);
    };
    const addState = ({ core, anchors }) => {
      for (const list of [core.layers, core.lineage.parents]) if (list.named) addSigned("longList", list.named);
      const { receipts } = core.lineage;
      if (receipts.named) named.add(this.#attached.get(`longList ${receipts.named}`)); // ART-9: named, and not read
      for (const { policy } of this.entriesOf(core, "layers")) addSigned("policy", policy);
      for (const approval of core.lineage.approvals ?? []) addSigned("approval", approval);
      for (const { evidence } of anchors) if (evidence.batch) addSigned("root", evidence.batch.root);
      for (const reference of this.sourcesOf(core)) {
        const source = this.findSource(reference);
        if (source === null || named.has(source)) continue;
        named.add(source);
        addState(source);
      }
    };
    addState(artifact);
    named.add(this.#leafListOf(artifact.core)); // its own content's, no source's
    must(
      artifact.attachments.every((attachment) => named.has(attachment)),
      "attachment-unnamed",
    );
  }
}
