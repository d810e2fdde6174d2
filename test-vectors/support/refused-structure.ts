// Refusals of structure, attachments and carriers. Signatures are over what stands there.
import type { Core } from "../../packages/core/src/artifact.ts";
import { carried, joined, sealed, sourceOf } from "./chain.ts";
import type { JoinOptions } from "./chain.ts";
import type { Header } from "./cose.ts";
import { policy, usualKey, wrapTo } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import { bytesOf, issuer } from "./material.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const artifactOf = async (options: DraftOptions, join?: JoinOptions): Promise<Uint8Array> =>
  joined(await sealed(options), join);
const ofCore = (editCore: (core: Header) => void): Promise<Uint8Array> => artifactOf({ editCore });
const layersOf = (core: Header): Header[] => core.get(7) as Header[];
const ofLayers = (edit: (layer: Header) => void): Promise<Uint8Array> => ofCore((core) => layersOf(core).forEach(edit));

async function outerCases(): Promise<Case[]> {
  const seal = await sealed();
  const members = (edit: (members: Loose[]) => Loose): Uint8Array => joined(seal, { members: edit });
  return [
    refused(
      "artifact-other-word",
      "format-unknown",
      ["ART-1"],
      "an array that begins with another word",
      members(([, ...rest]) => ["writ2", ...rest]),
    ),
    refused(
      "artifact-seven-members",
      "format-unknown",
      ["ART-1"],
      "an array of seven",
      members((all) => [...all, []]),
    ),
    refused(
      "artifact-version-2",
      "version-unknown",
      ["ART-2"],
      "version 2",
      members(([word, , ...rest]) => [word!, 2, ...rest]),
    ),
    refused(
      "artifact-core-not-bytes",
      "structure",
      ["ART-1"],
      "the core as a map and not as bytes",
      members(([word, version, , ...rest]) => [word!, version!, new Map([[1, 1]]), ...rest]),
    ),
    refused("artifact-no-anchors", "structure", ["ART-1"], "no anchors", joined(seal, { anchors: () => [] })),
    refused(
      "artifact-keys-of-three",
      "structure",
      ["ART-3"],
      "a keys part of three members",
      await artifactOf({ rawKeys: (keys) => [...keys, []] }),
    ),
  ];
}

