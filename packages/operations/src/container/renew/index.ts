import { ApiError } from '@podman-api/errors';
import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { instant, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';
import { sleep } from '../../sleep.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { ttl } from '../expiry/ttl.ts';
import { readEntry } from '../lookup/inspect-entry.ts';

interface RenewInput {
  readonly name: string;
  /** Seconds from the request on. */
  readonly ttl: number;
}

interface RenewedContainer {
  readonly id: string;
  readonly name: string;
  readonly expires_at: string;
}

/** Interval between two checks whether a worker is about to remove the container. */
const pollIntervalMs = 50;

/** Largest accepted difference between the clocks of the API's host and of the node. */
const maxClockSkewMs = 60_000;
const replaced = 'The container was created after its renewal was requested: send the request again.';

/** Sets a container's remaining time to live, whether or not it had one. */
export const renew = defineContainerOperation<RenewInput, RenewedContainer>({
  name: 'container.renew',
  method: 'POST',
  path: '/containers/:name/renew',
  scope: 'containers:write',
  input: Joi.object<RenewInput>({ name: containerName().required(), ttl: ttl().required() }),
  isRepeatable: true,
  noun: 'container',
  summary: 'Sets a container’s remaining time to live',
  description: 'Also for a container without a time to live. The time counts from the request.',
  results: { 200: shape<RenewedContainer>('RenewedContainer', { id: shortIdText(), name: containerName(), expires_at: instant() }) },
  example: { input: { name: 'web', ttl: 3600 }, result: { id: '1f0c2a9b7d3e', name: 'web', expires_at: '2026-01-05T10:30:00.000Z' } },
  async run(podman, { name, ttl: seconds }, { renewals, createdAtMs, signal }) {
    const { Id, Created } = await readEntry(podman, name, signal);
    if (Date.parse(Created) - createdAtMs > maxClockSkewMs) throw new ApiError('ConflictError', replaced);
    const id = shortId(Id);
    const expiresAtMs = renewals.set(id, createdAtMs + seconds * 1000, createdAtMs);
    // It may have expired at this moment: a container that still exists afterwards has been renewed.
    while (renewals.isEnding(id)) await sleep(pollIntervalMs, signal);
    const { Name } = await readEntry(podman, Id, signal);
    return { id, name: Name, expires_at: new Date(expiresAtMs).toISOString() };
  },
});
