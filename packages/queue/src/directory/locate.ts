import { type Found, find } from '@podman-api/operations';
import { askNodes, nodeAnswerTimeoutMs } from '../client/ask-nodes.ts';
import type { ClientParts } from '../client/client.ts';
import type { Asker } from '../client/new-job.ts';
import { redisAway } from '../redis.ts';
import { type Entry, isClaim } from './entry.ts';
import { findEntries } from './find.ts';
import { openShelf } from './shelf.ts';
import { dropEntry } from './stale.ts';

/** What is known of where a container is. */
export interface Location {
  readonly entries: readonly Entry[];
  /** Nodes that live, as far as is known, and have not answered. */
  readonly unreachable: readonly string[];
}

/**
 * Tells which nodes have a container. What the directory does not know, the nodes are asked: it hears of what is made
 * behind the API's back a moment later.
 * @param reference its name, or the beginning of its id
 * @throws ApiError (503) where nobody knows which nodes there are to ask, for Redis has just come back
 */
export async function locate(parts: ClientParts, reference: string, asker: Asker): Promise<Location> {
  const entries = await findEntries(parts.redis, reference);
  if (entries.length > 0) return { entries, unreachable: [] };
  if (!parts.fleet.isRedisAvailable) throw redisAway();
  const all = [...parts.fleet.nodes.keys()];
  const nodes = all.filter(node => parts.fleet.takes(node));
  // Just after an outage of Redis nobody has told anything yet.
  const quiet = all.filter(node => !parts.fleet.takes(node) && !parts.fleet.abandoned(node));
  const answers = await askNodes(parts, find, { name: reference }, nodes, asker, AbortSignal.timeout(nodeAnswerTimeoutMs));
  const told = answers.filter(({ outcome }) => outcome?.status === 'succeeded');
  const found = told.flatMap(({ node, outcome }) => foundIn(outcome?.result).map(one => ({ ...one, node })));
  await Promise.all(found.map(entry => openShelf(parts, entry.node).put(entry)));
  return {
    entries: found,
    unreachable: [...quiet, ...answers.filter(answer => !told.includes(answer)).map(({ node }) => node)],
  };
}

/**
 * Asks a node whether it has a container that the directory says it has, under its name; one that it has not is taken
 * out, and another that it has put in.
 * @returns whether it has it, or can't tell
 */
export async function confirm(parts: ClientParts, entry: Entry, asker: Asker): Promise<boolean> {
  const { node, id, name } = entry;
  if (isClaim(entry) || !parts.fleet.takes(node)) return true;
  const [answer] = await askNodes(parts, find, { name }, [node], asker, AbortSignal.timeout(nodeAnswerTimeoutMs));
  if (answer?.outcome?.status !== 'succeeded') return true;
  const found = foundIn(answer.outcome.result).filter(one => one.name === name);
  if (found.some(one => one.id === id)) return true;
  await dropEntry(parts.redis, entry);
  await Promise.all(found.map(one => openShelf(parts, node).put(one)));
  return false;
}

function foundIn(result: object | undefined): readonly Found[] {
  return Array.isArray(result) ? result : [];
}
