import { define } from '../command.ts';
import { jsonOf, tableOf } from '../table.ts';

export const ps = define({
  words: '',
  about: 'Lists containers.',
  flags: {
    all: { type: 'boolean', short: 'a', about: 'those that do not run, too' },
    json: { type: 'boolean', about: 'as JSON' },
  },
  async run({ all, json }, _words, { api, stopping, write, tell }) {
    const { containers, unreachable } = await api.containers.list({ signal: stopping });
    const listed = containers.filter(({ status }) => all || status === 'running');
    const rows = listed.map(({ name, status, exit_code, image, created, node }) => {
      const state = exit_code === null ? status : `${status} (${exit_code})`;
      return [name, state, image, created, node];
    });
    await write('stdout', json ? jsonOf(listed) : `${tableOf(['NAME', 'STATUS', 'IMAGE', 'CREATED', 'NODE'], rows)}\n`);
    if (unreachable.length > 0) tell(`these nodes did not answer, and their containers are missing: ${unreachable.join(', ')}`);
    return 0;
  },
});
