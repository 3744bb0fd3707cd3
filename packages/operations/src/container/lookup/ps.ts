import type { Podman } from '@podman-api/podman';
import type { ContainerState } from '../../container-feed.ts';
import type { ContainerClaim, PoolContainers } from '../../pool-containers.ts';
import { shortId } from '../../short-id.ts';
import { failedFor } from '../failed-for.ts';
import type { Port } from '../published-ports.ts';
import { jobLabel, maxServiceLabelLength, poolLabel, tokenLabel, ttlLabel } from '../service-labels.ts';

/** A value that podman prints, or `too-large` if its JSON is longer than the limit, which containers and images can cause. */
export type Bounded<Value> = Value | 'too-large';

/** A container in a list of podman: the fields that are used. */
export interface PsEntry {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: Bounded<readonly string[] | null>;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Exited: boolean;
  readonly ExitCode: number;
  /** Seconds since 1970; meaningless unless `Exited`. */
  readonly ExitedAt: number;
  /** Whether podman removes it as soon as it exits. */
  readonly AutoRemove: boolean;
  /** Such as `healthy`; `''` without a health check. */
  readonly Health: string;
  readonly Labels: Bounded<Readonly<Record<string, string>> | null>;
  /** The labels of this service, also if `Labels` is too large; `''` for one that the container does not have. */
  readonly ServiceLabels: Readonly<Record<string, string>>;
  readonly Ports: Bounded<readonly PsPort[] | null>;
}

/** A container in a list, with what its claim has changed. */
export interface ClaimedPsEntry extends PsEntry {
  /** `undefined` if it was not claimed from a pool. */
  readonly claim: ContainerClaim | undefined;
}

/** Published ports of a container in a list of podman. */
export interface PsPort {
  readonly host_ip: string;
  readonly container_port: number;
  readonly host_port: number;
  /** Number of consecutive ports. */
  readonly range: number;
  readonly protocol: Port['protocol'];
}

/** Limits of a list. */
interface ListLimits {
  /** Maximum bytes of the JSON of one field of one container. */
  readonly fieldBytes: number;
  /** Maximum bytes of the whole list. */
  readonly listBytes: number;
}

/**
 * Twice the 64 KiB of labels that a create accepts, because JSON escapes some characters. 8 MiB hold about 25,000 usual
 * containers; above that, each is listed with less.
 */
const usualLimits: ListLimits = { fieldBytes: 128 * 1024, listBytes: 8 * 1024 ** 2 };
const strictLimits: ListLimits = { fieldBytes: 1024, listBytes: 16 * 1024 ** 2 };

/** Labels that are listed also if a container's labels are too large. */
const serviceLabels = [ttlLabel, jobLabel, tokenLabel, poolLabel];

/** Published ports of one container in a list; one that has more is listed without them. */
const maxPorts = 1000;

/**
 * Time in ms for which a list may be returned again while podman's state is unchanged. Podman keeps the results of health checks in
 * files of their own, so a list with a health is kept for less.
 */
const maxAgeMs = { usual: 10_000, withHealth: 250 } as const;

/**
 * Returns all containers of the node, running and stopped. Concurrent callers share one list of podman, by its service or a process.
 * @param isFresh runs a podman process even if podman's state has not changed since the last list
 * @throws ApiError (500) if even a list with short fields is too long
 */
export async function readContainers(podman: Pick<Podman, 'shared'>, isFresh = false): Promise<readonly PsEntry[]> {
  try {
    return await readWithin(podman, usualLimits, isFresh);
  } catch (error) {
    if (!failedFor('too-much-output', error)) throw error;
    return readWithin(podman, strictLimits, isFresh);
  }
}

/** Returns the name that clients see of a claimed container; podman may still list it under its former name. */
export function publicNameOf({ name, formerName }: ContainerClaim, podmanName: string): string {
  return podmanName === formerName ? name : podmanName;
}

/** Returns containers with the names and labels that were given to those that were claimed from pools. */
export function withClaims(entries: readonly PsEntry[], pools: Pick<PoolContainers, 'get'>): readonly ClaimedPsEntry[] {
  return entries.map(entry => {
    const claim = pools.get(shortId(entry.Id));
    if (!claim) return { ...entry, claim };
    return {
      ...entry,
      claim,
      // A list from before the rename has the former name.
      Names: entry.Names.map(name => publicNameOf(claim, name)),
      Labels: entry.Labels === 'too-large' ? entry.Labels : { ...entry.Labels, ...claim.labels },
      ServiceLabels: { ...entry.ServiceLabels, ...claim.labels },
    };
  });
}

/** Whether a field of a container is left out of a list because it is too large. */
export function isShortened({ Command, Labels, Ports }: PsEntry): boolean {
  return [Command, Labels, Ports].includes('too-large');
}

/** Returns the state of a listed container. Podman writes the exit code -1 if it did not observe one. */
export function toState({ State, Exited, ExitCode }: PsEntry): ContainerState {
  return { status: State, exitCode: Exited && ExitCode >= 0 ? ExitCode : null };
}

