import { describe, expect, it } from 'vitest';
import { CreatedContainers } from '../../src/early-sessions/created-containers.ts';

const web = { id: 'a'.repeat(64), name: 'web', image: 'box' };

describe('CreatedContainers', () => {
  it.each([web.id, web.name])('returns a container once, by its id or its name', reference => {
    const created = new CreatedContainers();
    created.add(web);
    expect([created.take(reference), created.take(web.id), created.take(web.name)]).toEqual([web, undefined, undefined]);
  });

  it('keeps a container that has the name of one that was taken', () => {
    const created = new CreatedContainers();
    const next = { ...web, id: 'b'.repeat(64) };
    created.add(web);
    created.add(next);
    created.take(web.id);
    expect(created.take('web')).toBe(next);
  });

  it('forgets the oldest of more than a thousand containers', () => {
    const created = new CreatedContainers();
    for (let index = 0; index <= 1000; index += 1) created.add({ id: `id-${index}`, name: `name-${index}`, image: 'box' });
    expect([created.take('id-0'), created.take('name-1')?.id]).toEqual([undefined, 'id-1']);
  });
});
