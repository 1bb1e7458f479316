import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiTarget } from '../../../../server/share/ports.js';
import { allowsSpace, policyInWords, withPolicy } from '../../../../server/share/wiki/policy.js';
import { regionMarks } from '../../../../server/share/wiki/region.js';
import { dose } from '../../../support/dose.js';

const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';
const { begin, end } = regionMarks('commonmark', MARKER);
const body = `${begin}\nText.\n${end}`;
const refused = { code: 'target-forbidden', errors: [{ field: 'place.space' }] };

let wiki: ReturnType<typeof createMemoryWiki>;
let target: WikiTarget;

beforeEach(() => {
  wiki = createMemoryWiki({
    spaces: [
      { id: 'home', name: 'Home' },
      { id: 'team-a', name: 'Team A' },
      { id: 'board', name: 'Board' }
    ]
  });
  target = withPolicy(wiki.target, { spaces: ['team-*', 'lab'], secrets: 'warn' }, 'Data wiki');
});

describe('a policy of spaces', () => {
  test('offers only what it allows', async () => {
    expect(await target.spaces('')).toEqual([{ id: 'team-a', name: 'Team A' }]);
    wiki.people.add('One', 'x', 'board');
    const allowed = wiki.people.add('Two', 'x', 'team-a');
    expect((await target.parents('', {})).map(({ id }) => id)).toEqual([allowed]);
    expect(await target.parents('', { space: 'board' })).toEqual([]);
  });

  test('lets no page be made elsewhere, neither by its space nor by its parent', async () => {
    const page = { title: 'A', body, summary: '' };
    const boss = wiki.people.add('Minutes', 'x', 'board');
    await expect(target.create({ ...page, space: 'board' })).rejects.toMatchObject(refused);
    await expect(target.create({ ...page, parent: boss })).rejects.toMatchObject(refused);
    await expect(target.create({ ...page, space: 'team-a', parent: boss })).rejects.toThrow(
      'the space board, and the configuration of Lakeside allows only these spaces of Data wiki: team-*, lab. Choose one'
    );
    expect(wiki.people.pages()).toHaveLength(1);
    expect(await target.create({ ...page, space: 'team-a' })).toMatchObject({ space: 'team-a' });
  });

  test('holds at the place where pages go by themselves', async () => {
    const page = { title: 'A', body, summary: '' };
    await expect(target.create(page)).rejects.toMatchObject(refused);
    await expect(target.create(page)).rejects.toThrow(
      'Without a choice the page would go to the space Home, and the configuration of Lakeside allows only'
    );
    expect((await target.check()).home).toBeUndefined();
    const silent: WikiTarget = {
      ...wiki.target,
      check: async () => ({ ...(await wiki.target.check()), home: undefined })
    };
    await expect(withPolicy(silent, { spaces: ['home'], secrets: 'warn' }, 'W').create(page)).rejects.toThrow(
      'W does not say which one it takes then'
    );
    expect(wiki.people.pages()).toEqual([]);
    const open = withPolicy(wiki.target, { spaces: ['h*'], secrets: 'warn' }, 'W');
    expect((await open.check()).home).toEqual({ id: 'home', name: 'Home' });
    expect(await open.create(page)).toMatchObject({ space: 'home' });
  });

  test('finds what it allows, where the wiki names only some of its spaces', async () => {
    const all = ['a', 'b', 'c', 'team-x', 'z'].map(id => ({ id, name: `The ${id}` }));
    const asked: string[] = [];
    const few: WikiTarget = {
      ...wiki.target,
      spaces: async query => {
        asked.push(query);
        return all.filter(({ id }) => id.includes(query)).slice(0, 2);
      },
      parents: async (_query, { space = 'a' }) => [
        { id: `${space}1`, title: 'P', space, url: 'https://w.example.org/' }
      ]
    };
    const limited = withPolicy(few, { spaces: ['z', 'b', 'team-*'], secrets: 'warn' }, 'W');
    expect((await limited.spaces('')).map(({ id }) => id)).toEqual(['b', 'z', 'team-x']);
    expect(asked).toEqual(['', 'z', 'team-']);
    expect((await limited.parents('', {})).map(({ id }) => id)).toEqual(['b1', 'z1', 'team-x1']);
    expect(await limited.parents('p', {})).toEqual([]);
  });

  test('writes no page that somebody moved away, and goes on when it is back', async () => {
    const page = await target.create({ title: 'A', body, summary: '', space: 'team-a' });
    wiki.people.rename(page.id, 'A', 'board');
    await expect(target.find(MARKER, { pageId: page.id })).rejects.toMatchObject(refused);
    wiki.people.rename(page.id, 'A', 'lab');
    expect(await target.find(MARKER, { pageId: page.id })).toHaveLength(1);
  });

  test('does not let a copy elsewhere stop the page that is allowed', async () => {
    wiki.people.add('Copy', body, 'board');
    const page = await target.create({ title: 'A', body, summary: '', space: 'team-a' });
    expect((await target.find(MARKER, {})).map(({ id }) => id)).toEqual([page.id]);
  });

  test('is none where there is none', () => {
    expect(withPolicy(wiki.target, undefined, 'W')).toBe(wiki.target);
    expect(withPolicy(wiki.target, { secrets: 'block' }, 'W')).toBe(wiki.target);
  });
});

test('a pattern means what it says, whatever characters are in it', () => {
  const spaces = (pattern: string, space: string): boolean =>
    allowsSpace({ spaces: [pattern], secrets: 'warn' }, space);
  expect(spaces('team-*', 'team-a')).toBe(true);
  expect(spaces('team-*', 'a-team-a')).toBe(false);
  expect(spaces('*:public', 'a:b:public')).toBe(true);
  expect(spaces('T.M', 'TEM')).toBe(false);
  const { runs, seed } = dose('patterns of spaces', { ci: 200, full: 2000 });
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const plain = a.replaceAll('*', '');
      expect(spaces(plain, b)).toBe(plain === b);
      expect(spaces(`${plain}*`, `${plain}${b}`)).toBe(true);
      expect(spaces('*', b)).toBe(true);
    }),
    { numRuns: runs, seed }
  );
});

test('is told in words', () => {
  expect(policyInWords({ spaces: ['a', 'b*'], secrets: 'warn' })).toBe('spaces a, b*; secrets are redacted');
  expect(policyInWords({ secrets: 'block' })).toBe('any space; nothing that holds a secret');
});
