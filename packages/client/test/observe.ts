import { sharedService, testPodman } from '@podman-api/testing';

/** Returns the state that podman reports; `undefined` if there is no such container. */
export async function stateOf(name: string): Promise<string | undefined> {
  return JSON.parse(await testPodman().run(['ps', '--all', `--filter=name=^${name}$`, '--format=json']))[0]?.State;
}

/** Formats one field of `podman inspect`. */
export async function inspectField(name: string, field: string): Promise<string> {
  return (await testPodman().run(['inspect', `--format={{${field}}}`, '--', name])).trim();
}

/** Returns the jobs of an operation on a container, the newest first. */
export async function findJobs(operation: string, container: string): Promise<unknown> {
  return (await sharedService().call('GET', `/jobs?operation=${operation}&container=${container}`)).field('jobs');
}
