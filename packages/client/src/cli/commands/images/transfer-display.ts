import type { CommandContext } from '../../context.ts';
import { formatBar } from '../../format-size.ts';

/** Progress of a layer, a line of JSON in the output of a pull or push. */
interface LayerProgress {
  readonly layer: string;
  readonly status: string;
  readonly bytes?: number;
  readonly total_bytes?: number;
}

/** Shows the progress of one pull or push. */
export interface TransferDisplay {
  /** Takes text of the job's output, which may end within a line. */
  addOutput(stream: 'stdout' | 'stderr', text: string): void;
}

/** Shows the progress of several pulls or pushes at once. */
export interface TransferScreen {
  /** @param label name that its lines begin with; `undefined` if there is only one job */
  add(label: string | undefined): TransferDisplay;
}

/**
 * Creates the display of pulls or pushes: on a terminal a status line and a line for each layer, with a bar if podman reports bytes;
 * elsewhere the lines that podman prints.
 */
export function createTransferScreen({ progress, printStatus }: CommandContext, isQuiet: boolean): TransferScreen {
  const jobs: (() => readonly string[])[] = [];
  const redraw = () => progress.showLines(jobs.flatMap(lines => lines()));
  return {
    add(label) {
      const prefix = label === undefined ? '' : `${label}: `;
      const layers = new Map<string, LayerProgress>();
      const rest = { stdout: '', stderr: '' };
      let status = '';
      jobs.push(() => [...(status === '' ? [] : [status]), ...[...layers.values()].map(formatLayer)].map(line => prefix + line));
      const takeLine = (stream: 'stdout' | 'stderr', line: string) => {
        if (stream === 'stderr') {
          if (!progress.isVisible) printStatus(prefix + line);
          // The layers have separate lines.
          if (!line.startsWith('Copying blob')) status = line;
          return;
        }
        const layer = parseLayer(line);
        if (layer) layers.set(layer.layer, layer);
      };
      return {
        addOutput(stream, text) {
          if (isQuiet) return;
          const lines = (rest[stream] + text).split('\n');
          rest[stream] = lines.pop() ?? '';
          for (const line of lines) takeLine(stream, line);
          redraw();
        },
      };
    },
  };
}

function formatLayer({ layer, status, bytes, total_bytes }: LayerProgress): string {
  if (status !== 'copying' || bytes === undefined || total_bytes === undefined) return `${layer} ${status}`;
  return `${layer} ${status} ${formatBar(bytes, total_bytes)}`;
}

/** Returns the progress in a line; `undefined` for any other line. */
function parseLayer(line: string): LayerProgress | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLayerProgress(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLayerProgress(value: unknown): value is LayerProgress {
  if (typeof value !== 'object' || value === null) return false;
  const isOptionalNumber = (name: string) => !(name in value) || typeof Reflect.get(value, name) === 'number';
  const hasStrings = 'layer' in value && typeof value.layer === 'string' && 'status' in value && typeof value.status === 'string';
  return hasStrings && isOptionalNumber('bytes') && isOptionalNumber('total_bytes');
}
