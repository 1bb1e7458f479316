import { test } from '@playwright/test';
import { htmlOf } from '../../../server/adapters/notify-smtp/html.js';
import { someNotice } from '../../support/schedule/notice.js';
import { picture } from '../picture.js';

/** Makes the pictures of docs/operators/notifications.md: a mail as a mail program shows it. `npm run screenshots`. */
for (const theme of ['light', 'dark'] as const) {
  test(`a mail, ${theme}`, async ({ page }) => {
    await page.setViewportSize({ width: 760, height: 760 });
    await page.emulateMedia({ colorScheme: theme });
    await page.setContent(htmlOf(someNotice()));
    await picture(page, theme === 'light' ? 'mail' : 'mail-dark');
  });
}
