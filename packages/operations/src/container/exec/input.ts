import Joi from 'joi';
import { bodyText } from '../../schemas/bounds.ts';
import { type EnvironmentInput, environment } from '../../schemas/environment.ts';
import { containerName, containerUser } from '../../schemas/names.ts';
import { argv, type CommandInput, containerPath, text } from '../../schemas/text.ts';

/** Input of `POST /containers/:name/exec`. */
export interface ExecInput {
  readonly name: string;
  /** A string runs as `sh -c <string>`, a list is argv. */
  readonly command: CommandInput;
  readonly user?: string;
  readonly environment?: EnvironmentInput;
  readonly work_dir?: string;
  readonly stdin?: string;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds between SIGTERM and SIGKILL when the command is ended. */
  readonly stop_timeout?: number;
  /** Encoding of the output in the response. */
  readonly encoding?: 'utf8' | 'base64';
}

const commandWords = '{{#label}} must be a string for sh -c, such as "ls /data", or a list of words, such as ["ls", "/data"]';

/** Returns the schema of a command that runs in a container. */
export const execCommand = () =>
  Joi.alternatives(text(), argv()).messages({ 'alternatives.types': commandWords, 'alternatives.match': commandWords });

/** Schema of `POST /containers/:name/exec`. */
export const execInput = Joi.object<ExecInput>({
  name: containerName().required(),
  command: execCommand().required().description('A string runs as `sh -c <string>` in the container; a list is argv, with no shell.'),
  user: containerUser().description('A user or uid, or `user:group`; default: the user of the container.'),
  environment: environment(),
  work_dir: containerPath(),
  stdin: bodyText().description('Text for the stdin of the command.'),
  timeout: Joi.number().integer().min(1).max(86_400).description('Time limit of the command in seconds; default: `JOB_TIMEOUT`.'),
  stop_timeout: Joi.number()
    .integer()
    .min(0)
    .max(300)
    .description('Seconds between SIGTERM and SIGKILL when the time limit is reached or the job is cancelled; default: 2.'),
  encoding: Joi.string().valid('utf8', 'base64').description('Encoding of the output in the response; default: `utf8`.'),
});
