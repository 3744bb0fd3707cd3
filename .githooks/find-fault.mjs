const types = ['feat', 'fix', 'docs', 'test', 'perf', 'refactor', 'build', 'ci', 'chore', 'revert'];
const maxLength = 72;
/** Imperatives that end in "ed" or "ing". */
const imperatives = ['bring', 'embed', 'exceed', 'feed', 'need', 'ping', 'proceed', 'seed', 'shed', 'speed', 'spring', 'string'];

/** Returns what is wrong with the subject of a commit, or `undefined`. */
export function findFault(subject) {
  if ([...subject].length > maxLength) return `has ${[...subject].length} characters; at most ${maxLength} are allowed`;
  const [, type, text] = /^([a-z]+)(?:\([a-z0-9-]+\))?!?: (.+)$/.exec(subject) ?? [];
  if (type === undefined) return 'must look like "fix(jobs): requeue reads of a dead worker"';
  if (!types.includes(type)) return `begins with the type "${type}"; the types are ${types.join(', ')}`;
  if (text.endsWith('.')) return 'must not end with a period';
  const [first] = text.toLowerCase().split(/[^a-z]/);
  if (/.(ed|ing)$/.test(first) && !imperatives.includes(first)) return `must be imperative ("add", not "added"); it begins with "${first}"`;
  return undefined;
}
