import { admit } from "../admit.ts";
import { type Operations, reading, writing } from "../call.ts";
import { KmsFault } from "../fault.ts";
import { findOwnKey, keyIdField } from "../find-key.ts";
import type { Key } from "../key.ts";
import { pageFields, pageOf } from "../page.ts";
import { type Field, list, structure, text } from "../shape.ts";

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

const maxTags = 50;

/** A tag as requests carry it. */
export const tagField: Field<Tag> = structure({
  TagKey: text({ min: 1, max: 128 }),
  TagValue: text({ min: 0, max: 256 }),
});

// Source: AWS KMS API Reference, TagResource, UntagResource, ListResourceTags.
/** TagResource, UntagResource, ListResourceTags. */
export const tagOperations: Operations = {
  TagResource: writing({ KeyId: keyIdField, Tags: list(tagField) }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "TagResource", tags: input.Tags });
    addTags(key, input.Tags);
    return undefined;
  }),

  UntagResource: writing({ KeyId: keyIdField, TagKeys: list(text({ min: 1, max: 128 })) }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "UntagResource", tags: input.TagKeys.map((TagKey) => ({ TagKey })) });
    input.TagKeys.forEach(assertOwnTag);
    for (const name of input.TagKeys) key.tags.delete(name);
    return undefined;
  }),

  ListResourceTags: reading({ KeyId: keyIdField, ...pageFields }, (input, call) => {
    const key = findOwnKey(call, input.KeyId);
    admit(call, { key, action: "ListResourceTags" });
    const { entries, more } = pageOf([...key.tags], ([name]) => name, { ...input, Limit: input.Limit ?? 50 });
    return { Tags: entries.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...more };
  }),
};

/** Sets tags on a key, all or none; throws TagException and LimitExceededException. */
export function addTags(key: Key, tags: readonly Tag[]): void {
  const names = new Set(tags.map((tag) => tag.TagKey));
  if (names.size < tags.length) throw new KmsFault("TagException", "Duplicate tag keys");
  names.forEach(assertOwnTag);
  if (new Set([...key.tags.keys(), ...names]).size > maxTags) {
    throw new KmsFault("LimitExceededException", `A key has at most ${maxTags} tags`);
  }
  for (const { TagKey, TagValue } of tags) key.tags.set(TagKey, TagValue);
}

function assertOwnTag(name: string): void {
  if (!name.toLowerCase().startsWith("aws:")) return;
  throw new KmsFault("TagException", "Tag keys cannot begin with aws:");
}
