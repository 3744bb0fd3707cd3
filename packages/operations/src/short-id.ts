/** Returns the id of a container, an image or a network as responses show it: the first 12 characters. */
export function shortId(id: string): string {
  return id.trim().slice(0, 12);
}
