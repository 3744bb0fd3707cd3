/** Docker's names for podman's statuses; the others are the same. */
const statuses: Readonly<Record<string, string>> = {
  configured: 'created',
  initialized: 'created',
  stopped: 'exited',
  stopping: 'running',
  unknown: 'dead',
};

/** Returns Docker's name for the status of a container. */
export function dockerStatus(status: string): string {
  return statuses[status] ?? status;
}

/** Returns Docker's name for a network: podman's default network is called `podman`, and Docker's `bridge`. */
export function dockerNetworkName(name: string): string {
  return name === 'podman' ? 'bridge' : name;
}

/** Returns podman's name for a network of Docker; podman has no network named `bridge`. */
export function podmanNetworkName(name: string): string {
  return name === 'bridge' ? 'podman' : name;
}

/** Returns the short form of a reference that `docker images` shows: Docker Hub's registry and `library` are left out. */
export function familiarName(reference: string): string {
  return reference.replace(/^docker\.io\/(library\/)?/, '');
}

/** Label of what a session of `podman-api proxy` has created; its value is the id of the session. */
export const sessionLabel = 'podman-api-session';
