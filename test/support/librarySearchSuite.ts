import { describe, expect, it } from 'vitest';
import type { LibraryQuery } from '../../contract/share/index.js';
import type { ArchiveEvent, LibraryIndex } from '../../server/share/ports.js';
import { ada, query } from './library.js';

/** What the tests of one index share. */
export interface SearchContext {
  index: LibraryIndex;
  /** Publishes a notebook. */
  publish(given: Partial<ArchiveEvent & { type: 'published' }>): Promise<ArchiveEvent & { type: 'published' }>;
  /** The titles that a query finds. */
  titles(given: Partial<LibraryQuery>): Promise<string[]>;
}

/** How every index of the Library must search. */
export function librarySearchSuite(context: () => SearchContext): void {
  describe('search', () => {
    const publish: SearchContext['publish'] = given => context().publish(given);
    const titles: SearchContext['titles'] = given => context().titles(given);
    const search = (q: string) => context().index.search(ada, query({ q }));

    const found = async (q: string) => (await titles({ q })).sort();

    it('finds words in title, tags, groups, prose, imports and tables', async () => {
      await publish({ title: 'alpha' });
      await publish({ title: 'T', tags: ['beta one'] });
      await publish({ title: 'G', groups: ['gamma'] });
      await publish({ title: 'P', text: 'some delta prose' });
      await publish({ title: 'I', imports: ['sklearn.linear_model'] });
      await publish({ title: 'B', tables: ['sales.orders_daily'] });
      expect(await found('alpha')).toEqual(['alpha']);
      expect(await found('beta')).toEqual(['T']);
      expect(await found('gamma')).toEqual(['G']);
      expect(await found('delta')).toEqual(['P']);
      expect(await found('sklearn')).toEqual(['I']);
      expect(await found('linear_model')).toEqual(['I']);
      expect(await found('orders')).toEqual(['B']);
      expect(await found('sales.orders_daily')).toEqual(['B']);
      expect(await found('orders_sales')).toEqual([]);
    });

    it('wants all words, in whichever field, and the last one only begun', async () => {
      await publish({ title: 'Flight delays', text: 'weather in New York' });
      await publish({ title: 'Flight prices', text: 'fares' });
      expect(await found('delays weather')).toEqual(['Flight delays']);
      expect(await found('flight')).toEqual(['Flight delays', 'Flight prices']);
      expect(await found('fli')).toEqual(['Flight delays', 'Flight prices']);
      expect(await found('fli delays')).toEqual([]);
      expect(await found('delays we')).toEqual(['Flight delays']);
      expect(await found('flight w')).toEqual(['Flight delays', 'Flight prices']);
    });

    it('does not tell case, accents and width apart', async () => {
      await publish({ title: 'Café Größe ΑΘΗΝΑΣ ＦＵＬＬ' });
      for (const q of ['cafe', 'CAFÉ', 'cafe\u0301', 'grosse', 'αθηνας', 'Αθήνας', 'full', 'ｆｕｌｌ']) {
        expect(await found(q), q).toHaveLength(1);
      }
    });

    it('finds Chinese, Japanese and Korean words of any length', async () => {
      await publish({ title: '机器学习入门' });
      await publish({ title: '数据分析', text: '使用Python分析销售数据，很好。' });
      await publish({ title: 'データ分析ノート' });
      await publish({ title: '데이터 분석' });
      await publish({ title: '是' });
      expect(await found('学习')).toEqual(['机器学习入门']);
      expect(await found('机器学习')).toEqual(['机器学习入门']);
      expect(await found('器习')).toEqual([]);
      expect(await found('学')).toEqual(['机器学习入门']);
      expect(await found('门')).toEqual(['机器学习入门']);
      expect(await found('分析')).toEqual(['データ分析ノート', '数据分析']);
      expect(await found('python分析')).toEqual(['数据分析']);
      expect(await found('销售 python')).toEqual(['数据分析']);
      expect(await found('データ')).toEqual(['データ分析ノート']);
      expect(await found('ﾃﾞｰﾀ')).toEqual(['データ分析ノート']);
      expect(await found('분석')).toEqual(['데이터 분석']);
      expect(await found('이터')).toEqual(['데이터 분석']);
      expect(await found('是')).toEqual(['是']);
      expect(await found('好使')).toEqual([]);
    });

    it('takes text between quotes as a phrase', async () => {
      await publish({ title: 'one', text: 'deep learning models' });
      await publish({ title: 'two', text: 'learning deep models' });
      expect(await found('"deep learning"')).toEqual(['one']);
      expect(await found('“deep learning”')).toEqual(['one']);
      expect(await found('deep learning')).toEqual(['one', 'two']);
      expect(await found('"deep lear"')).toEqual([]);
    });

    it('never fails on what a person types', async () => {
      await publish({ title: 'plain title near or and not' });
      const hostile = [
        '"',
        '""',
        '"""',
        'a"b',
        '*',
        '**',
        'title:plain',
        '{title tags}: plain',
        '^plain',
        'plain AND',
        'OR',
        'NOT plain',
        'NEAR(plain title, 2)',
        'plain + title',
        '-plain',
        '(plain',
        ')',
        "'; DROP TABLE notebooks; --",
        '%',
        '_',
        '\\',
        'plain*',
        '\0',
        '\ud800',
        'plain\u0000title',
        '🚀',
        '…',
        'a'.repeat(500),
        Array.from({ length: 250 }, () => 'a').join(' ')
      ];
      for (const q of hostile) {
        const page = await search(q);
        expect(Array.isArray(page.items), q).toBe(true);
      }
      expect(await titles({ q: 'NOT plain' })).toHaveLength(1);
      expect(await titles({ q: 'title:plain' })).toHaveLength(0);
      expect(await titles({ q: '++' })).toHaveLength(0);
      expect(await titles({ q: '  ' })).toHaveLength(1);
    });

    it('ranks title above tags above text', async () => {
      await publish({ title: 'one', text: 'churn among others '.repeat(3) });
      await publish({ title: 'two', tags: ['churn'] });
      await publish({ title: 'churn' });
      expect(await titles({ q: 'churn' })).toEqual(['churn', 'two', 'one']);
    });

    it('shows where the words are', async () => {
      const text = `${'before '.repeat(40)}the Churn rate of Café guests ${'after '.repeat(40)}`;
      await publish({ title: 'x', text });
      const snippet = async (q: string) => (await search(q)).items[0]?.snippet;
      expect(await snippet('churn')).toContain('the \ue000Churn\ue001 rate');
      expect(await snippet('cafe gue')).toMatch(/of \ue000Café\ue001 \ue000guests\ue001/);
      expect((await snippet('churn'))!.length).toBeLessThan(300);
      expect(await snippet('')).toBeUndefined();
      await publish({ title: 'tables', tables: ['shop.orders'] });
      expect(await snippet('orders')).toBe('shop.\ue000orders\ue001');
      await publish({ title: '说明', text: '关于机器学习的说明' });
      expect(await snippet('机器学')).toBe('关于\ue000机器学\ue001习的说明');
    });

    it('drops marks that a text holds itself', async () => {
      await publish({ title: 'x', text: 'a \ue000forged\ue001 mark near churn' });
      const [item] = (await search('churn')).items;
      expect(item?.snippet).toBe('a forged mark near \ue000churn\ue001');
    });

    it('forgets the words of a former version', async () => {
      const first = await publish({ title: 'old words', text: 'formerly' });
      await publish({ notebookId: first.notebookId, title: 'new words', text: 'nowadays' });
      expect(await found('formerly')).toEqual([]);
      expect(await found('nowadays')).toEqual(['new words']);
      expect(await found('old')).toEqual([]);
    });
  });
}
