declare module "json-logic-js" {
  type Logic = boolean | string | number | readonly Logic[] | { readonly [operator: string]: unknown };
  const jsonLogic: { apply(logic: Logic, data: unknown): unknown };
  export default jsonLogic;
}
