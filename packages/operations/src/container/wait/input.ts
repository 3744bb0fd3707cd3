import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';

const conditions = ['stopped', 'running', 'healthy'] as const;

/** Condition that a caller waits for. */
export type WaitCondition = (typeof conditions)[number];

/** Input of `GET /containers/:name/wait`. */
export interface WaitInput {
  readonly name: string;
  /** Default: `stopped`. */
  readonly condition?: WaitCondition;
}

/** Returns the schema of a condition in a response. */
export const waitCondition = () => Joi.valid(...conditions);

/** Schema of `GET /containers/:name/wait`. */
export const waitInput = Joi.object<WaitInput>({
  name: containerName().required(),
  condition: Joi.string()
    .valid(...conditions)
    .description('`stopped` (default), `running`, or `healthy` by its health check.'),
});
