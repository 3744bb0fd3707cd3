import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { containerOperations, validateInput } from '@podman-api/operations';
import { describe, expect, it } from 'vitest';

const document = readFileSync(fileURLToPath(new URL('../docs/create.md', import.meta.url)), 'utf8');
const { create } = containerOperations;

describe('docs/create.md', () => {
  const bodies = [...document.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) => text);
  it.each(bodies)('has only examples that are accepted: %s', text => {
    const body: object = JSON.parse(text);
    expect(validateInput(create, { name: 'web', ...body })).toMatchObject(body);
  });

  const cells = [...document.matchAll(/`("\w+": .*?)`[,|() ]/g)].map(([, text = '']) => text);
  const lists = [...document.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([[{].*?[\]}])`/g)].map(([, text = '']) => text),
  );
  it('has only values that are accepted', () => {
    for (const text of cells) expect(validateInput(create, { image: 'a', name: 'b', ...JSON.parse(`{${text}}`) })).toBeTruthy();
    for (const text of lists) {
      const accepted = ['ports', 'volumes', 'labels', 'cap_add', 'ulimits', 'extra_hosts', 'dns'].filter(field =>
        isAccepted({ [field]: JSON.parse(text) }),
      );
      expect({ text, accepted }).not.toEqual({ text, accepted: [] });
    }
    expect([bodies.length, cells.length, lists.length].every(count => count >= 4)).toBe(true);
  });

  it('names every field of a create', () => {
    const fields = Object.keys(create.input.describe().keys ?? {});
    expect(
      fields.filter(field => !document.includes(`\`${field}\``) && !document.includes(`"${field}"`) && !document.includes(`?${field}=`)),
    ).toEqual([]);
  });
});

function isAccepted(options: object): boolean {
  try {
    return Boolean(validateInput(create, { image: 'a', name: 'b', ...options }));
  } catch {
    return false;
  }
}
