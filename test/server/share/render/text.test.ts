import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { screenText } from '../../../../server/share/render/build/text.js';
import { ansiHtml } from '../../../../server/share/render/html/ansi.js';
import { dangers } from '../../../support/harmless.js';

const policy = '<meta http-equiv="Content-Security-Policy">';

describe('control characters', () => {
  test.each([
    ['a carriage return overwrites', 'abc\rxy', 'xyc'],
    ['line ends of Windows are line ends', 'a\r\nb\r\r\nc', 'a\nb\nc'],
    ['a backspace takes back', 'ab\b\bcd', 'cd'],
    ['colours stay', '\u001b[31mred\u001b[0m', '\u001b[31mred\u001b[0m'],
    ['cursor movements go', 'a\u001b[2Kb\u001b[1;2Hc', 'abc'],
    ['titles and links of terminals go', '\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b', 'ab'],
    ['bells and nulls go', 'a\u0007\u0000b', 'ab'],
    ['an escape at the end goes', 'a\u001b[', 'a']
  ])('%s', (_, text, shown) => {
    expect(screenText(text)).toBe(shown);
  });
});

describe('colours', () => {
  test.each([
    ['\u001b[31mr\u001b[39mn', '<span class="ansi-red">r</span>n'],
    ['\u001b[1;92mb\u001b[0m', '<span class="ansi-bold ansi-bright-green">b</span>'],
    ['\u001b[38;5;196mx', '<span class="ansi-free" style="--c:rgb(255 0 0)">x</span>'],
    ['\u001b[38;5;3mx', '<span class="ansi-yellow">x</span>'],
    ['\u001b[48;2;10;20;30mx', '<span class="ansi-on-dark" style="--b:rgb(10 20 30)">x</span>'],
    ['\u001b[38;2;999;0mx', '<span class="ansi-free" style="--c:rgb(255 0 0)">x</span>'],
    [
      '\u001b[44m\u001b[7mx\u001b[27my',
      '<span class="ansi-inverse ansi-blue">x</span><span class="ansi-on-blue">y</span>'
    ],
    ['<b>&\u001b[m"', '&lt;b&gt;&amp;&quot;']
  ])('%j', (text, html) => {
    expect(ansiHtml(text)).toBe(html);
  });

  test('any text is harmless, and its words stay', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('\u001b[31m', '\u001b[38;5;9m', '\u001b[0m', '<img onerror=x>', '\u001b')
    );
    fc.assert(
      fc.property(
        fc.array(piece).map(parts => parts.join('')),
        text => {
          expect(dangers(policy + ansiHtml(screenText(text)))).toEqual([]);
        }
      )
    );
    expect(ansiHtml(screenText('a <b> c'))).toBe('a &lt;b&gt; c');
  });
});
