import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { hasLabels } from '../../schemas/label-filter.ts';
import { shortId } from '../../short-id.ts';
import { imageTtlsOf } from '../expiry/known-containers.ts';
import { labelledExpiry } from '../expiry/ttl.ts';
import { healthOf } from '../health.ts';
import { type Bounded, type ClaimedPsEntry, isShortened, listedLabels, type PsPort, readContainers, withClaims } from '../lookup/ps.ts';
import { readMembership } from '../pool-membership.ts';
import { anyAddress, type Port } from '../published-ports.ts';
import type { ListContainersInput } from './input.ts';
import type { ListedContainer } from './result.ts';

/** Returns the containers of the node that match the filters, running and stopped. */
export async function listContainers(
  podman: Podman,
  input: ListContainersInput,
  context: TaskContext,
): Promise<readonly ListedContainer[]> {
  const all = withClaims(await readContainers(podman, input.fresh), context.pools);
  const entries = all.filter(entry => isWanted(entry, input));
  const imageTtls = await imageTtlsOf(podman, entries);
  return entries.map(entry => toListed(entry, imageTtls.get(entry.ImageID), context));
}

function isWanted(entry: ClaimedPsEntry, { label, status, name = '', pool }: ListContainersInput): boolean {
  return (
    readMembership(entry.ServiceLabels)?.pool === pool &&
    (status === undefined || entry.State === status) &&
    entry.Names.some(own => own.includes(name)) &&
    hasLabels(listedLabels(entry), label)
  );
}

function toListed(entry: ClaimedPsEntry, imageTtl: string | undefined, { node, renewals }: TaskContext): ListedContainer {
  const id = shortId(entry.Id);
  const labelled = entry.claim
    ? (entry.claim.expiresAtMs ?? undefined)
    : labelledExpiry(entry.Created * 1000, entry.ServiceLabels, imageTtl);
  const expiresAtMs = renewals.get(id) ?? labelled;
  return {
    id,
    name: entry.Names[0] ?? '',
    status: entry.State,
    health: healthOf(entry.State, entry.Health),
    image: entry.Image,
    command: nullIfTooLarge(entry.Command) ?? [],
    created: new Date(entry.Created * 1000).toISOString(),
    expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    ports: (nullIfTooLarge(entry.Ports) ?? []).flatMap(portsOfRange),
    labels: nullIfTooLarge(entry.Labels) ?? {},
    node,
    exit_code: entry.Exited ? entry.ExitCode : null,
    truncated: isShortened(entry),
  };
}

function nullIfTooLarge<Value>(value: Bounded<Value>): Value | null {
  return value === 'too-large' ? null : value;
}

function portsOfRange({ host_ip, host_port, container_port, range, protocol }: PsPort): Port[] {
  return Array.from({ length: Math.max(range, 1) }, (_, index) => ({
    host_ip: host_ip || anyAddress,
    host_port: host_port + index,
    container_port: container_port + index,
    protocol,
  }));
}
