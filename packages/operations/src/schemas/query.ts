import Joi from 'joi';
import { once } from './once.ts';

/** Returns the schema of a flag in a query: `true`, `1`, `false` or `0`. */
export const queryFlag = once(() =>
  Joi.boolean().truthy('1').falsy('0').sensitive().prefs({ convert: true }).messages({
    'boolean.base': '{{#label}} must be true, 1, false or 0',
  }),
);

const wholeNumber = once(() => Joi.number().integer().prefs({ convert: true }));

/** Returns the schema of a whole number in a query. */
export const queryInteger = (min: number, max: number) => wholeNumber().min(min).max(max);

/** Returns the schema of the time between SIGTERM and SIGKILL when a container is stopped, in seconds. */
export const stopTimeout = once(() => queryInteger(0, 3600).description('Seconds between SIGTERM and SIGKILL; default: 10.'));
