import type { ChunkSink } from '@podman-api/runtime';
import { progressLines } from './reference.ts';

/** Progress of a pull, a line of JSON on the job's stdout. */
export interface PullProgress {
  /** First 12 digits of the layer's digest. */
  readonly layer: string;
  readonly status: 'copying' | 'done' | 'exists';
  /** Number of bytes, if podman prints it, which 4.3 and 5.4 do on terminals only. */
  readonly bytes?: number;
  readonly total_bytes?: number;
}

/** Longest line of podman that is read; a registry can send any text. */
const maxLineLength = 64 * 1024;
const layerLine = /^Copying blob (?:sha256:)?([0-9a-f]{12})/;
const sizes = /([\d.]+) ?([KMGT]?)i?B ?\/ ?([\d.]+) ?([KMGT]?)i?B/;

/** Returns the progress that a line of podman reports; `undefined` if it is about no layer. */
export function parseProgress(text: string): PullProgress | undefined {
  const [, layer] = layerLine.exec(text) ?? [];
  if (layer === undefined) return undefined;
  const status = /already exists/.test(text) ? 'exists' : /\bdone\b/.test(text) ? 'done' : 'copying';
  const [, bytes, unit = '', total, totalUnit = ''] = sizes.exec(text) ?? [];
  if (bytes === undefined || total === undefined) return { layer, status };
  return { layer, status, bytes: toBytes(bytes, unit), total_bytes: toBytes(total, totalUnit) };
}

function toBytes(number: string, unit: string): number {
  return Math.round(Number(number) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit));
}

/**
 * Returns a sink for podman's stderr that writes its own lines to the job's stderr and the progress of layers to the job's stdout,
 * line by line.
 */
export function progressSink(output: ChunkSink): (bytes: Uint8Array) => Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  return async bytes => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = (lines.pop() ?? '').slice(0, maxLineLength);
    const words = progressLines(lines.join('\n'));
    const progress = lines.flatMap(text => parseProgress(text) ?? []);
    if (words !== '') await output('stderr', Buffer.from(words));
    if (progress.length > 0) await output('stdout', Buffer.from(progress.map(one => `${JSON.stringify(one)}\n`).join('')));
  };
}
