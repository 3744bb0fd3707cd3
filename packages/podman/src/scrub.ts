const absolutePath = /(?<![\w:/.])\/[\w.@+-]+(?:\/[\w.@+-]*)*/g;

/** Takes the host's paths out of podman's words; those that stand in its arguments are the caller's own. */
export function scrub(words: string, args: readonly string[]): string {
  return words.replace(absolutePath, path => (args.some(arg => arg.includes(path)) ? path : '<path on the host>'));
}
