import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';

/** Input of `GET /containers/:name/stats`. */
export interface StatsInput {
  readonly name: string;
  readonly stream?: boolean;
}

/** Schema of `GET /containers/:name/stats`. */
export const statsInput = Joi.object<StatsInput>({
  name: containerName().required(),
  stream: queryFlag().description('Streams the figures as events every second, until the container stops.'),
});
