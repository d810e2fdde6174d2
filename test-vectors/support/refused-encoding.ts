// Refusals of encoding: one rule a case, in different parts of the artifact. All digests and signatures are over the bytes
// as they stand, so that nothing else is wrong.
import { anchor, chainOf, joined, sealed } from "./chain.ts";
import { draft, policy } from "./draft.ts";
import type { DraftOptions } from "./draft.ts";
import type { Header } from "./cose.ts";
import { Entries, Raw, encodeRaw } from "./raw-cbor.ts";
import type { Loose } from "./raw-cbor.ts";
import { refused } from "./vector.ts";
import type { Case } from "./vector.ts";

const entriesOf = (map: Header): (readonly [Loose, Loose])[] => [...map];

async function ofCore(rawCore: (core: Header) => Loose): Promise<Uint8Array> {
  return joined(await sealed({ rawCore }));
}

async function coreCases(): Promise<Case[]> {
  const swapped = (core: Header): Loose => {
    const [first, second, ...rest] = entriesOf(core);
    return new Entries([second!, first!, ...rest]);
  };
  const repeated = (core: Header): Loose =>
    new Entries(entriesOf(core).flatMap((entry) => (entry[0] === 4 ? [entry, entry] : [entry])));
  const deep = (core: Header): Loose =>
    core.set(13, new Map([["urn:example:deep", Array.from({ length: 14 }).reduce<Loose>((inner) => [inner], 1)]]));
  return [
    refused(
      "encoding-revision-not-shortest",
      "cbor-not-shortest",
      ["CBR-2"],
      "the core's revision as 18 00",
      await ofCore((core) => core.set(2, new Raw("1800"))),
    ),
    refused(
      "encoding-core-keys-unsorted",
      "cbor-key-order",
      ["CBR-6", "ART-3"],
      "the core's first two members exchanged",
      await ofCore(swapped),
    ),
    refused("encoding-core-key-twice", "cbor-key-order", ["CBR-6"], "the core's issuer twice", await ofCore(repeated)),
    refused(
      "encoding-revision-float",
      "cbor-type",
      ["CBR-1"],
      "the core's revision as the float 0.0",
      await ofCore((core) => core.set(2, new Raw("f90000"))),
    ),
    refused(
      "encoding-issued-at-tagged",
      "cbor-type",
      ["CBR-1"],
      "the core's time under tag 1",
      await ofCore((core) => core.set(3, new Raw(Buffer.concat([Buffer.of(0xc1), encodeRaw(core.get(3)!)])))),
    ),
    refused(
      "encoding-undefined",
      "cbor-type",
      ["CBR-1"],
      "undefined in the core's ext",
      await ofCore((core) => core.set(13, new Map([["urn:example:note", new Raw("f7")]]))),
    ),
    refused(
      "encoding-issuer-not-utf8",
      "cbor-utf8",
      ["CBR-5"],
      "a byte of the issuer that isn't UTF-8",
      await ofCore((core) => core.set(4, new Raw("6575726e3aff"))),
    ),
    refused(
      "encoding-media-type-byte-order-mark",
      "cbor-utf8",
      ["CBR-5"],
      "a media type that begins with a byte order mark",
      await ofCore((core) => core.set(6, (core.get(6) as Header).set(5, new Raw("68efbbbf746578742f")))),
    ),
    refused(
      "encoding-revision-too-large",
      "cbor-integer",
      ["CBR-1"],
      "a revision of 2^53",
      await ofCore((core) => core.set(2, new Raw("1b0020000000000000"))),
    ),
    refused("encoding-17-levels", "cbor-depth", ["CBR-4"], "nesting 17 levels deep", await ofCore(deep)),
    refused(
      "encoding-layers-indefinite",
      "cbor-indefinite",
      ["CBR-2"],
      "the layers as an array of indefinite length",
      await ofCore((core) =>
        core.set(
          7,
          new Raw(Buffer.concat([Buffer.of(0x9f), encodeRaw((core.get(7) as Loose[])[0]!), Buffer.of(0xff)])),
        ),
      ),
    ),
    refused(
      "encoding-mixed-keys",
      "cbor-type",
      ["CBR-1"],
      "parameters with a text and an integer key",
      await ofCore((core) =>
        core.set(
          7,
          (core.get(7) as Header[]).map((layer) =>
            layer.set(
              2,
              new Entries([
                [1, "b"],
                ["a", "b"],
              ]),
            ),
          ),
        ),
      ),
    ),
    refused(
      "encoding-list-longer-than-bytes",
      "cbor-truncated",
      ["CBR-3"],
      "a last list of 2^32 − 1 status entries, none there",
      await ofCore(
        (core) =>
          new Entries([...entriesOf(core).filter(([key]) => (key as number) < 10), [10, new Raw("9affffffff")]]),
      ),
    ),
    refused(
      "encoding-core-trailing",
      "cbor-trailing",
      ["CBR-6"],
      "a byte after the core's map",
      await ofCore((core) => new Raw(Buffer.concat([encodeRaw(core), Buffer.of(0)]))),
    ),
  ];
}

