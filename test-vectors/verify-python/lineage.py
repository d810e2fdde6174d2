"""Lineage (spec 5.3): every source that is at hand, nearest first, as of what names it."""

from collections import deque

import cbor
import chain
import holdings
import policies
from refusal import need
from trust import sha384

LATER = 300


class State:
    """A core with its layers and its judged anchors."""

    def __init__(self, core, core_bytes, layers, anchors):
        self.core = core
        self.core_bytes = core_bytes
        self.layers = layers
        self.anchors = anchors

    def layers_digest(self):
        """APR-1: the SHA-384 of the set of layers."""
        return sha384(cbor.encode(self.layers))


class Walk:
    def __init__(self):
        self.complete = True
        self.names = []  # of the cores of sources that were checked


def verify(held, state, trust):
    """LIN-2 to LIN-9 and APR-7 from an artifact up to originals."""
    walk, queue, done = Walk(), deque([state]), set()
    while queue:
        child = queue.popleft()
        references = held.references(child.core)
        approvals = policies.Approvals(child, references, held, trust)
        at = chain.lineage_time(child.anchors)
        for reference in references:
            source = held.source(reference)
            if source is None:
                walk.complete = False  # LIN-6
                continue
            parent = verify_source(source, held, trust, at)
            check_link(child, parent, reference, approvals, held)
            name = sha384(parent.core_bytes)
            if name not in walk.names:
                walk.names.append(name)
            if (id(source), at) not in done:
                done.add((id(source), at))
                queue.append(parent)
        check_first_revision(child, held, walk)
    return walk


def verify_source(source, held, trust, at):
    """LIN-2: the evidence of a source, judged at `at`."""
    layers = held.layers(source.core)
    anchors = chain.verify(source.anchors, source.core, source.core_bytes, None, source.roots, trust, at)  # LIN-6
    chain.judge(anchors, trust, at)
    need(anchors[0].counts, "suite-lapsed")
    policies.verify(layers, anchors, held, trust, None if anchors[0].signer.scope is None else "parent-missing")
    return State(source.core, source.core_bytes, layers, anchors)


def check_link(child, parent, reference, approvals, held):
    core, old = child.core, parent.core
    need(reference[1] == old[1], "parent-digest", "artifact id")  # LIN-2
    sealed = child.anchors[0].time
    need(parent.anchors[0].time <= sealed, "lineage-time")  # LIN-6
    need(parent.anchors[-1].time <= sealed + LATER, "lineage-time")
    superseded = reference[4] == "superseded"
    first_amends = superseded and acts_as_first_issuer(child, held)
    if superseded:
        check_revision(core, old, first_amends)
    check_layers(child, parent, approvals, held)
    if not first_amends:
        check_status(core, old)
        check_rule(core, old)


def first_revision(core, held):
    """The first revision of an artifact, or None where the way to it isn't at hand."""
    while 11 in core:
        source = held.source(core[11])
        if source is None:
            return None
        core = source.core
    return core


def acts_as_first_issuer(child, held):
    """LIN-9: role derive has a first issuer's rights over what has parents alone."""
    if 11 not in child.core or child.core[4] != child.core[5]:
        return False
    first = first_revision(child.core, held)
    return child.anchors[0].signer.role != "derive" or first is None or len(held.references(first)) > 0


def check_revision(core, old, first_amends):
    """LIN-8."""
    need(core[1] == old[1] and core[5] == old[5] and core[2] == old[2] + 1, "parent-digest")
    new_content, old_content = core[6], old[6]
    need(all(new_content.get(key) == old_content.get(key) for key in (1, 2, 3, 4, 6)), "parent-digest", "content")
    need(first_amends or new_content.get(5) == old_content.get(5), "parent-digest", "media type")


def check_layers(child, parent, approvals, held):
    """LIN-3."""
    operation = child.core[9][1]
    kept = {}
    for layer in child.layers:
        kept.setdefault(_same_part(layer), []).append(set(layer.get(3, [])))
    names = {layer[1][1] for layer in child.layers}
    for layer in parent.layers:
        if any(set(layer.get(3, [])) <= via for via in kept.get(_same_part(layer), [])):
            continue
        policy = held.policy(layer[1][1])
        need(policy is not None, "parent-missing")
        if holdings.release_policies(policy[1]).get(operation) in names:
            continue
        need(approvals.given, "layer-dropped")
        approvals.lower(layer, held)


def _same_part(layer):
    """Policy and parameters as bytes, so that true isn't 1."""
    return cbor.encode([layer[1], layer.get(2, {})])


def check_status(core, old):
    """LIN-5."""
    need(all(entry in core[10] for entry in old[10]), "parent-status")


def check_rule(core, old):
    """RCP-10."""
    rule, outer = core[8], old[8]
    for member in (1, 2, 3, 4, 5):
        if member in outer:
            need(member in rule and set(rule[member]) <= set(outer[member]), "custody-rule")
    pairs = rule.get(6, {})
    need(all(pairs.get(key) == value for key, value in outer.get(6, {}).items()), "custody-rule")
    need(set(outer.get(7, [])) <= set(rule.get(7, [])), "custody-rule")


def check_first_revision(child, held, walk):
    """LIN-9: the first issuer keeps what the parents of the first revision set before him."""
    if not acts_as_first_issuer(child, held):
        return
    core = first_revision(child.core, held)
    if core is None:
        walk.complete = False
        return
    for reference in held.references(core):
        source = held.source(reference)
        if source is None:
            walk.complete = False
            continue
        check_status(child.core, source.core)
        check_rule(child.core, source.core)
