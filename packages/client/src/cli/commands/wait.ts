import type { WaitCondition } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { forEachName } from './for-each-name.ts';

const conditions: readonly WaitCondition[] = ['stopped', 'running', 'healthy'];

export const wait = defineCommand({
  positionals: 'NAME…',
  description: 'Waits until containers have stopped and prints their exit codes, or waits for another condition and prints it.',
  example: 'podman-api wait --condition healthy box',
  flags: { condition: { type: 'string', value: 'CONDITION', description: 'stopped, running or healthy; default: stopped' } },
  async run({ condition: text = 'stopped' }, names, context) {
    const { api, signal, printLine } = context;
    const condition = conditions.find(name => name === text);
    if (condition === undefined) throw new UsageError(`--condition must be one of ${conditions.join(', ')}, but is "${text}".`);
    return forEachName(names, context, { noun: 'container', verb: 'waiting for' }, async name => {
      const { exit_code } = await api.containers.wait(name, { condition }, { signal });
      await printLine(condition === 'stopped' ? String(exit_code ?? 'unknown') : condition);
    });
  },
});
