import type { SendRequest } from '@podman-api/testing';
import fc, { type Arbitrary } from 'fast-check';
import { expect } from 'vitest';
import type { HostileContainers } from './containers.ts';

/** One use of a hostile container by the service, with the expected response. */
export interface Round {
  readonly kind: string;
  run(call: SendRequest, containers: HostileContainers): Promise<void>;
}

type ExecBody = Readonly<Record<string, unknown>>;

const mebibyte = 1024 ** 2;
/** Rounds wait longer than callers usually do: the machine may be busy. */
const patient = { Prefer: 'wait=300' } as const;

const podmanErrors = [
  'Error: no container with name or ID "zzz" found: no such container',
  'Error: unable to connect to Podman socket: connection refused',
  'Error: can only create exec sessions on running containers: container state improper',
  "Error: runc: exec failed: unable to start container process: exec: 'x': executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found",
  'Error: crun: executable file `x` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found',
] as const;

/** Bytes that have a meaning for a terminal, a parser or a protocol. */
const pieces = fc.constantFrom('x', '\n', '\x1b[2J', '{"success":true}', ' started\n', 'é', '\u{1f4a9}', '"', '\\', '\r', '</script>', "'");
const text = fc.array(pieces, { maxLength: 200 }).map(all => all.join(''));
const exitCode = fc.constantFrom(0, 1, 2, 125, 126, 127, 137, 255);

/** Runs a command in the hostile container. */
function exec(kind: string, body: ExecBody, check: (execution: unknown) => void): Round {
  return {
    kind,
    async run(call, { running }) {
      const response = await call('POST', `/containers/${running}/exec`, body, patient);
      expect(response.status, `${kind}: ${JSON.stringify(response.body).slice(0, 500)}`).toBe(200);
      check(response.field('execution'));
    },
  };
}

function get(kind: string, path: (containers: HostileContainers) => string): Round {
  return {
    kind,
    async run(call, containers) {
      expect((await call('GET', path(containers), undefined, patient)).status).toBe(200);
    },
  };
}

const echoed = fc
  .record({ text, code: exitCode })
  .map(given =>
    exec('output', { command: ['sh', '-c', 'printf %s "$1"; exit $2', 'sh', given.text, `${given.code}`] }, execution =>
      expect(execution).toMatchObject({ stdout: given.text, stderr: '', exit_code: given.code }),
    ),
  );
const error = fc
  .record({ text: fc.constantFrom(...podmanErrors), code: exitCode })
  .map(given =>
    exec('error text', { command: ['sh', '-c', 'echo "$1" >&2; exit $2', 'sh', given.text, `${given.code}`] }, execution =>
      expect(execution).toMatchObject({ stderr: `${given.text}\n`, exit_code: given.code }),
    ),
  );
const stdin = text.map(given =>
  exec('stdin', { command: ['cat'], stdin: given }, execution => expect(execution).toMatchObject({ stdout: given })),
);
const variables = text.map(value =>
  exec('variables', { command: 'printf %s "$A"', environment: { A: value } }, execution =>
    expect(execution).toMatchObject({ stdout: value }),
  ),
);

const cheap: readonly { readonly weight: number; readonly arbitrary: Arbitrary<Round> }[] = [
  { weight: 400, arbitrary: echoed },
  { weight: 250, arbitrary: error },
  { weight: 150, arbitrary: stdin },
  { weight: 100, arbitrary: variables },
  { weight: 30, arbitrary: fc.constant(get('list', ({ running }) => `/containers?name=${running}`)) },
  {
    weight: 20,
    arbitrary: fc.nat({ max: 50 }).map(tail => get('logs', ({ logs }) => `/containers/${logs[tail % logs.length]}/logs?tail=${tail}`)),
  },
];

/** Each of these takes a second or more. */
const costly: readonly { readonly weight: number; readonly arbitrary: Arbitrary<Round> }[] = [
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 1, max: 60 })
      .map(size =>
        exec('output at full rate', { command: `head -c ${size * mebibyte} /dev/zero` }, execution =>
          expect(execution).toMatchObject({ exit_code: 0, truncated: true }),
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      exec('long error text', { command: 'head -c 3000000 /dev/zero >&2; exit 127' }, execution =>
        expect(execution).toMatchObject({ exit_code: 127 }),
      ),
    ),
  },
  { weight: 2, arbitrary: fc.constant(exec('ps', { command: 'ps' }, execution => expect(execution).toMatchObject({ exit_code: 0 }))) },
  {
    weight: 2,
    arbitrary: fc.constant(
      exec('many files', { command: 'ls /many' }, execution => expect(execution).toMatchObject({ exit_code: 0, truncated: true })),
    ),
  },
  { weight: 2, arbitrary: fc.constant(get('inspect', ({ running }) => `/containers/${running}`)) },
  {
    weight: 2,
    arbitrary: fc.nat({ max: 2 }).map(index => get('whole log', ({ logs }) => `/containers/${logs[index]}/logs?tail=all`)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('nobody', 'missing', 'root:missing'), fc.nat({ max: 1 })).map(([owner, index]) => ({
      kind: 'owner',
      async run(call, { accounts }) {
        const file = { dest_path: '/owned', content: 'x', owner };
        const { status, body } = await call('POST', `/containers/${accounts[index]}/files`, file, patient);
        // Podman cannot start a process where the account file is one long line.
        expect([200, 201, 400, 500], JSON.stringify(body).slice(0, 500)).toContain(status);
      },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({
      kind: 'time limit',
      async run(call, { running }) {
        const body = { command: 'sleep 600', timeout: 1, stop_timeout: 0 };
        expect((await call('POST', `/containers/${running}/exec`, body, patient)).status).toBe(408);
      },
    }),
  },
];

const rounds = fc.oneof(...cheap, ...costly);

/** Yields a number of rounds; the same seed yields the same rounds. */
export function* generateRounds(seed: number, count: number): Generator<Round> {
  const roundsPerSample = 500;
  for (let made = 0; made < count; made += roundsPerSample) {
    yield* fc.sample(rounds, { seed: seed + made, numRuns: Math.min(roundsPerSample, count - made) });
  }
}
