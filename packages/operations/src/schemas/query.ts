import Joi from 'joi';

/** `true`, `1`, `false` or `0`, from a query. */
export const queryFlag = () =>
  Joi.boolean().truthy('1').falsy('0').sensitive().prefs({ convert: true }).messages({
    'boolean.base': '{{#label}} must be true, 1, false or 0',
  });

/** A whole number from a query. */
export const queryInteger = (min: number, max: number) => Joi.number().integer().min(min).max(max).prefs({ convert: true });
