import { setTimeout as delay } from 'node:timers/promises';
import Joi from 'joi';
import { define } from '../operation.ts';
import { containerName } from '../schemas/names.ts';
import { instant, shape, shortIdText } from '../schemas/shape.ts';
import { ttl } from './expiry/ttl.ts';
import { shortId } from './ids.ts';
import { readEntry } from './inspect.ts';

interface RenewInput {
  readonly name: string;
  /** Seconds from now. */
  readonly ttl: number;
}

interface RenewedContainer {
  readonly id: string;
  readonly name: string;
  readonly expires_at: string;
}

/** How often it is looked whether a worker that was about to remove the container has done so, in ms. */
const lookEvery = 50;

/** Gives a container so long to live from now on, whether or not its end was set before. */
export const renew = define<RenewInput, RenewedContainer>({
  name: 'container.renew',
  method: 'POST',
  path: '/containers/:name/renew',
  scope: 'containers:write',
  input: Joi.object<RenewInput>({ name: containerName().required(), ttl: ttl().required() }),
  repeatable: true,
  noun: 'container',
  summary: 'Gives a container so long to live from now on',
  description: 'Whether or not its end was set before.',
  results: { 200: shape<RenewedContainer>('RenewedContainer', { id: shortIdText(), name: containerName(), expires_at: instant() }) },
  example: { input: { name: 'web', ttl: 3600 }, result: { id: '1f0c2a9b7d3e', name: 'web', expires_at: '2026-01-05T10:30:00.000Z' } },
  async run(podman, { name, ttl: seconds }, { renewals, signal }) {
    const { Id } = await readEntry(podman, name, signal);
    const id = shortId(Id);
    const expires = Date.now() + seconds * 1000;
    renewals.set(id, expires);
    // Its time may have been over just then: only what is still there after that has been renewed.
    while (renewals.isEnding(id)) await delay(lookEvery, undefined, { signal });
    const { Name } = await readEntry(podman, Id, signal);
    return { id, name: Name, expires_at: new Date(expires).toISOString() };
  },
});
