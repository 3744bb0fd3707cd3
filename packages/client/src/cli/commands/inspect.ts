import type { ContainerDetails } from '../../types.ts';
import { define } from '../command.ts';
import { printableJson } from '../printable.ts';
import { eachContainer } from './each-container.ts';

export const inspect = define({
  words: 'NAME…',
  about: 'Prints what is known of containers, as a JSON list.',
  flags: {},
  async run(_values, names, context) {
    const { api, stopping, print } = context;
    const found: ContainerDetails[] = [];
    const code = await eachContainer(names, context, async name => {
      found.push(await api.containers.inspect(name, { signal: stopping }));
    });
    await print(printableJson(found));
    return code;
  },
});
