import { PinoPretty, type PrettyOptions } from 'pino-pretty';

type Line = Readonly<Record<string, unknown>>;

/** Written at once and in this process: nothing is lost at its end. Colours are left out where `NO_COLOR` is set. */
export function prettyStream(options: PrettyOptions = {}): PinoPretty.PrettyStream {
  return PinoPretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid', hideObject: true, messageFormat: shortLine, ...options });
}

/** What a person follows; all the rest stands in the JSON, which `npm start | cat` shows. */
function shortLine(line: Line, messageKey: string): string {
  const { app, container, duration_ms } = line;
  const words = [
    `${textOf(app)}: ${textOf(line[messageKey])}`,
    ...(container === undefined || container === null ? [] : [textOf(container)]),
    ...(typeof duration_ms === 'number' ? [`${duration_ms} ms`] : []),
  ];
  return printable(words.join(' ') + stackOf(line['err']));
}

function stackOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stack' in error ? `\n${textOf(error.stack)}`.replaceAll('\n', '\n    ') : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Podman's words may hold what a terminal would heed. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\u{fffd}');
}
