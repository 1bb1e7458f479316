import fc from 'fast-check';

/** Pieces that mean something in one wiki or another, or to those who read what it wrote. */
const SIGNS = [
  ...['[[', ']]', '{{', '}}', '{|', '|}', '||', '|-', '|+', '!!', '!', '|', "'''", "''", "'", '~~~~', '~~~', '__', '_', '**', '*', '//', '`', '```'],
  ...['__TOC__', '__NOTOC__', '__NOEDITSECTION__', '#REDIRECT [[Main Page]]', '{{subst:x}}', '{{{1}}}', '{{!}}', '{{PAGENAME}}', '-{zh:a}-', '~~NOTOC~~', '~~NOCACHE~~'],
  ...['<nowiki>', '</nowiki>', '<nowiki/>', '<pre>', '</pre>', '<code>', '</code>', '<syntaxhighlight lang="python">', '</syntaxhighlight>', '<math>', '</math>', '<ref>', '<gallery>'],
  ...['<!--', '-->', '<script>alert(1)</script>', '<b>', '</b>', '<br>', '<div>', '</div>', '</td>', '</table>', '<html>', ']]>', '<![CDATA['],
  ...['http://x.example/a', 'https://x.example', '//x.example', 'mailto:a@b.example', 'www.x.example', 'news:x', 'urn:x', 'a@b.example', '@ada', '#12', '!3', ':smile:', '[x](y)', '![x](y)', '[http://x.example y]'],
  ...['[[File:A.png]]', '[[Category:A]]', '[[de:A]]', '{{:x.png}}', '((note))', '\\\\', '%%', '%', '%5B', '^', '$x$', '$$', '\\(', '\\['],
  ...['RFC 1234', 'PMID 12', 'ISBN 978-3-16-148410-0', 'RFC', 'ISBN'],
  ...['#', ':', ';', '=', '==', '======', '----', '---', '- ', '* ', '# ', '1. ', '> ', '  - ', '    ', '\t', ' ', '\n', '\n\n', '\r\n'],
  ...['&lt;', '&#91;', '&amp;', '&nbsp;', '&', '<', '>', '"', '\\', '\u00a0', '\u200b', '\u200f', '\u0301', '\u007f', '\u0000', '\u007fUNIQ--nowiki-00000000-QINU\u007f', '\ud83d', '🙂', '中文', 'Ä'],
  ...['FIXME', '(c)', '->', '8-)', '640x480', '...', 'CamelCase']
];

/** Texts that try to be markup of a wiki. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...SIGNS) },
    { weight: 2, arbitrary: fc.constantFrom('a', 'word', '7', 'Two words', 'x = 1') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }
  );
  return fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => pieces.join(''));
}
