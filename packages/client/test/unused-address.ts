import { randomInt } from 'node:crypto';

/** Returns the address of a server that does not exist: nothing else uses a random address of the loopback network. */
export function unusedAddress(): string {
  return `http://127.${randomInt(1, 255)}.${randomInt(1, 255)}.1:${randomInt(20_000, 30_000)}`;
}