/** A range of ports is one entry for podman and many in a response. */
function withoutManyPorts(entry: PsEntry): PsEntry {
  const { Ports } = entry;
  const count = Ports === null || Ports === 'too-large' ? 0 : Ports.reduce((sum, { range }) => sum + range, 0);
  return count > maxPorts ? { ...entry, Ports: 'too-large' } : entry;
}

/** Returns the labels of a container; none if they are too large for a list, so that no filter by labels matches it. */
export function listedLabels({ Labels }: Pick<PsEntry, 'Labels'>): Readonly<Record<string, string>> {
  return Labels === 'too-large' ? {} : (Labels ?? {});
}

async function readWithin(podman: Pick<Podman, 'shared'>, limits: ListLimits, isFresh: boolean): Promise<readonly PsEntry[]> {
  const args = ['ps', '--all', '--no-trunc', `--format=${psFormat(limits.fieldBytes)}`];
  const text = await podman.shared(args, {
    isFresh,
    maxStdoutBytes: limits.listBytes,
    query: { path: '/containers/json?all=true', toOutput: body => printAsPs(body, limits.fieldBytes) },
    isSame: (one, other) => describeStates(one) === describeStates(other),
    maxAgeMs: listed => (parseList(listed).some(({ Health }) => Health !== '') ? maxAgeMs.withHealth : maxAgeMs.usual),
  });
  return parseList(text);
}

/** Returns podman's data about the containers to list, in any order. */
function describeStates(text: string): string {
  return parseList(text)
    .map(({ Id, Names, State, ExitCode }) => [Id, Names, State, ExitCode].join())
    .sort()
    .join();
}

let parsed: { readonly text: string; readonly entries: readonly PsEntry[] } | undefined;

/** Parses what podman has printed. Remembers the last list, which many callers read while nothing changes. */
function parseList(text: string): readonly PsEntry[] {
  if (parsed?.text !== text) {
    const lines = text.split('\n').filter(line => line !== '');
    parsed = { text, entries: lines.map(line => withoutManyPorts(JSON.parse(line))) };
  }
  return parsed.entries;
}

/**
 * Returns a Go template that prints a container as one line of JSON. `ListContainer` has the raw values, which podman
 * otherwise formats for people (podman-ps(1)).
 */
function psFormat(maxFieldBytes: number): string {
  const plain = (value: string) => `{{json .ListContainer.${value}}}`;
  const bounded = (value: string) =>
    `{{$json := ${plain(value).slice(2, -2)}}}{{if le (len $json) ${maxFieldBytes}}}{{$json}}{{else}}"too-large"{{end}}`;
  const label = (name: string) => `"${name}":{{json (printf "%.${maxServiceLabelLength}s" (index .ListContainer.Labels "${name}"))}}`;
  const fields = {
    Id: plain('ID'),
    Names: plain('Names'),
    State: plain('State'),
    Image: plain('Image'),
    ImageID: plain('ImageID'),
    Command: bounded('Command'),
    Created: plain('Created.Unix'),
    Exited: plain('Exited'),
    ExitCode: plain('ExitCode'),
    ExitedAt: plain('ExitedAt'),
    AutoRemove: plain('AutoRemove'),
    Health: plain('Status'),
    Labels: bounded('Labels'),
    ServiceLabels: `{${serviceLabels.map(label).join()}}`,
    Ports: bounded('Ports'),
  } as const satisfies Record<keyof PsEntry, string>;
  return `{${Object.entries(fields)
    .map(([field, value]) => `"${field}":${value}`)
    .join()}}`;
}

/** A container in the answer of podman's service (`ListContainer`): the fields that are used, with the names of the template. */
interface ServiceEntry
  extends Pick<PsEntry, 'Id' | 'Names' | 'State' | 'Image' | 'ImageID' | 'Exited' | 'ExitCode' | 'ExitedAt' | 'AutoRemove'> {
  readonly Command: readonly string[] | null;
  /** ISO 8601. */
  readonly Created: string;
  /** Health. */
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Ports: readonly PsPort[] | null;
}

/** Returns the answer of podman's service as the template of `psFormat` prints it. */
function printAsPs(body: string, maxFieldBytes: number): string {
  const bounded = <Value>(value: Value): Bounded<Value> =>
    Buffer.byteLength(JSON.stringify(value)) <= maxFieldBytes ? value : 'too-large';
  const entries: readonly ServiceEntry[] = JSON.parse(body);
  const lines = entries.map(({ Command, Created, Status, Labels, Ports, ...listed }) => {
    const { Id, Names, State, Image, ImageID, Exited, ExitCode, ExitedAt, AutoRemove } = listed;
    const entry: PsEntry = {
      Id,
      Names,
      State,
      Image,
      ImageID,
      Command: bounded(Command),
      Created: Math.floor(Date.parse(Created) / 1000),
      Exited,
      ExitCode,
      ExitedAt,
      AutoRemove,
      Health: Status,
      Labels: bounded(Labels),
      ServiceLabels: Object.fromEntries(
        serviceLabels.map(label => [label, [...(Labels?.[label] ?? '')].slice(0, maxServiceLabelLength).join('')]),
      ),
      Ports: bounded(Ports),
    };
    return JSON.stringify(entry);
  });
  return lines.join('\n');
}