async function memberCases(): Promise<Case[]> {
  return [
    refused(
      "core-unknown-member",
      "structure",
      ["ART-3"],
      "a member 14",
      await ofCore((core) => void core.set(14, "x")),
    ),
    refused(
      "core-output-integer-keys",
      "structure",
      ["ART-3"],
      "an output with integer keys",
      await ofCore((core) => void (core.get(9) as Header).set(6, new Map([[1, 10]]))),
    ),
    refused(
      "core-output-empty",
      "structure",
      ["ART-3"],
      "an output without members",
      await ofCore((core) => void (core.get(9) as Header).set(6, new Map())),
    ),
    refused(
      "core-without-status",
      "structure",
      ["ART-3"],
      "no status, not even an empty one",
      await ofCore((core) => void core.delete(10)),
    ),
    refused("core-empty-issuer", "structure", ["ART-3"], "an empty text", await ofCore((core) => void core.set(4, ""))),
    refused(
      "core-long-region",
      "structure",
      ["ART-3"],
      "a Region of 65 letters",
      await ofCore((core) => void (core.get(8) as Header).set(3, ["eu-central-1", "e".repeat(65)])),
    ),
    refused(
      "layer-65-parameters",
      "structure",
      ["ART-3"],
      "65 parameters",
      await ofLayers((layer) => void layer.set(2, new Map(Array.from({ length: 65 }, (_, n) => [`p${n}`, n])))),
    ),
    refused(
      "core-null-member",
      "structure",
      ["ART-3"],
      "`ext` as null",
      await ofCore((core) => void core.set(13, null)),
    ),
    refused(
      "layer-empty-via",
      "structure",
      ["ART-3"],
      "an empty `via`",
      await ofLayers((layer) => void layer.set(3, [])),
    ),
    refused(
      "layer-empty-parameters",
      "structure",
      ["ART-3"],
      "empty parameters",
      await ofLayers((layer) => void layer.set(2, new Map())),
    ),
    refused(
      "layer-parameter-list",
      "structure",
      ["ART-3"],
      "a parameter that is a list",
      await ofLayers((layer) => void layer.set(2, new Map([["a", ["b"]]]))),
    ),
    refused(
      "layer-via-unknown-operation",
      "structure",
      ["ART-3"],
      "an operation that there isn't in `via`",
      await ofLayers((layer) => void layer.set(3, ["digest"])),
    ),
    refused(
      "layer-name-sha256",
      "structure",
      ["ART-6"],
      "a policy named by SHA-256",
      await ofLayers((layer) => void layer.set(1, [-16, bytesOf("name", 32)])),
    ),
    refused(
      "layer-name-relabelled",
      "structure",
      ["ART-5"],
      "a name's algorithm changed to SHA-256, its bytes kept",
      await ofLayers((layer) => void layer.set(1, [-16, (layer.get(1) as Loose[])[1]!])),
    ),
    refused("core-no-layers", "structure", ["ART-3"], "no layers", await ofCore((core) => void core.set(7, []))),
    refused(
      "core-short-id",
      "structure",
      ["ART-3"],
      "an artifact id of 15 bytes",
      await ofCore((core) => void core.set(1, bytesOf("short", 15))),
    ),
    refused(
      "core-negative-time",
      "structure",
      ["ART-3"],
      "an issued-at of −1",
      await ofCore((core) => void core.set(3, -1)),
    ),
    refused(
      "core-operation-unknown",
      "structure",
      ["ART-3"],
      "a lineage of an operation that there isn't",
      await ofCore((core) => void (core.get(9) as Header).set(1, "summarise")),
    ),
    refused(
      "content-root-short",
      "structure",
      ["ART-5"],
      "a SHA-256 content root of 31 bytes",
      await ofCore((core) => void (core.get(6) as Header).set(3, [-16, bytesOf("root", 31)])),
    ),
    refused(
      "content-root-relabelled",
      "structure",
      ["ART-5"],
      "the content root's algorithm changed to SHA-384",
      await ofCore((core) => void (core.get(6) as Header).set(3, [-43, bytesOf("root", 32)])),
    ),
    refused(
      "content-root-unknown-hash",
      "structure",
      ["ART-5"],
      "a content root under a hash that isn't in use",
      await ofCore((core) => void (core.get(6) as Header).set(3, [-18, bytesOf("root", 32)])),
    ),
    refused(
      "content-floe-without-header",
      "structure",
      ["ART-7"],
      "format floe without header",
      await ofCore((core) => void (core.get(6) as Header).delete(4)),
    ),
    refused(
      "content-opaque-with-header",
      "structure",
      ["ART-7"],
      "format opaque with a header",
      await ofCore((core) => void (core.get(6) as Header).set(1, "opaque")),
    ),
    refused(
      "content-floe-without-recipient",
      "structure",
      ["ART-11"],
      "format floe without recipients",
      await artifactOf({ wraps: [] }),
    ),
    refused(
      "recipient-unknown-kind",
      "structure",
      ["RCP-1"],
      "a recipient of a kind that there isn't",
      await artifactOf({
        rawKeys: ([recipients, exposures]) => [
          (recipients as Header[]).map((one) => one.set(1, "kms-ecdh")),
          exposures!,
        ],
      }),
    ),
    refused(
      "recipient-short-wrap",
      "structure",
      ["RCP-1"],
      "a wrapped key of 39 bytes",
      await artifactOf({ wraps: [wrapTo("a", usualKey, { wrappedKey: bytesOf("wrap", 39) })] }),
    ),
    refused(
      "exposure-unknown-kind",
      "structure",
      ["RCP-7"],
      "an exposure of a kind that there isn't",
      await artifactOf({
        rawKeys: ([recipients]) => [
          recipients!,
          [
            new Map<number, Loose>([
              [1, "none"],
              [2, usualKey],
              [3, 1],
            ]),
          ],
        ],
      }),
    ),
  ];
}

