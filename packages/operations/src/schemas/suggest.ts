/**
 * Maps field names of other tools (without `_` and `-`) to fields of this API. The first field that the request accepts is
 * suggested.
 */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['env', ['environment']],
  ['envs', ['environment']],
  ['envvars', ['environment']],
  ['cmd', ['command']],
  ['args', ['command']],
  ['volume', ['volumes']],
  ['binds', ['volumes']],
  ['mounts', ['volumes']],
  ['publish', ['ports']],
  ['portbindings', ['ports']],
  ['cwd', ['work_dir']],
  ['workingdir', ['work_dir']],
  ['mem', ['memory']],
  ['memlimit', ['memory']],
  ['memorylimit', ['memory']],
  ['cpu', ['cpus']],
  ['nanocpus', ['cpus']],
  ['restart', ['restart_policy']],
  ['pull', ['pull_policy']],
  ['net', ['network']],
  ['networkmode', ['network']],
  ['containername', ['name']],
  ['path', ['dest_path', 'work_dir']],
  ['dest', ['dest_path']],
  ['file', ['dest_path']],
  ['filename', ['dest_path']],
  ['data', ['content']],
  ['body', ['content']],
  ['contents', ['content']],
  ['permissions', ['mode']],
  ['input', ['stdin']],
  ['user', ['username']],
  ['login', ['username']],
  ['passwd', ['password']],
  ['lines', ['tail']],
  ['limit', ['tail']],
]);

/** Longer names are not compared with the fields. */
const maxNameLength = 40;

/**
 * Returns the field that an unknown name probably means: another tool's name for it, a different spelling, or one with
 * a letter or two wrong; `undefined` if there is none.
 */
export function suggestField(name: string, fields: readonly string[]): string | undefined {
  if (name.length > maxNameLength) return undefined;
  const wanted = plain(name);
  const same = fields.find(field => plain(field) === wanted);
  const alias = aliases.get(wanted)?.find(field => fields.includes(field));
  if (same !== undefined || alias !== undefined) return same ?? alias;
  const near = fields
    .map(field => ({ field, distance: editDistance(wanted, plain(field)) }))
    .filter(({ field, distance }) => distance <= Math.min(2, Math.floor(Math.max(wanted.length, plain(field).length) / 4)))
    .sort((one, other) => one.distance - other.distance);
  return near[0]?.field;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Letters to insert, remove or replace (Levenshtein), in one row of the usual table. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
