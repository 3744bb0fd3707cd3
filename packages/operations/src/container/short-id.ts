/** Returns a container's or an image's id as responses show it: the first 12 characters. */
export function shortId(id: string): string {
  return id.trim().slice(0, 12);
}
