import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolLease, PoolReport, PoolStore } from '@podman-api/cluster';
import { type ContainerFeed, type PolicyVariables, type PoolContainers, policyVariables } from '@podman-api/operations';
import type { EarlySessions, Podman } from '@podman-api/podman';
import type { Config, Log } from '@podman-api/runtime';
import type { ContainersWatch } from '../containers/watch.ts';
import type { PerformParts } from '../perform.ts';
import { type CallerActivity, createCallerActivity } from './caller-activity.ts';
import { openClaimStore } from './claim-store.ts';
import { createIdleFactory } from './create-idle.ts';
import { IdleContainers } from './idle-containers.ts';
import { type Keeper, keepPools } from './keeper.ts';
import { createRenamer } from './renamer.ts';
import { openStoreId } from './store-id.ts';

/** Dependencies for the pools of a node, before the worker has its connection to Redis. */
export interface NodePoolParts {
  /** Podman for background work, beyond the limit on commands of callers. */
  readonly podman: Podman;
  /** The sessions of the podman that runs the callers' commands. */
  readonly sessions: EarlySessions;
  readonly recordEffect: ContainersWatch['recordEffect'];
  readonly config: Config<'MAX_WORKERS' | 'NODE_LABELS' | 'NODE_NAME' | 'STATE_DIR'> & PolicyVariables;
  readonly log: Log;
}

/** Dependencies for keeping the pools of a node. */
export interface StartParts {
  readonly store: PoolStore;
  readonly lease: PoolLease;
  readonly containers: ContainersWatch;
  readonly feed: ContainerFeed;
  readonly perform: PerformParts;
  readonly isPodmanWorking: () => boolean;
}

/** The pools of a node, as one of its workers sees them. */
export interface NodePools {
  readonly containers: PoolContainers;
  readonly activity: CallerActivity;
  /** The state of each pool on this node; empty if another worker keeps them. */
  readonly report: Readonly<Record<string, PoolReport>>;
  /** Deletes records of containers that are gone, see `ClaimStore.keepOnly`. */
  keepOnly(ids: ReadonlySet<string>): void;
  /** Starts to keep the pools. */
  start(parts: StartParts): void;
  /** Resolves when the background work that had begun has ended. */
  stop(): Promise<void>;
}

/** Opens the pools of a node; containers can be claimed from then on. */
export function createNodePools({ podman, sessions, recordEffect, config, log }: NodePoolParts): NodePools {
  const claims = openClaimStore(join(config.STATE_DIR, 'claimed'), log);
  const storeId = openStoreId(join(config.STATE_DIR, 'claim-store-id'));
  const activity = createCallerActivity(config.MAX_WORKERS);
  const renamer = createRenamer({ podman, claims, activity, recordEffect: (effect, job) => recordEffect(effect, job, undefined), log });
  let keeper: Keeper | undefined;
  const generation = readGeneration(config);
  const idle = new IdleContainers({
    claims,
    storeId,
    node: config.NODE_NAME,
    generation,
    renamer,
    sessions,
    onClaimed: () => keeper?.wake(),
    log,
  });
  return {
    containers: idle,
    activity,
    get report() {
      return keeper?.report ?? {};
    },
    keepOnly: claims.keepOnly,
    start({ store, lease, containers, feed, perform, isPodmanWorking }) {
      const create = createIdleFactory({ podman, containers, perform, storeId, generation });
      const labels = config.NODE_LABELS;
      const running = keepPools({
        ...{ idle, store, lease, containers, podman, sessions, create, renamer, activity, labels, isPodmanWorking, log },
      });
      keeper = running;
      feed.subscribe({
        onEvent: ({ id, status, exitCode }) => {
          if (status === 'died' || status === 'remove') running.recordEnd(id, exitCode);
        },
        onList: () => running.wake(),
      });
    },
    async stop() {
      renamer.stop();
      await keeper?.stop();
    },
  };
}

/** Length of the hash of a generation, in hex digits. */
const generationLength = 16;

/** Returns the generation: a hash of this boot of the host (random(4)) and the policy of this node, see `PoolMembership`. */
function readGeneration(config: PolicyVariables): string {
  const policy = policyVariables.map(name => config[name] ?? null);
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return hash('sha256', JSON.stringify([bootId, policy])).slice(0, generationLength);
}
