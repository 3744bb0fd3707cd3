import { once } from 'node:events';
import { connect } from 'node:net';

/** How a server's commands are counted: each is a round trip, but for those that scripts give. */
export interface Monitor {
  readonly count: number;
  stop(): void;
}

/** Listens to all that a Redis is told, MONITOR. @param socket where it listens */
export async function watchCommands(socket: string): Promise<Monitor> {
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
