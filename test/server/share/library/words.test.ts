import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../server/share/library/query.js';
import { createSnippets } from '../../../../server/share/library/snippet.js';
import { fold, indexText } from '../../../../server/share/library/words.js';

describe('words', () => {
  it('splits names at what joins their parts', () => {
    expect(indexText('sales.orders_daily, sklearn.linear_model/x-y')).toBe(
      'sales orders daily sklearn linear model x y'
    );
  });

  it('makes pairs of runs without spaces, and lists their characters once', () => {
    expect(indexText('机器学习')).toBe('机器 器学 学习 机 器 学 习');
    expect(indexText('用Python做')).toBe('用 python 做');
    expect(indexText('ラーメン')).toBe('ラー ーメ メン ラ ー メ ン');
    expect(indexText('𠮷野家')).toBe('𠮷野 野家 𠮷 野 家');
  });

  it('folds case, accents, width and the two sigmas', () => {
    expect(fold('ÀÉÎõü Straße ΟΔΟΣ ①ﬁ ｶﾞ')).toBe('aeiou strasse οδοσ 1fi ガ');
    expect(fold('が')).toBe('が');
    expect(fold('각')).toBe('각');
  });

  it('is the same folded twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(fold(fold(text))).toBe(fold(text));
      })
    );
  });

  it('cuts words that are no words', () => {
    expect(indexText('x'.repeat(1000))).toBe('x'.repeat(64));
    expect(indexText(`é${'x'.repeat(1000)}`)).toBe(`e${'x'.repeat(63)}`);
  });

  it('gives nothing but words and single spaces, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expect(indexText(text)).toMatch(/^(?:(?:[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic})(?: (?!$)|$))*$/u);
      })
    );
  });
});

describe('queries', () => {
  const words = (query: string) => parseQuery(query)?.map(term => `${term.words.join('+')}${term.prefix ? '*' : ''}`);

  it('lets the last word go on', () => {
    expect(words('Flight Dela')).toEqual(['flight', 'dela*']);
    expect(words('flight dela ')).toEqual(['flight', 'dela']);
    expect(words('orders_da')).toEqual(['orders+da*']);
    expect(words('"flight dela"')).toEqual(['flight+dela']);
  });

  it('does not let a first letter empty the list', () => {
    expect(parseQuery('flight d')?.map(term => term.optional)).toEqual([false, true]);
    expect(parseQuery('r')?.map(term => term.optional)).toEqual([false]);
    expect(words('orders_d')).toEqual(['orders']);
  });

  it('tells nothing asked from nothing in it', () => {
    expect(parseQuery('')).toBeUndefined();
    expect(parseQuery(' \n ')).toBeUndefined();
    expect(parseQuery('+-"')).toEqual([]);
  });

  it('takes an unclosed quote for nothing', () => {
    expect(words('"flight delays')).toEqual(['flight', 'delays*']);
    expect(words('a "b c" "d e')).toEqual(['a', 'b+c', 'd', 'e']);
  });

  it('bounds the number of terms', () => {
    expect(parseQuery(Array.from({ length: 100 }, (_, n) => `w${n}`).join(' '))).toHaveLength(24);
  });
});

describe('snippets', () => {
  const snippet = (text: string, query: string) =>
    createSnippets(parseQuery(query) ?? [])([text])?.replace(/\ue000|\ue001/g, '|');

  it('marks whole words, and beginnings only where a word was only begun', () => {
    expect(snippet('start art artist', 'art ')).toBe('start |art| artist');
    expect(snippet('start art artist', 'art')).toBe('start |art| |artist|');
  });

  it('finds what differs in accents', () => {
    expect(snippet('Der Müller und die Muellerin', 'muller ')).toBe('Der |Müller| und die Muellerin');
  });

  it('never tears a character apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const found = createSnippets(parseQuery('needle ') ?? [])([`${before} needle ${after}`]);
        expect(found?.isWellFormed()).toBe(true);
        expect(found).toContain('\ue000needle\ue001');
      })
    );
  });

  it('marks words of any case beside signs and letters of any size', () => {
    expect(snippet('ORDERS, (orders) reorders orders2 𝒳orders', 'orders ')).toBe(
      '|ORDERS|, (|orders|) reorders orders2 𝒳orders'
    );
    expect(snippet('art arts', 'arts ar')).toBe('|art| |arts|');
  });

  it('marks runs of scripts without spaces wherever they stand', () => {
    expect(snippet('我们的数据分析报告', '数据分析')).toBe('我们的|数据分析|报告');
    expect(snippet('数据和数据', '数据')).toBe('|数据|和|数据|');
  });

  it('gives nothing where there is nothing', () => {
    expect(snippet('text', 'other')).toBeUndefined();
  });
});
