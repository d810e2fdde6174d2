// Packs with one fault that others would hide: a tree size that fits the path, receipts that stand there twice, receipts and reports that no
// root dates.
import { joined, sealed } from "./chain.ts";
import { pack, packed, receipt, rootOver } from "./evidence-draft.ts";
import type { Item } from "./evidence-draft.ts";
import { seconds } from "./material.ts";
import { report } from "./report-vectors.ts";

interface Limit {
  readonly id: string;
  readonly title: string;
  readonly spec: readonly string[];
  readonly pack: Uint8Array;
  readonly trust?: string;
  readonly now?: string;
  readonly expect: { readonly code: string };
}

/** Cases of packs at their limits. */
export async function refusedEvidenceLimits(): Promise<Limit[]> {
  const chain = await sealed();
  const artifact: Item = [1, joined(chain)];
  const five = Array.from({ length: 5 }, (_, index) => receipt(chain, index));
  const root = await rootOver(five);
  const sized = packed(five[0]!, { receipts: five, index: 0, root }, (place) => void place.set(1, 6));
  const madeAt = seconds("2026-02-20T00:00:00Z");
  const late = receipt(chain, 0, (map) => void map.set(23, madeAt + 301));
  const under = (receipts: typeof five, at: number, over: Uint8Array): Item => [
    2,
    packed(receipts[at]!, { receipts, index: at, root: over }),
  ];
  const two = five.slice(0, 2);
  const rootOfTwo = await rootOver(two);
  const twice = async (id: string, title: string, ...items: readonly Item[]): Promise<Limit> => ({
    id,
    title,
    spec: ["EVP-3"],
    pack: await pack([artifact, ...items]),
    expect: { code: "evidence-pack" },
  });
  const before = (id: string, title: string, bytes: Uint8Array): Limit => ({
    id,
    title,
    spec: ["EVP-2"],
    pack: bytes,
    expect: { code: "evidence-pack" },
  });
  return [
    {
      id: "size-that-fits-the-path",
      title: "six as the tree size of a root over five, where the path leads to the root in both",
      spec: ["EVP-3"],
      pack: await pack([artifact, [2, sized], [3, root]]),
      expect: { code: "receipt-root" },
    },
    await twice(
      "receipt-twice",
      "a receipt with its place and once more without",
      under(five, 0, root),
      [2, packed(five[0]!, null)],
      [3, root],
    ),
    await twice(
      "receipt-under-two-roots",
      "a receipt with its place under each of two roots",
      under(five, 0, root),
      under(two, 0, rootOfTwo),
      [3, root],
      [3, rootOfTwo],
    ),
    before(
      "before-its-receipt",
      "packed 301 s before a receipt that no root is over",
      await pack([artifact, [2, packed(late, null)]], { madeAt }),
    ),
    before(
      "before-its-report-ended",
      "packed 301 s before a report in it ended",
      await pack([artifact, [4, await report()]], { madeAt: seconds("2026-02-01T09:01:00Z") - 301 }),
    ),
  ];
}
