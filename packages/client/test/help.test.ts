import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../src/cli/commands/find-command.ts';
import { loadSections } from '../src/cli/commands/index.ts';
import { isGroup } from '../src/cli/define-command.ts';
import { formatCommandHelp, formatGroupHelp, formatHelp } from '../src/cli/help.ts';

const sections = await loadSections();

/** All commands by their whole names, such as `volume create`. */
const commands = sections
  .flatMap(section => Object.entries(section.commands))
  .flatMap(([name, command]) =>
    isGroup(command)
      ? Object.entries(command.commands).map(([second, member]) => [`${name} ${second}`, member] as const)
      : [[name, command] as const],
  );

describe('the help', () => {
  it('lists each command once, under a heading', async () => {
    const lines = (await formatHelp()).split('\n');
    for (const { title, commands: own } of sections) {
      expect(lines).toContain(title);
      for (const name of Object.keys(own)) expect(lines.filter(line => line.startsWith(`  ${name} `))).toHaveLength(1);
    }
  });

  it.each(commands)('of %s has its flags, and an example that uses them', async (name, command) => {
    const help = formatCommandHelp(name, command);
    for (const flag of Object.keys(command.flags)) expect(help).toContain(`--${flag}`);
    const words = command.example.split(/ (?=(?:[^']*'[^']*')*[^']*$)/).filter(word => !word.startsWith('<'));
    expect(words[0]).toBe('podman-api');
    const found = await findCommand(words.slice(1));
    // An example of `container ls` may be that of `ps`.
    if (!found || 'group' in found || found.command !== command) throw new Error(`the example is not of ${name}`);
    expect(() => parseArgs({ args: [...found.args], options: command.flags, allowPositionals: true })).not.toThrow();
  });

  it('of a group lists its commands', () => {
    for (const command of sections.flatMap(section => Object.values(section.commands))) {
      if (isGroup(command)) for (const name of Object.keys(command.commands)) expect(formatGroupHelp('x', command)).toContain(`  ${name} `);
    }
  });

  it('names no short flag twice', () => {
    for (const [name, { flags }] of commands) {
      const shorts = Object.values(flags).flatMap(({ short }) => short ?? []);
      expect([name, new Set(shorts).size]).toEqual([name, shorts.length]);
    }
  });
});

describe('docs/cli.md', () => {
  it('lists the commands of the help', () => {
    const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const [, table] = /<!-- commands.*-->\n([\s\S]*?)\n<!-- \/commands -->/.exec(text) ?? [];
    const rows = sections.map(({ title, commands: own }) => {
      const names = Object.entries(own).map(([name, command]) =>
        isGroup(command) ? `\`${name} ${Object.keys(command.commands).join('\\|')}\`` : `\`${name}\``,
      );
      return `| ${title} | ${names.join(', ')} |`;
    });
    expect(table).toBe(['| | commands |', '|---|---|', ...rows].join('\n'));
  });
});
