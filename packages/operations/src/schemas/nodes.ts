import Joi from 'joi';

/** A node's name, see NODE_NAME. */
export const nodeName = () =>
  Joi.string()
    .pattern(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be the name of a node, as GET /nodes tells it' });

/** Labels of nodes that are all to match. */
export const labels = () => Joi.object().pattern(Joi.string().max(255), Joi.string().max(255).allow(''));
