// What a governed value shows of itself: its name, to whatever prints, converts, serialises or clones it.

/** The method by which node's console and `util.inspect` ask; a symbol of the registry, so that nothing is imported. */
const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");

/** An object that is its label. What a subclass holds stands outside it, where no enumeration, clone or debugger's print goes. Spec: GOV-3. */
export class Labelled {
  /** What printing shows; the one member that a clone keeps. */
  readonly label: string;

  constructor(label: string) {
    this.label = label;
    Object.defineProperty(this, "label", { writable: false, configurable: false });
    Object.defineProperty(this, inspectSymbol, { value: () => label });
  }

  toString(): string {
    return this.label;
  }

  toJSON(): string {
    return this.label;
  }
}
