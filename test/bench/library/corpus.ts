import { createIds } from '../../../server/ids.js';
import { provenanceHash } from '../../../server/share/archive/record.js';
import type { NotebookRecord } from '../../../server/share/ports.js';

/** Random numbers that are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables =
  'ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve za zo'.split(
    ' '
  );
const han =
  '数据分析机器学习模型训练结果报告销售用户订单时间地区增长预测实验比较方法图表统计回归分类特征质量清洗管道任务调度延迟天气航班成本收入利润客户留存流失转化漏斗指标';

/** How many words there are; the n-th is about n times rarer than the first, as in real prose. */
export const VOCABULARY = 30_000;

/** The n-th most frequent word. */
export function word(n: number): string {
  let text = '';
  for (let rest = n + 1; rest > 0; rest = Math.floor(rest / syllables.length))
    text += syllables[rest % syllables.length]!;
  return `${text}${n % 7 === 0 ? 'n' : ''}`;
}

export interface Corpus {
  ids: ReturnType<typeof createIds>;
  next(): NotebookRecord;
}

/** Notebooks as a large team might have them: one in ten Chinese, one in ten private. */
export function createCorpus(seed: number, start: number): Corpus {
  const random = createRandom(seed);
  let now = start;
  const ids = createIds({ now: () => now, monotonic: () => now, sleep: () => Promise.resolve() });
  const below = (limit: number): number => Math.floor(random() * limit);
  const zipf = (limit: number): number => Math.min(limit - 1, Math.floor(Math.exp(random() * Math.log(limit + 1)) - 1));
  const words = (count: number): string => Array.from({ length: count }, () => word(zipf(VOCABULARY))).join(' ');
  const chinese = (count: number): string => {
    const at = (): number => below(han.length - 3);
    return Array.from({ length: count }, () => han.slice(at(), at() + 4) || '数据').join('，');
  };
  const provenances = Array.from({ length: 200 }, (_, n) => ({
    kernel: { name: 'python3', language: 'python', languageVersion: `3.${n % 5}.${n}` },
    packages: Array.from({ length: 150 }, (_unused, p) => ({ name: `package-${p}`, version: `${n}.${p}.0` }))
  }));
  const hashes = provenances.map(provenanceHash);
  const seenProvenances = new Set<number>();

  return {
    ids,
    next() {
      now += 60_000;
      const notebookId = ids.next();
      const versionId = ids.next();
      const event = ids.next();
      const at = new Date(now).toISOString();
      const isChinese = random() < 0.1;
      const set = <T>(value: T): { event: string; value: T } => ({ event, value });
      const owner = `person${zipf(500)}`;
      const chosen = zipf(provenances.length);
      const fresh = !seenProvenances.has(chosen);
      seenProvenances.add(chosen);
      return {
        core: {
          notebookId,
          last: event,
          title: set(isChinese ? chinese(2) : words(3 + below(5))),
          tags: set(Array.from({ length: below(5) }, () => `tag ${zipf(300)}`)),
          groups: set(random() < 0.3 ? [`Group ${zipf(60)}`] : []),
          audience: set(random() < 0.1 ? { kind: 'owner' as const } : { kind: 'everyone' as const }),
          deletedAt: set(null),
          updatedAt: set(at),
          facts: set({
            language: 'python',
            imports: ['pandas', 'numpy', `module${zipf(400)}`],
            tables: Array.from({ length: below(4) }, () => `warehouse.${word(zipf(40))}.${word(zipf(2000))}`)
          })
        },
        versions: [
          {
            event,
            versionId,
            author: owner,
            owner,
            at,
            contentHash: hashes[below(hashes.length)] ?? '',
            hideCode: false,
            cells: 20,
            size: 200_000,
            provenance: hashes[chosen] ?? ''
          }
        ],
        text: set(isChinese ? chinese(60 + below(60)) : words(80 + below(240))),
        ...(fresh && { provenances: { [hashes[chosen] ?? '']: provenances[chosen] ?? {} } })
      };
    }
  };
}
