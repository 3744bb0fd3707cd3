import { constants } from 'node:os';
import Joi, { type Schema } from 'joi';
import { once } from './once.ts';

const namesByNumber = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
/** Real-time signals, which containers with systemd use: SIGRTMIN+3 halts. */
const realTime = /^SIGRT(MIN(\+([1-9]|1[0-5]))?|MAX(-([1-9]|1[0-4]))?)$/;

const wrongSignal = '{{#label}} must be a signal such as SIGTERM, HUP or 9';

/** Returns the schema of a signal: a name with or without `SIG`, or a number. The value is the name with `SIG`. */
export const signalName = once(
  (): Schema =>
    Joi.alternatives(Joi.number(), Joi.string().max(16))
      .custom((given: string | number, helpers) => nameOf(given) ?? helpers.message({ custom: wrongSignal }))
      .messages({ 'alternatives.types': wrongSignal, 'alternatives.match': wrongSignal }),
);

/** Returns the name of a signal; `undefined` if there is no such signal. */
function nameOf(given: string | number): string | undefined {
  const number = typeof given === 'number' ? given : /^\d{1,2}$/.test(given) ? Number(given) : undefined;
  if (number !== undefined) return namesByNumber.get(number);
  const name = String(given)
    .toUpperCase()
    .replace(/^(?!SIG)/, 'SIG');
  return name in constants.signals || realTime.test(name) ? name : undefined;
}
