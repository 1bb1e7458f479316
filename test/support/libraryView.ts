import type { LibraryIndex } from '../../server/share/ports.js';
import { ada, bob, query } from './library.js';

/** All that two people can see of a Library, but for ranking and snippets. */
export async function viewOf(index: LibraryIndex, notebookIds: readonly string[]): Promise<unknown> {
  const views = [];
  for (const reader of [ada, bob]) {
    const lists = [];
    for (const given of [{}, { deleted: true }, { q: 'alpha' }, { q: '数据' }, { tag: 'common' }, { q: 'renamed' }]) {
      for (const sort of ['title', 'updated'] as const) {
        const page = await index.search(reader, query({ ...given, sort }));
        lists.push([page.total, page.items.map(({ snippet: _snippet, ...item }) => item)]);
      }
    }
    const entries = await Promise.all(notebookIds.map(id => index.get(reader, id)));
    const { tags, groups, owners, tables } = await index.facets(reader);
    // The order of those used equally often is by name; how names are compared is the index's own.
    const facets = [tags, groups, owners, tables].map(list => list.map(({ name, count }) => `${name} ${count}`).sort());
    views.push({ lists, facets, entries });
  }
  return { views, histories: await Promise.all(notebookIds.map(id => index.history(id))) };
}
