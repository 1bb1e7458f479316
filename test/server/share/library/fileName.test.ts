import { expect, it } from 'vitest';
import { fileNameOf } from '../../../../server/share/library/fileName.js';

it.each([
  ['Flight delays', 'Flight delays.ipynb'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j.ipynb'],
  ['..', 'notebook.ipynb'],
  ['../../etc/passwd', 'etc passwd.ipynb'],
  ['.hidden', 'hidden.ipynb'],
  ['ends with dots...', 'ends with dots.ipynb'],
  ['销售分析', '销售分析.ipynb'],
  ['x\0y\nz', 'x y z.ipynb'],
  ['𠮷'.repeat(100), `${'𠮷'.repeat(60)}.ipynb`]
])('turns %j into a file name', (title, name) => {
  expect(fileNameOf(title, '.ipynb')).toBe(name);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});
