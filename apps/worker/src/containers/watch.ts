import { type Effect, jobLabel, type Known, readKnown } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';
import type { Container, Shelf } from '@podman-api/queue';
import { type Event, followEvents } from './events.ts';
import { readShelf, reconcile } from './reconcile.ts';
import { startRounds } from './rounds.ts';

/** How often all containers are listed, in ms, whatever the events told. */
const listEvery = 15_000;
/** Changes that come within so many ms of each other are looked at together. */
const gatherFor = 100;

/** The containers of this host, kept up to date here and in the directory of the fleet. */
export interface ContainersWatch {
  /** How many there are; `null` while that is not known. */
  readonly count: number | null;
  /** By their short ids. */
  readonly known: ReadonlyMap<string, Known>;
  /** Takes note of what a job has done, and resolves when the fleet knows. */
  note(effect: Effect, job: string): Promise<void>;
  /** Takes note that a container has gone. */
  drop(container: Known): void;
  /** Lists them now, for the directory may have lost what was told. */
  tellAgain(): void;
  stop(): void;
}

/** A change of what is known. */
type Change = (containers: Map<string, Known>) => void;

/** @param onListed is told which containers there are, whenever podman has listed them */
export function watchContainers(
  podman: Pick<Podman, 'follow' | 'shared'>,
  shelf: Shelf,
  onListed: (ids: ReadonlySet<string>) => void,
): ContainersWatch {
  const ended = new AbortController();
  let known: Map<string, Known> | undefined;
  /** What was noted while podman was listing, which its list may not have. */
  let meanwhile: Change[] = [];

  const change = (how: Change) => {
    if (known) how(known);
    meanwhile.push(how);
  };
  const list = async () => {
    const shelved = await readShelf(shelf);
    meanwhile = [];
    const listed = new Map((await readKnown(podman, true)).map(one => [one.id, one]));
    for (const how of meanwhile) how(listed);
    known = listed;
    onListed(new Set(listed.keys()));
    // Redis may be away: this host looks after its own all the same.
    if (shelved) void reconcile(shelf, shelved, listed).catch(() => {});
  };
  const rounds = startRounds(list, listEvery);
  const drop = (container: Container) => {
    change(containers => containers.delete(container.id));
    return shelf.drop(container);
  };
  const take = ({ ID, Status, Attributes }: Event) => {
    const there = known?.get(ID.slice(0, 12));
    if (Status === 'remove' && there) void drop(there).catch(() => {});
    // A job's worker notes what it makes. Anything else may be of another storage of this host: the list tells.
    const isNews = Status === 'rename' || (Status === 'create' && !there && Attributes?.[jobLabel] === undefined);
    if (isNews) rounds.soon(gatherFor);
  };
  void followEvents(podman, take, () => rounds.soon(0), ended.signal);

  return {
    get count() {
      return known?.size ?? null;
    },
    get known() {
      return known ?? new Map();
    },
    async note(effect, job) {
      if ('made' in effect) {
        const { id, name, ttl } = effect.made;
        const expires = ttl === undefined ? undefined : Date.now() + ttl * 1000;
        change(containers => containers.set(id, { id, name, expires }));
        return shelf.put({ id, name }, job);
      }
      // The directory may have it from an API process that has asked about it before it was listed here.
      const container = meant(known, effect.removed) ?? meant((await readShelf(shelf))?.containers, effect.removed);
      if (container) await drop(container);
    },
    drop: container => void drop(container).catch(() => {}),
    tellAgain: () => rounds.soon(0),
    stop() {
      rounds.stop();
      ended.abort();
    },
  };
}

/** The container that podman means by a name, or by the beginning of an id. */
function meant(containers: ReadonlyMap<string, Container> | undefined, reference: string): Container | undefined {
  const all = [...(containers?.values() ?? [])];
  return all.find(({ name }) => name === reference) ?? all.find(({ id }) => id.startsWith(reference) || reference.startsWith(id));
}
