import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '@podman-api/runtime';

/** Time limit for Redis to start and load its data. */
const startTimeoutMs = 60_000;
/** Time limit for a reply while Redis starts. */
const replyTimeoutMs = 30_000;
const pollIntervalMs = 20;

/** Waits until Redis answers. @throws ConfigError if it does not within 60 s, or 90 s if it accepts connections */
export async function waitUntilReady(socket: string): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while ((await sendCommand(socket, 'PING', replyTimeoutMs)) !== '+PONG') {
    if (performance.now() > deadlineMs) throw new ConfigError(`Redis did not answer on ${socket} within ${startTimeoutMs / 1000} s.`);
    await delay(pollIntervalMs);
  }
}

/**
 * Stops the Redis that an earlier process has left running, if there is one. Repeats a SHUTDOWN that Redis refuses, as it does for a
 * moment while it writes its first append-only file.
 * @throws ConfigError if it still runs after `timeoutMs`
 */
export async function stopLeftoverRedis(socket: string, timeoutMs: number): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  const send = (command: string) => sendCommand(socket, command, Math.max(1, deadlineMs - performance.now()));
  let refusal: string | undefined;
  while ((await send('PING')) !== undefined) {
    if (performance.now() < deadlineMs) refusal = (await send('SHUTDOWN')) || refusal;
    if (performance.now() >= deadlineMs) {
      throw new ConfigError(
        `A Redis of an earlier start still runs on ${socket}, and did not stop within ${timeoutMs / 1000} s ` +
          `(${refusal ?? 'no reply'}): end that process, then start again.`,
      );
    }
    await delay(pollIntervalMs);
  }
}

/**
 * Sends a command to Redis.
 * @returns the first line of the reply; empty if there is none within `timeoutMs`; `undefined` if the connection fails
 */
function sendCommand(socket: string, command: string, timeoutMs: number): Promise<string | undefined> {
  const connection = connect(socket);
  connection.setTimeout(timeoutMs);
  connection.write(`${command}\r\n`);
  return new Promise(resolve => {
    const end = (reply: string | undefined) => {
      resolve(reply);
      connection.destroy();
    };
    connection.on('error', () => {});
    connection.once('close', () => end(undefined));
    connection.once('timeout', () => end(''));
    connection.once('data', reply => end(String(reply).split('\r\n')[0]));
  });
}
