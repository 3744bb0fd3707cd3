import Joi from 'joi';
import { type Context, define } from '../operation.ts';
import { boundedList, boundedText } from '../schemas/bounds.ts';
import { queryFlag } from '../schemas/query.ts';
import { anyAddress, type Port } from './create/ports.ts';
import { labelledExpiry } from './expiry/ttl.ts';
import { shortId } from './ids.ts';
import { exampleListed, listedContainers } from './list/shape.ts';
import { imageTtlsOf, type PsEntry, readContainers } from './ps.ts';

interface ListInput {
  /** `name=value`, or a name alone; all of several must be there. */
  readonly label?: readonly string[];
  readonly status?: string;
  /** A part of the name. */
  readonly name?: string;
  /** Asks podman though nothing has changed since it was asked last. */
  readonly fresh?: boolean;
}

export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly created: string;
  /** When it is removed by force; `null` where it may stay. */
  readonly expires_at: string | null;
  readonly ports: readonly Port[];
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** Where it has ended. */
  readonly exit_code: number | null;
}

/** Podman's states of a container, podman-ps(1). */
const statuses = ['created', 'initialized', 'running', 'paused', 'stopping', 'stopped', 'exited', 'removing', 'unknown'] as const;

/** Lists all containers, running and stopped. */
export const list = define<ListInput, readonly ListedContainer[]>({
  name: 'container.list',
  method: 'GET',
  path: '/containers',
  reach: 'all',
  query: ['label', 'status', 'name', 'fresh'],
  scope: 'containers:read',
  input: Joi.object<ListInput>({
    label: boundedList(100, boundedText(1024)).single().description('`name=value` or a name; all of several must be there.'),
    status: Joi.string().valid(...statuses),
    name: boundedText(253).description('A part of the name.'),
    fresh: queryFlag().description('Asks podman though nothing has changed; `Cache-Control: no-cache` does the same.'),
  }),
  lane: 'reads',
  repeatable: true,
  noun: 'containers',
  summary: 'Lists all containers, running and stopped',
  results: { 200: listedContainers },
  example: { input: {}, result: [exampleListed] },
  async run(podman, input, context) {
    const entries = (await readContainers(podman, input.fresh)).filter(entry => isWanted(entry, input));
    const imageTtls = await imageTtlsOf(podman, entries);
    return entries.map(entry => listed(entry, imageTtls.get(entry.ImageID), context));
  },
});

function isWanted({ Names, State, Labels }: PsEntry, { label = [], status, name = '' }: ListInput): boolean {
  return (
    (status === undefined || State === status) &&
    Names.some(own => own.includes(name)) &&
    label.every(wanted => {
      const [key = '', ...value] = wanted.split('=');
      const there = Labels !== null && Object.hasOwn(Labels, key) ? Labels[key] : undefined;
      return there !== undefined && (!wanted.includes('=') || there === value.join('='));
    })
  );
}

function listed(entry: PsEntry, imageTtl: string | undefined, { node, renewals }: Context): ListedContainer {
  const id = shortId(entry.Id);
  const end = renewals.get(id) ?? labelledExpiry(entry.Created * 1000, entry.Labels, imageTtl);
  return {
    id,
    name: entry.Names[0] ?? '',
    status: entry.State,
    image: entry.Image,
    command: entry.Command ?? [],
    created: new Date(entry.Created * 1000).toISOString(),
    expires_at: end === undefined ? null : new Date(end).toISOString(),
    ports: (entry.Ports ?? []).flatMap(portsOfRange),
    labels: entry.Labels ?? {},
    node,
    exit_code: entry.Exited ? entry.ExitCode : null,
  };
}

function portsOfRange({ host_ip, host_port, container_port, range, protocol }: NonNullable<PsEntry['Ports']>[number]): Port[] {
  return Array.from({ length: Math.max(range, 1) }, (_, index) => ({
    host_ip: host_ip || anyAddress,
    host_port: host_port + index,
    container_port: container_port + index,
    protocol,
  }));
}
