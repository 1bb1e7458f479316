import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds inside one part of the page; documents in frames have tests of their own.
 *
 * @param part - a selector; the share dialog, where nothing is given
 */
export async function violations(page: Page, part = '.jp-LakesideShare-dialog'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .include(part)
    .exclude('iframe')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html}`));
}
