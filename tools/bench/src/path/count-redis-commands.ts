import { once } from 'node:events';
import { connect } from 'node:net';

/** Counter of the commands that clients send to a Redis: each is a round trip. Commands inside of scripts do not count. */
export interface CommandCounter {
  readonly count: number;
  stop(): void;
}

/** Counts the commands to a Redis from now on, with MONITOR. @param socket path of its socket */
export async function countRedisCommands(socket: string): Promise<CommandCounter> {
  const connection = connect(socket);
  await once(connection, 'connect');
  let count = 0;
  let rest = '';
  connection.setEncoding('latin1').on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    count += lines.filter(line => /^\+\d+\.\d+ \[\d+ (?!lua\])/.test(line)).length;
  });
  connection.write('MONITOR\r\n');
  return {
    get count() {
      return count;
    },
    stop: () => void connection.destroy(),
  };
}
