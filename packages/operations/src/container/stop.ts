import Joi from 'joi';
import { define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { queryInteger } from '../schemas/query.ts';

interface StopInput {
  readonly name: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly timeout?: number;
}

interface StoppedContainer {
  readonly name: string;
  readonly status: 'stopped';
}

/** Stops a container; one that has stopped already is stopped. */
export const stop = define<StopInput, StoppedContainer>({
  name: 'container.stop',
  method: 'POST',
  path: '/containers/:name/stop',
  scope: 'containers:write',
  query: ['timeout'],
  input: Joi.object<StopInput>({ name: containerName().required(), timeout: queryInteger(0, 3600) }),
  repeatable: true,
  noun: 'container',
  async run(podman, { name, timeout = 10 }, { signal }) {
    await podman.run(['stop', `--time=${timeout}`, '--', name], { signal });
    return { name, status: 'stopped' };
  },
});
