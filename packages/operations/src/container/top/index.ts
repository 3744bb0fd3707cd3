import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { anyText, count, listOf, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { type ContainerProcess, parseProcesses, topColumns } from './processes.ts';

interface TopInput {
  readonly name: string;
}

interface ContainerProcesses {
  readonly name: string;
  readonly processes: readonly ContainerProcess[];
  /** Whether there are more processes than the response holds. */
  readonly truncated: boolean;
}

/** Maximum podman output that is read, because containers decide how long their commands are. */
const maxBytes = 1024 ** 2;

const container = shape<ContainerProcesses>('ContainerProcesses', {
  name: containerName(),
  processes: listOf(
    shape<ContainerProcess>('ContainerProcess', {
      pid: count().description('In the container.'),
      ppid: count(),
      user: anyText(),
      state: Joi.string().description('A letter, such as `R` for running or `S` for sleeping.'),
      cpu_percent: Joi.number().min(0).description('CPU usage since the process started, in percent of one CPU.'),
      elapsed_seconds: Joi.number().min(0),
      rss: count().description('Resident memory in bytes.'),
      command: anyText(),
    }),
  ),
  truncated: Joi.boolean().description('Whether there are more processes than the response holds.'),
});

/** Lists the processes of a container. */
export const top = defineContainerOperation<TopInput, ContainerProcesses>({
  name: 'container.top',
  method: 'GET',
  path: '/containers/:name/top',
  scope: 'containers:read',
  input: Joi.object<TopInput>({ name: containerName().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'container',
  summary: 'Lists the processes of a container',
  description: '409 if the container is not running. Processes can change the command that is shown for them.',
  results: { 200: container },
  example: {
    input: { name: 'web' },
    result: {
      name: 'web',
      processes: [
        {
          pid: 1,
          ppid: 0,
          user: 'root',
          state: 'S',
          cpu_percent: 0.1,
          elapsed_seconds: 61.2,
          rss: 7_340_032,
          command: 'nginx -g daemon off;',
        },
      ],
      truncated: false,
    },
  },
  async run(podman, { name }, { signal }) {
    const bytes = await podman.read(['top', '--', name, ...topColumns], maxBytes, { signal });
    const truncated = bytes.length >= maxBytes;
    const processes = parseProcesses(new TextDecoder().decode(bytes));
    // The last one may be cut off.
    return { name, processes: truncated ? processes.slice(0, -1) : processes, truncated };
  },
});
