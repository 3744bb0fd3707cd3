import Joi, { type NumberSchema, type StringSchema } from 'joi';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { containerName } from '../../schemas/names.ts';
import { containerPath, line } from '../../schemas/text.ts';

/** Input of `POST /containers/:name/users`. */
export interface AddUserInput {
  readonly name: string;
  readonly username: string;
  readonly password?: string;
  readonly shell?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly string[];
  readonly home?: string;
}

/** Largest id; the next one means "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;
const maxGroups = 32;
/** The tools of most images allow no more (useradd(8)). */
const maxNameLength = 32;

const accountName = (): StringSchema =>
  boundedText(maxNameLength)
    .pattern(/^[a-zA-Z_][a-zA-Z0-9_.-]*$/)
    .messages({
      'string.pattern.base': '{{#label}} must be made of letters, digits, "_", "-" and ".", and begin with a letter or "_"',
    });
const accountPath = (): StringSchema =>
  containerPath()
    .pattern(/^[^:\r\n]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be one line without ":"' });
const accountId = (): NumberSchema => Joi.number().integer().min(1).max(maxId);

/** Schema of `POST /containers/:name/users`. */
export const addUserInput = Joi.object<AddUserInput>({
  name: containerName().required(),
  username: accountName().required(),
  password: line().max(512).description('Set with the container’s own tool; never in an argument list or a log.'),
  shell: accountPath().description('Default: `/bin/bash` if the image has it, else `/bin/sh`.'),
  uid: accountId().description('Default: chosen by the tool. 409 if another user has it.'),
  gid: accountId().description('Id of the user’s own group, which is created if it does not exist. Default: chosen by the tool.'),
  groups: boundedList(maxGroups, accountName()).unique().description('Names of further groups, which must exist.'),
  home: accountPath()
    .pattern(/^\/+[^/]/)
    .messages({ 'string.pattern.base': '{{#label}} must be a directory below "/", in one line without ":"' })
    .description('Default: `/home/` and the name. It is created if it does not exist.'),
});
