"""What an artifact brings beside itself: attachments (ATT-1 to ATT-3), the store (ATT-5), long lists (ART-9)."""

import cbor
import chain
import content
import cose
import forms
import merkle
from refusal import need
from trust import sha384

POLICY, ROOT, LEAVES, SOURCE, LIST, APPROVAL = 1, 2, 3, 4, 5, 6


class Source:
    """A source at hand: core and anchors, with the root messages of its anchors."""

    def __init__(self, core_bytes, core, anchors, roots):
        self.core_bytes = core_bytes
        self.core = core
        self.anchors = anchors
        self.roots = roots


class Holdings:
    def __init__(self, attachments, store):
        self.store = {sha384(one): one for one in store}
        self.attached = {}  # (kind, SHA-384) -> bytes
        self.leaf_lists = []
        self.attached_sources = []
        self.sources = {}  # (core digest, anchors digest) -> Source
        self.policies = {}  # name -> what parse_policy gives
        for data in attachments:
            self._attachment(data)
        self.left = set(self.attached)  # not named yet
        for data in self.attached_sources:
            self._keep_source(data)

    def _attachment(self, data):
        value = cbor.decode(data)
        forms.form(isinstance(value, list) and len(value) == 2, "an attachment")  # ATT-1
        kind, held = value
        forms.form(type(kind) is int and 1 <= kind <= 6 and isinstance(held, bytes), "an attachment")
        self.attached[kind, sha384(held)] = held
        need(kind != ROOT or len(held) <= 32 * 1024, "input-too-large")  # BAT-3
        if kind == SOURCE:
            forms.parse_source(held)
            self.attached_sources.append(held)

    def _keep_source(self, data):
        core_bytes, core, anchors = forms.parse_source(data)
        source = Source(core_bytes, core, anchors, self.roots_of(anchors))
        earlier = chain.earlier_bytes(anchors, source.roots)
        self.sources[sha384(core_bytes), sha384(earlier)] = source
        source.attachment = (SOURCE, sha384(data))

    def get(self, kind, name):
        """What stands under a name, attached or in the store; None where it is in neither."""
        self.left.discard((kind, name)) if hasattr(self, "left") else None
        return self.attached.get((kind, name)) or self.store.get(name)

    def need(self, kind, name):
        held = self.get(kind, name)
        need(held is not None, "attachment-missing")
        return held

    def roots_of(self, anchors):
        """The root messages of anchors by name (ANC-4)."""
        return {one.root_name: self.need(ROOT, one.root_name) for one in anchors if one.root_name}

    def policy(self, name):
        """POM-1: the parsed policy message of that name, or None."""
        if name not in self.policies:
            held = self.get(POLICY, name)
            self.policies[name] = forms.parse_policy(held) if held is not None else None
        return self.policies[name]

    def source(self, reference):
        """LIN-1, ATT-5: the source in the state that a reference names, or None."""
        key = reference[2][1], reference[3][1]
        if key not in self.sources:
            self.sources[key] = self._from_store(*key)
        return self.sources[key]

    def _from_store(self, core_name, anchors_name):
        core_bytes, pairs_bytes = self.store.get(core_name), self.store.get(anchors_name)
        if core_bytes is None or pairs_bytes is None:
            return None
        core = forms.parse_core(core_bytes)
        pairs = cbor.decode(pairs_bytes)
        forms.list_of(lambda one: forms.form(isinstance(one, list) and len(one) == 2), 1, 4096)(pairs)
        anchors = forms.parse_anchors([pair[0] for pair in pairs])
        roots = {}
        for anchor, (_, root) in zip(anchors, pairs):
            if anchor.root_name:
                forms.form(isinstance(root, bytes) and sha384(root) == anchor.root_name, "a root message")
                roots[anchor.root_name] = root
            else:
                forms.form(root is None, "a root message of a direct anchor")
        return Source(core_bytes, core, anchors, roots)

    def layers(self, core):
        """ART-9: the layers in force."""
        if not forms.is_name(core[7]):
            return core[7]
        return forms.parse_long_list(self.need(LIST, core[7][1]), forms.layer, 65, 1024)

    def references(self, core):
        """Parents in their order, then the superseded revision."""
        parents = core[9][2]
        if forms.is_name(parents):
            parents = forms.parse_long_list(self.need(LIST, parents[1]), forms.source_reference, 257, 4096)
            forms.form(all(one[4] == "parent" for one in parents), "role of parents")
        return parents + ([core[11]] if 11 in core else [])

    def check_named(self, core, anchors):
        """ATT-3: every attachment is named."""
        self.left = set(self.attached)
        cores, policies, seen = [(core, anchors)], [], set()
        while cores:
            one, its_anchors = cores.pop()
            policies += [layer[1][1] for layer in self.layers(one)]
            for anchor in its_anchors:
                self.left.discard((ROOT, anchor.root_name))
            if forms.is_name(one[9][3]):
                self.left.discard((LIST, one[9][3][1]))  # ART-9: named, and not read
            for approval in one[9].get(5, []):
                self.left.discard((APPROVAL, approval[1]))
            for reference in self.references(one):
                source = self.source(reference)
                if source and id(source) not in seen:
                    seen.add(id(source))
                    self.left.discard(getattr(source, "attachment", None))
                    cores.append((source.core, source.anchors))
        named = set()
        while policies:
            name = policies.pop()
            self.left.discard((POLICY, name))
            if name not in named and self.policy(name):
                named.add(name)
                policies += release_policies(self.policy(name)[1]).values()
        self._name_leaf_list(core[6])
        need(not self.left, "attachment-unnamed")

    def _name_leaf_list(self, stated):
        algorithm, root = stated[3]
        size = cose.HASH_BYTES[algorithm]
        for key in [key for key in self.left if key[0] == LEAVES]:
            held = self.attached[key]
            count = -(-(stated[2] - (content.HEADER if stated[1] == "floe" else 0)) // content.SEGMENT)
            leaves = [held[at : at + size] for at in range(0, len(held), size)]
            if held and len(held) == count * size and merkle.root(algorithm, leaves) == root:
                self.left.discard(key)


def release_policies(document):
    """The policies that a document names for release, by operation, as far as it is well formed (POL-17)."""
    found = {}
    derive = document.get("derive")
    for operation, entry in derive.items() if isinstance(derive, dict) else ():
        release = entry.get("release") if isinstance(entry, dict) else None
        name = release.get("policy") if isinstance(release, dict) else None
        if isinstance(name, str) and name.startswith("sha384:"):
            try:
                found[operation] = bytes.fromhex(name[7:])
            except ValueError:
                pass
    return found