async function ruleCases(): Promise<Case[]> {
  const parent = await sealed({ label: "c" });
  const source = sourceOf(parent);
  const superseded = sourceOf(parent, "superseded");
  const lineage = { operation: "seal", parents: [], receipts: [], actor: issuer.authority } as const;
  const core = (change: Partial<Core>): Promise<Uint8Array> =>
    artifactOf({ core: change, attachments: carried(parent) });
  const amend = { ...lineage, operation: "amend" } as const;
  return [
    refused(
      "revision-without-supersedes",
      "structure",
      ["ART-7"],
      "revision 1 that supersedes nothing",
      await artifactOf({ core: { revision: 1 } }),
    ),
    refused(
      "revision-0-supersedes",
      "structure",
      ["ART-7"],
      "revision 0 that supersedes something",
      await core({ supersedes: superseded, lineage: amend }),
    ),
    refused(
      "revision-not-amend",
      "structure",
      ["ART-7"],
      "a revision of operation aggregate, as if it could release",
      await core({ revision: 1, supersedes: superseded, lineage: { ...lineage, operation: "aggregate" } }),
    ),
    refused(
      "revision-supersedes-parent",
      "structure",
      ["ART-7"],
      "`supersedes` of role parent",
      await core({ revision: 1, supersedes: source, lineage: amend }),
    ),
    refused(
      "parent-of-role-superseded",
      "structure",
      ["ART-7"],
      "a parent of role superseded",
      await core({ lineage: { ...lineage, operation: "aggregate", parents: [superseded] } }),
    ),
    refused(
      "seal-with-parents",
      "structure",
      ["ART-7"],
      "operation seal with a parent",
      await core({ lineage: { ...lineage, parents: [source] } }),
    ),
    refused(
      "first-issuer-other",
      "structure",
      ["ART-7", "CON-1"],
      "revision 0 that names another first issuer, to adopt his ciphertext",
      await artifactOf({ core: { firstIssuer: "urn:example:other-issuer" } }),
    ),
    refused(
      "crit-unknown",
      "crit-unknown",
      ["ART-8"],
      "a critical extension",
      await artifactOf({ core: { ext: new Map([["urn:example:must", true]]), crit: ["urn:example:must"] } }),
    ),
    refused(
      "crit-not-in-ext",
      "structure",
      ["ART-8"],
      "`crit` that names no member of `ext`",
      await artifactOf({ core: { ext: new Map([["urn:example:may", true]]), crit: ["urn:example:must"] } }),
    ),
    refused(
      "crit-without-ext",
      "structure",
      ["ART-8"],
      "`crit` without `ext`",
      await artifactOf({ core: { crit: ["urn:example:must"] } }),
    ),
  ];
}

async function orderCases(): Promise<Case[]> {
  const two = [await policy("one"), await policy("two")];
  const reversed =
    (member: number, inner?: number) =>
    (core: Header): void => {
      const map = inner === undefined ? core : (core.get(member) as Header);
      const key = inner ?? member;
      map.set(key, (map.get(key) as Loose[]).toReversed());
    };
  const twice = (core: Header): void =>
    void core.set(
      7,
      layersOf(core).flatMap((layer) => [layer, layer]),
    );
  const wraps = [
    wrapTo("a"),
    wrapTo("a", "aws-kms:arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"),
  ];
  const status = [
    { uri: "https://status.example/1", index: 1 },
    { uri: "https://status.example/1", index: 2 },
  ];
  return [
    refused(
      "set-layers-unsorted",
      "set-order",
      ["ART-4"],
      "layers in another order",
      await artifactOf({ policies: two, editCore: reversed(7) }),
    ),
    refused("set-layer-twice", "set-order", ["ART-4"], "one layer twice", await ofCore(twice)),
    refused(
      "set-via-unsorted",
      "set-order",
      ["ART-4"],
      "`via` in the order of the alphabet: by bytes, `read` is before `aggregate`",
      await ofLayers((layer) => void layer.set(3, ["aggregate", "read"])),
    ),
    refused(
      "set-custodies-twice",
      "set-order",
      ["ART-4"],
      "one custody twice in the custody rule",
      await ofCore((core) => void (core.get(8) as Header).set(1, ["aws-kms", "aws-kms"])),
    ),
    refused(
      "set-status-unsorted",
      "set-order",
      ["ART-4"],
      "status entries in another order",
      await artifactOf({ core: { status }, editCore: reversed(10) }),
    ),
    refused(
      "set-recipients-unsorted",
      "set-order",
      ["ART-4"],
      "recipients in another order",
      await artifactOf({
        wraps,
        rawKeys: ([recipients, exposures]) => [(recipients as Loose[]).toReversed(), exposures!],
      }),
    ),
    refused(
      "set-attachments-unsorted",
      "set-order",
      ["ART-4"],
      "attachments in another order",
      await artifactOf(
        { policies: two },
        { members: (members) => [...members.slice(0, 5), (members[5] as Loose[]).toReversed()] },
      ),
    ),
    refused(
      "set-attachment-twice",
      "set-order",
      ["ART-4"],
      "one attachment twice",
      await artifactOf(
        {},
        { members: (members) => [...members.slice(0, 5), [(members[5] as Loose[])[0]!, (members[5] as Loose[])[0]!]] },
      ),
    ),
  ];
}

/** Negative cases of structure. */
export async function refusedStructure(): Promise<Case[]> {
  return (await Promise.all([outerCases(), memberCases(), ruleCases(), orderCases()])).flat();
}
