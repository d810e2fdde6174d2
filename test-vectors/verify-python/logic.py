"""Expressions of three values (spec 4.1) and the facts that an unknown one needs (RSN-2)."""

FALSE, UNKNOWN, TRUE = 0, 1, 2


class Leaf:
    """A value that is known, or unknown for want of facts."""

    def __init__(self, value, facts=()):
        self.value = value
        self.facts = frozenset(facts)

    def need(self, want):
        if self.value == want:
            return frozenset()
        return self.facts if self.value == UNKNOWN else None

    def can(self, want, facts):
        return self.value == want or (self.value == UNKNOWN and self.facts <= facts)


class Not:
    def __init__(self, inner):
        self.inner = inner
        self.value = TRUE - inner.value

    def need(self, want):
        return self.inner.need(TRUE - want)

    def can(self, want, facts):
        return self.inner.can(TRUE - want, facts)


class _Many:
    def __init__(self, operands):
        self.operands = list(operands)
        self.value = self.join([one.value for one in self.operands] + [self.neutral])

    def need(self, want):
        if self.value == want:
            return frozenset()
        if self.value != UNKNOWN:
            return None
        needs = [one.need(want) for one in self.operands if one.value == UNKNOWN]
        if want == self.neutral:  # all of the unknown operands are needed
            return None if None in needs else frozenset().union(*needs)
        return min((one for one in needs if one is not None), key=len, default=None)

    def can(self, want, facts):
        judge = all if want == self.neutral else any
        return judge(one.can(want, facts) for one in self.operands)


class And(_Many):
    join, neutral = min, TRUE


class Or(_Many):
    join, neutral = max, FALSE


def known(holds):
    return Leaf(TRUE if holds else FALSE)


def missing(verdict):
    """RSN-2: the facts that could make an unknown verdict true."""
    if verdict.value != UNKNOWN:
        return []
    rest = set(verdict.need(TRUE) or ())
    for fact in sorted(rest):
        if verdict.can(TRUE, frozenset(rest - {fact})):
            rest.discard(fact)
    return sorted(rest)
