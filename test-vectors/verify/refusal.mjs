// A refusal is a code of spec 9; anything else that is thrown is a fault of this verifier.
export class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export function refuse(code) {
  throw new Refusal(code);
}

export function must(holds, code) {
  if (!holds) refuse(code);
}

/** What a reading gives: its value, or the code of its refusal. */
export function attempt(read) {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code };
    throw error;
  }
}
