/**
 * Returns a function that creates a value on its first call and returns the same one afterwards. For schemas that many operations use:
 * a schema never changes, and making one takes up to a tenth of a millisecond, in each process that starts.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
