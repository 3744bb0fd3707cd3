import Joi from 'joi';
import { define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';

interface StartInput {
  readonly name: string;
}

interface StartedContainer {
  readonly name: string;
  readonly status: 'started';
}

/** Starts a container; one that runs already is started. */
export const start = define<StartInput, StartedContainer>({
  name: 'container.start',
  method: 'POST',
  path: '/containers/:name/start',
  input: Joi.object<StartInput>({ name: containerName().required() }),
  repeatable: true,
  noun: 'container',
  async run(podman, { name }, { signal }) {
    await podman.run(['start', '--', name], { signal });
    return { name, status: 'started' };
  },
});
