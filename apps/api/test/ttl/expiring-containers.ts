import { randomBytes } from 'node:crypto';
import { images, type SendRequest, type TestFleet, type TestNode } from '@podman-api/testing';
import { expect } from 'vitest';

/** A service or a fleet. */
interface Callable {
  readonly call: SendRequest;
}

/** A time to live that no test reaches. */
export const hourSeconds = 3600;

/** Creates a unique name for a container in the storage of a node of a fleet, which is removed with the fleet. */
export const newName = () => `f-${randomBytes(5).toString('hex')}`;

/** Returns the only node of a fleet. */
export function onlyNode({ nodes: [node] }: TestFleet): TestNode {
  if (!node) throw new Error('there is no node');
  return node;
}

/** Returns the names of the containers of the only node, without the API. */
export const listNames = async (fleet: TestFleet) => (await onlyNode(fleet).podman.run(['ps', '--all', '--format={{.Names}}'])).split('\n');

/** Returns whether the API has no container with this name. */
export const isGone = async ({ call }: Callable, name: string) => (await call('GET', `/containers/${name}`)).status === 404;

/** Sends a request to create a container. @param ttl its time to live in seconds; default: none @returns the status of the response */
export async function requestCreate({ call }: Callable, name: string, ttl?: number): Promise<number> {
  const body = { image: images.plain, network: 'none', command: 'sleep 600', name, ...(ttl !== undefined && { ttl }) };
  return (await call('POST', '/containers', body)).status;
}

/** Creates a container. @param ttl its time to live in seconds; default: none */
export async function create(service: Callable, name: string, ttl?: number): Promise<void> {
  expect(await requestCreate(service, name, ttl)).toBe(201);
}

/** Sets the remaining time to live of a container. @param ttl in seconds @returns when the container expires, in ms since 1970 */
export async function renew({ call }: Callable, name: string, ttl: number): Promise<number> {
  const response = await call('POST', `/containers/${name}/renew`, { ttl });
  expect(response.status).toBe(200);
  return Date.parse(String(response.field('container.expires_at')));
}

/** Returns when a container expires, as the API writes it. */
export const expiryOf = async ({ call }: Callable, name: string) =>
  (await call('GET', `/containers/${name}`)).field('container.expires_at');

/** Calls `attempt` with a longer time to live each time, until it is not too short for this machine. */
export async function withEnoughTime<Value>(attempt: (ttl: number) => Promise<Value | undefined>): Promise<Value> {
  for (let ttl = 2; ; ttl *= 2) {
    const value = await attempt(ttl);
    if (value !== undefined) return value;
  }
}
