import type { PageContext } from './context.js';

/**
 * Gives headings inside sanitised HTML the levels and ids of the page.
 *
 * @param options.listed - whether they belong into the contents list
 * @param options.opens - whether nothing stands before this HTML on the page
 */
export function placeHeadings(html: string, page: PageContext, options: { listed: boolean; opens: boolean }): string {
  if (!/<h[1-6]/.test(html)) return html;
  let first = true;
  return html.replace(
    /<h([1-6])((?: [^>]*)?)>([^]*?)<\/h\1>/g,
    (_, given: string, attributes: string, inner: string, at: number) => {
      const wanted = Number(given);
      const text = inner
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim();
      const others = attributes.replace(/ (?:id|class)="[^"]*"/g, '');
      const anchor = / id="([^"]*)"/.exec(attributes)?.[1];
      const opens =
        options.opens &&
        first &&
        html
          .slice(0, at)
          .replace(/<[^>]*>/g, '')
          .trim() === '';
      first = false;
      if (!options.listed || text === '')
        return `<h${page.stepDown(wanted)} class="h${wanted}"${others}>${inner}</h${page.level}>`;
      const { id, level } = page.heading(decode(text), wanted, opens);
      const old = anchor === undefined || anchor === id ? '' : `<span id="${anchor}"></span>`;
      return `<h${level} id="${id}" class="h${wanted}"${others}>${old}${inner}</h${level}>`;
    }
  );
}

function decode(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? ''
  );
}
