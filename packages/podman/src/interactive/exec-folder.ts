import { constants } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Size of a terminal in characters. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

const sessionName = /^[0-9a-f]{64}$/;

/**
 * The folder of an exec on this host, in which podman and conmon keep its state, is below that of the container:
 * `<userdata>/<id of the exec>`. It contains the specification of the process (`exec-process-*`, written before conmon
 * starts), the FIFO `ctl` by which podman resizes the terminal, and `exec_pid` once the process runs. So it is in podman 2 to 5
 * (libpod/oci_conmon_exec_common.go: `execBundlePath`, `ExecAttachResize`).
 */
export class ExecFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Sets the size of the terminal. @returns whether conmon got the size; it reads the FIFO from shortly before the command starts */
  async resize({ cols, rows }: TerminalSize): Promise<boolean> {
    try {
      // Fails with ENXIO instead of waiting for a reader.
      await using fifo = await open(join(this.path, 'ctl'), constants.O_WRONLY | constants.O_NONBLOCK);
      await fifo.write(`1 ${rows} ${cols}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Reads the process id of the command on this host; `undefined` if it has not started. */
  async pid(): Promise<number | undefined> {
    const pid = Number(await readFile(join(this.path, 'exec_pid'), 'utf8').catch(() => ''));
    return pid > 0 ? pid : undefined;
  }
}

/** Finds the folder of an exec while podman starts it. */
export class ExecFolderFinder {
  readonly #userdata: string;
  readonly #others: Set<string>;
  readonly #variable: string;

  /**
   * @param userdata the container's folder
   * @param others names in this folder that are not of the wanted exec
   * @param variable `NAME=value` in the environment of the wanted exec alone
   */
  constructor(userdata: string, others: readonly string[], variable: string) {
    this.#userdata = userdata;
    this.#others = new Set(others);
    this.#variable = variable;
  }

  /** Looks for the folder. @returns `undefined` if there is none now */
  async find(): Promise<ExecFolder | undefined> {
    for (const name of await readdir(this.#userdata).catch(() => [])) {
      if (this.#others.has(name)) continue;
      if (!sessionName.test(name)) this.#others.add(name);
      else {
        const folder = join(this.#userdata, name);
        const isWanted = await this.#isWanted(folder);
        if (isWanted) return new ExecFolder(folder);
        if (isWanted === false) this.#others.add(name);
      }
    }
    return undefined;
  }

  /** @returns `undefined` if podman has not written the file yet */
  async #isWanted(folder: string): Promise<boolean | undefined> {
    const file = (await readdir(folder).catch(() => [])).find(name => name.startsWith('exec-process-'));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8').catch(() => '');
    try {
      const { env = [] }: { readonly env?: readonly string[] } = JSON.parse(text);
      return env.includes(this.#variable);
    } catch {
      return undefined;
    }
  }
}
