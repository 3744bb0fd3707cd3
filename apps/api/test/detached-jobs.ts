/** Header of a request that is answered before its job has ended. */
export const detached = { Prefer: 'respond-async' } as const;

/** Returns the path of a job below `/api/v1`. @param location header `Location` of the response */
export function jobPathOf(location: string | null): string {
  return (location ?? '').replace('/api/v1', '');
}
