import { PinoPretty, type PrettyOptions } from 'pino-pretty';

type LogLine = Readonly<Record<string, unknown>>;

/** Creates a stream for terminals. It is synchronous, so no line is lost at exit. It has no colours if `NO_COLOR` is set. */
export function prettyStream(options: PrettyOptions = {}): PinoPretty.PrettyStream {
  return PinoPretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid', hideObject: true, messageFormat: formatLine, ...options });
}

/** Formats the main fields as one line. `npm start | cat` prints all fields as JSON. */
function formatLine(line: LogLine, messageKey: string): string {
  const { app, container, duration_ms } = line;
  const parts = [
    `${toText(app)}: ${toText(line[messageKey])}`,
    ...(container === undefined || container === null ? [] : [toText(container)]),
    ...(typeof duration_ms === 'number' ? [`${duration_ms} ms`] : []),
  ];
  return replaceControlCharacters(parts.join(' ') + formatStack(line['err']));
}

function formatStack(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stack' in error ? `\n${toText(error.stack)}`.replaceAll('\n', '\n    ') : '';
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Replaces control characters, because podman's messages may hold escape sequences. */
function replaceControlCharacters(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\u{fffd}');
}