async function elsewhereCases(): Promise<Case[]> {
  const bytes = joined(await sealed());
  const keys: DraftOptions = {
    rawKeys: ([recipients, exposures]) => [
      new Raw(Buffer.concat([Buffer.of(0x98, 1), encodeRaw((recipients as Loose[])[0]!)])),
      exposures!,
    ],
  };
  const base = chainOf(await draft());
  const statement = await anchor(base, {
    rawStatement: (map) => new Raw(Buffer.concat([encodeRaw(map), Buffer.of(0xf6)])),
  });
  const tagged = await anchor(base, {
    anchor: (map) => map.set(2, new Raw(Buffer.concat([Buffer.of(0xd8, 98), encodeRaw(map.get(2)!)]))),
  });
  const header = await anchor(base, {
    cose: {
      signers: ([entry]) => [
        [new Raw(Buffer.concat([Buffer.of(0x58, 2), Buffer.of(0xa0, 0)])), ...(entry as Loose[]).slice(1)],
      ],
    },
  });
  const document = await policy("research", {
    raw: (map) => new Raw(Buffer.concat([encodeRaw(map), Buffer.of(0xf6)])),
  });
  const sorted = await policy("research", { raw: (map) => new Entries(entriesOf(map)) });
  return [
    refused(
      "encoding-artifact-trailing",
      "cbor-trailing",
      ["CBR-6"],
      "a byte after the artifact",
      Buffer.concat([bytes, Buffer.of(0)]),
    ),
    refused(
      "encoding-artifact-truncated",
      "cbor-truncated",
      ["CBR-3"],
      "the artifact without its last byte",
      bytes.subarray(0, -1),
    ),
    refused(
      "encoding-artifact-attachments-indefinite",
      "cbor-indefinite",
      ["CBR-2"],
      "the attachments as an array of indefinite length",
      joined(await sealed(), {
        members: (members) => [
          ...members.slice(0, 5),
          new Raw(Buffer.concat([Buffer.of(0x9f), ...(members[5] as Loose[]).map(encodeRaw), Buffer.of(0xff)])),
        ],
      }),
    ),
    refused(
      "encoding-recipients-not-shortest",
      "cbor-not-shortest",
      ["CBR-2"],
      "the number of recipients as 98 01",
      joined(await sealed(keys)),
    ),
    refused(
      "encoding-statement-trailing",
      "cbor-trailing",
      ["CBR-6", "ANC-1"],
      "an item after the statement's map",
      joined(statement),
    ),
    refused("encoding-cose-tagged", "cbor-type", ["COS-1", "CBR-1"], "a COSE_Sign under its tag 98", joined(tagged)),
    refused(
      "encoding-header-not-shortest",
      "cbor-not-shortest",
      ["COS-1", "CBR-2"],
      "a signer's protected header with its length as 58 02",
      joined(header),
    ),
    refused(
      "encoding-document-trailing",
      "cbor-trailing",
      ["POM-1", "CBR-6"],
      "an item after the policy document",
      joined(await sealed({ policies: [document] })),
    ),
    refused(
      "encoding-document-unsorted",
      "cbor-key-order",
      ["POM-1", "CBR-6"],
      "a policy document with its members in the order of its author",
      joined(await sealed({ policies: [sorted] })),
    ),
    refused(
      "encoding-too-large",
      "input-too-large",
      ["CBR-6", "ING-2"],
      "an artifact a byte over the reader's limit",
      bytes,
      { limits: { maxArtifactBytes: bytes.length - 1 } },
    ),
  ];
}

/** Negative cases of encoding. */
export async function refusedEncoding(): Promise<Case[]> {
  return [...(await coreCases()), ...(await elsewhereCases())];
}
