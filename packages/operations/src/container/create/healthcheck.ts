import Joi, { type ObjectSchema } from 'joi';
import { boundedList } from '../../schemas/bounds.ts';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { text } from '../../schemas/text.ts';

/** A health check in a request, with the fields of Compose. Times are in seconds. */
export interface Healthcheck {
  /** A string for the shell of the container, or argv; a list may begin with `CMD`, `CMD-SHELL` or be `["NONE"]`, as in Compose. */
  readonly test?: string | readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly start_period?: number;
  /** Removes the health check of the image. */
  readonly disable?: boolean;
}

const maxSeconds = 86_400;
const maxWords = 1000;
/** Words that podman reads as keywords in front of a test, in any case (specgen.go of podman 4.3 and 5.4). */
const keywords: ReadonlySet<string> = new Set(['CMD', 'CMD-SHELL', 'NONE']);

const testForm = 'a shell command such as "test -e /ready", or a list such as ["CMD", "test", "-e", "/ready"]';
const testMessage = `{{#label}} must be ${testForm}`;

/** Returns the schema of a health check. */
export function healthcheck(): ObjectSchema<Healthcheck> {
  return Joi.object<Healthcheck>({
    test: Joi.alternatives(text(), boundedList(maxWords, text()).min(1))
      .messages({ 'alternatives.types': testMessage, 'alternatives.match': testMessage })
      .description(
        'A string runs as `/bin/sh -c` in the container; a list is argv, with or without `CMD` in front. Healthy: it exits with 0.',
      ),
    interval: seconds(1).description('Seconds between two checks; default: 30.'),
    timeout: seconds(1).description('Seconds after which a check counts as failed; default: 30.'),
    retries: Joi.number().integer().min(1).max(1000).description('Failed checks in a row until the container is unhealthy; default: 3.'),
    start_period: seconds(0).description('Seconds after the start in which failed checks do not count; default: 0.'),
    disable: Joi.boolean().description('`true` removes the health check of the image.'),
  })
    .custom(readableBy(healthcheckArguments))
    .messages({ 'object.base': '{{#label}} must be an object, such as \\{"test": "test -e /ready", "interval": 10\\}' })
    .description('Checks the health of the container; times are in seconds.');
}

function seconds(min: number): Joi.NumberSchema {
  return Joi.number().integer().min(min).max(maxSeconds);
}

/**
 * Returns the flags of `podman run` for a health check.
 * @throws UnreadableValue if there is no test, or podman could not read it
 */
export function healthcheckArguments(given: Healthcheck): string[] {
  const { test, interval, timeout, retries, start_period } = given;
  const command = test === undefined ? undefined : readTest(test);
  if (given.disable || command === 'none') {
    if (given.disable && test !== undefined && command !== 'none') throw new UnreadableValue('give either test or disable');
    return ['--no-healthcheck'];
  }
  if (command === undefined) throw new UnreadableValue(`test is missing: give ${testForm}, or "disable": true`);
  return [
    `--health-cmd=${command}`,
    ...duration('interval', interval),
    ...duration('timeout', timeout),
    ...(retries === undefined ? [] : [`--health-retries=${retries}`]),
    ...duration('start-period', start_period),
  ];
}

function duration(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`--health-${name}=${value}s`];
}

/**
 * Returns podman's spelling of a test, or `none`. Podman reads `["CMD-SHELL", text]` and a list of two words or more as JSON;
 * it reads a list of a single word as a string for the shell, and `CMD word` only without JSON.
 * @throws UnreadableValue
 */
function readTest(test: string | readonly string[]): string {
  if (typeof test === 'string') return JSON.stringify(['CMD-SHELL', test]);
  const [first = '', ...rest] = test;
  if (first === 'NONE') {
    if (rest.length > 0) throw new UnreadableValue('nothing can follow "NONE" in test');
    return 'none';
  }
  if (first === 'CMD-SHELL') {
    const [shellText] = rest;
    if (shellText === undefined || rest.length > 1) throw new UnreadableValue('exactly one string must follow "CMD-SHELL" in test');
    return JSON.stringify(test);
  }
  const words = first === 'CMD' ? rest : test;
  const [program = ''] = words;
  if (program === '' || keywords.has(program.toUpperCase())) throw new UnreadableValue(`${quote(test)} names no program; give ${testForm}`);
  if (words.length > 1) return JSON.stringify(words);
  if (!/\s/.test(program)) return `CMD ${program}`;
  throw new UnreadableValue(`${quote(program)}: podman cannot run a program with white space in its name; write a string for the shell`);
}
