import { removeAfterTests } from '@podman-api/testing/containers';
import type { RecordedBody, Step } from './steps.ts';

const creation = /\/(containers|networks|volumes)\/create(?:\?|$)/;

/**
 * Marks what a request creates for removal after the tests of the file, in case the conversation ends before it removes it.
 * @param path of the request
 * @param body of the request, which has the names of networks and volumes, or of its response, which has the id of a container
 */
export function ownCreation(path: string, body: RecordedBody): void {
  const [, kind] = creation.exec(path) ?? [];
  if (kind === undefined || !('json' in body)) return;
  const { Id, Name }: { readonly Id?: unknown; readonly Name?: unknown } = Object(body.json);
  if (kind === 'containers' && typeof Id === 'string') removeAfterTests(kind, Id);
  if ((kind === 'networks' || kind === 'volumes') && typeof Name === 'string') removeAfterTests(kind, Name);
}

/** Marks what a client has created for removal, like `ownCreation`. @param steps as recorded, without placeholders */
export function ownCreations(steps: readonly Step[]): void {
  const paths = new Map<number, string>();
  for (const step of steps) {
    if (step.step === 'request') paths.set(step.exchange, step.path);
    if ('body' in step) ownCreation(paths.get(step.exchange) ?? '', step.body);
  }
}
