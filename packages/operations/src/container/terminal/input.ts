import Joi from 'joi';
import { maxStreamSeconds } from '../../max-stream-seconds.ts';
import { type EnvironmentInput, environment } from '../../schemas/environment.ts';
import { containerName, containerUser } from '../../schemas/names.ts';
import { queryFlag, queryInteger } from '../../schemas/query.ts';
import { type CommandInput, containerPath } from '../../schemas/text.ts';
import { execCommand } from '../exec/input.ts';

/** Input of `GET /containers/:name/terminal`. */
export interface TerminalInput {
  readonly name: string;
  /** A list is argv. A string runs as `sh -c <string>`, or without a shell if it is one word of letters, digits and `_./+-`. Default: `sh`. */
  readonly command?: CommandInput;
  /** Default: true. */
  readonly tty?: boolean;
  /** Default: 80. */
  readonly cols?: number;
  /** Default: 24. */
  readonly rows?: number;
  readonly user?: string;
  readonly work_dir?: string;
  readonly environment?: EnvironmentInput;
  /** Default: true. */
  readonly stdin?: boolean;
  /** Seconds. Default: 24 hours. */
  readonly timeout?: number;
  /** Seconds. Default: 60. */
  readonly reconnect_timeout?: number;
}

/** Largest width and height of a terminal; the kernel has 16 bits for each (ioctl_tty(2)). */
const maxCharacters = 65_535;

/** Returns the schema of a width or height in characters. */
export const terminalDimension = () => queryInteger(1, maxCharacters);

/** Schema of `GET /containers/:name/terminal`. */
export const terminalInput = Joi.object<TerminalInput>({
  name: containerName().required(),
  command: execCommand().description(
    'One word, or several `command=` for the words of a command, run without a shell; any other string runs as `sh -c <string>`. Default: `sh`.',
  ),
  tty: queryFlag().description('Whether the command runs in a terminal; otherwise stdout and stderr are kept apart. Default: true.'),
  cols: terminalDimension().description('Width of the terminal in characters. Default: 80.'),
  rows: terminalDimension().description('Height of the terminal in characters. Default: 24.'),
  user: containerUser().description('A user or uid, or `user:group`; default: the user of the container.'),
  work_dir: containerPath().description('Default: that of the container.'),
  environment: environment().description(
    'Variables, as a JSON object in ASCII (`\\u` for other characters). Their values are in no log, job or argument list.',
  ),
  stdin: queryFlag().description('Whether the command reads what the client sends. Default: true.'),
  timeout: queryInteger(1, maxStreamSeconds).description('Time limit of the command in seconds. Default: 86400.'),
  reconnect_timeout: queryInteger(0, 3600).description(
    'Seconds for which the command continues without a connection; then it is ended. Default: 60.',
  ),
});
