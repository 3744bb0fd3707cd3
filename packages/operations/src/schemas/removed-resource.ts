import Joi from 'joi';
import { anyText, shape } from './shape.ts';

/** A volume or a network that was removed, as in the response. */
export interface RemovedResource {
  readonly name: string;
  readonly removed: true;
  readonly node: string;
}

/**
 * Returns the schema of `RemovedResource`.
 * @param name its name in the OpenAPI document
 */
export const removedResource = (name: string) =>
  shape<RemovedResource>(name, { name: anyText(), removed: Joi.valid(true), node: Joi.string() });
