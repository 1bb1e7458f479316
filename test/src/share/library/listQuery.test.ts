import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeQuery,
  everything,
  fromSearch,
  isNarrowed,
  sameQuery,
  toSearch
} from '../../../../src/share/library/listQuery.js';
import type { IListQuery } from '../../../../src/share/library/listQuery.js';

const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const query: fc.Arbitrary<IListQuery> = fc
  .record(
    {
      q: fc.string({ maxLength: 40, unit: 'grapheme' }),
      tag: name,
      group: name,
      owner: name,
      table: name,
      sort: fc.constantFrom('relevance', 'updated', 'title')
    },
    { requiredKeys: ['q'] }
  )
  .map(parts => changeQuery(everything, parts));

describe('a query', () => {
  test('comes back whole from its address', () => {
    fc.assert(fc.property(query, given => sameQuery(fromSearch(toSearch(given)), given)));
  });

  test('leaves out what makes no sense', () => {
    expect(fromSearch('sort=sideways&tag=&deleted=true&x=y')).toEqual(everything);
    expect(fromSearch(`q=${'a'.repeat(600)}`).q).toHaveLength(500);
  });

  test('leaves out what belongs to the page', () => {
    expect(toSearch({ ...everything, group: 'A', tag: 'b' }, ['group'])).toBe('tag=b');
  });

  test('knows when it narrows', () => {
    expect(isNarrowed(everything)).toBe(false);
    expect(isNarrowed({ ...everything, sort: 'title', q: ' ' })).toBe(false);
    expect(isNarrowed({ ...everything, owner: 'ada' })).toBe(true);
  });

  test('drops a part that is taken back', () => {
    expect(changeQuery({ ...everything, tag: 'a' }, { tag: undefined })).toEqual(everything);
  });
});
