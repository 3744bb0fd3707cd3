import type { CliCommand, CommandGroup } from '../define-command.ts';

type Command = CliCommand | CommandGroup;

/** Commands under one heading of the help. */
interface Section {
  readonly title: string;
  /** Functions that load the commands, by name. A command line needs one of them, so no other module is loaded. */
  readonly loaders: Readonly<Record<string, () => Promise<Command>>>;
}

/** Commands under one heading of the help, with their modules. */
export interface LoadedSection {
  readonly title: string;
  /** The commands by their names. */
  readonly commands: Readonly<Record<string, Command>>;
}

const changes = () => import('./changes.ts');
const lifecycle = () => import('./lifecycle.ts');
const imageChanges = () => import('./images/changes.ts');
const archives = () => import('./images/archives.ts');

/** All commands, in the order of the help. */
const sections: readonly Section[] = [
  {
    title: 'Commands in containers',
    loaders: {
      run: async () => (await import('./run/index.ts')).run,
      exec: async () => (await import('./exec.ts')).exec,
      cp: async () => (await import('./cp/index.ts')).cp,
    },
  },
  {
    title: 'Containers',
    loaders: {
      ps: async () => (await import('./ps.ts')).ps,
      inspect: async () => (await import('./inspect.ts')).inspect,
      start: async () => (await lifecycle()).start,
      stop: async () => (await lifecycle()).stop,
      restart: async () => (await lifecycle()).restart,
      kill: async () => (await lifecycle()).kill,
      pause: async () => (await lifecycle()).pause,
      unpause: async () => (await lifecycle()).unpause,
      wait: async () => (await import('./wait.ts')).wait,
      rename: async () => (await lifecycle()).rename,
      update: async () => (await changes()).update,
      rm: async () => (await import('./rm.ts')).rm,
      container: async () => (await import('./containers.ts')).container,
    },
  },
  {
    title: 'Observation',
    loaders: {
      logs: async () => (await import('./logs.ts')).logs,
      stats: async () => (await import('./stats.ts')).stats,
      top: async () => (await import('./top.ts')).top,
      diff: async () => (await changes()).diff,
      events: async () => (await import('./events.ts')).events,
    },
  },
  {
    title: 'Images',
    loaders: {
      build: async () => (await import('./images/build.ts')).build,
      pull: async () => (await import('./images/pull.ts')).pull,
      push: async () => (await import('./images/push.ts')).push,
      images: async () => (await import('./images/list.ts')).images,
      rmi: async () => (await imageChanges()).rmi,
      tag: async () => (await imageChanges()).tag,
      commit: async () => (await changes()).commit,
      save: async () => (await archives()).save,
      load: async () => (await archives()).load,
      image: async () => (await import('./images/group.ts')).image,
    },
  },
  {
    title: 'Volumes and networks',
    loaders: {
      volume: async () => (await import('./volumes.ts')).volume,
      network: async () => (await import('./networks.ts')).network,
    },
  },
  { title: "Docker's clients", loaders: { proxy: async () => (await import('./proxy/index.ts')).proxy } },
  {
    title: 'Service',
    loaders: {
      pool: async () => (await import('./pools.ts')).pool,
      jobs: async () => (await import('./jobs.ts')).jobs,
      nodes: async () => (await import('./nodes.ts')).nodes,
      token: async () => (await import('./token.ts')).token,
    },
  },
];

/** Loads a command or a group by its first word. @returns `undefined` if there is none */
export async function loadCommand(name: string): Promise<Command | undefined> {
  const loaders = sections.find(section => Object.hasOwn(section.loaders, name))?.loaders;
  return loaders?.[name]?.();
}

/** Loads all commands, in the order of the help. */
export function loadSections(): Promise<LoadedSection[]> {
  return Promise.all(
    sections.map(async ({ title, loaders }) => {
      const commands = Object.entries(loaders).map(async ([name, load]) => [name, await load()] as const);
      return { title, commands: Object.fromEntries(await Promise.all(commands)) };
    }),
  );
}
