/** Returns a field of a JSON value by its path, such as `error.job.id`; `undefined` if it is missing. */
export function fieldOf(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, name) => {
    if (typeof found !== 'object' || found === null) return undefined;
    return Object.entries(found).find(([key]) => key === name)?.[1];
  }, value);
}

/** Returns a value that is a string; `undefined` for any other. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
