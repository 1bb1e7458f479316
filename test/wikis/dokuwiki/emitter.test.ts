import { parseDocument } from 'htmlparser2';
import { DokuWikiEmitter } from '../../../server/share/render/dokuwiki/emitter.js';
import { storable } from '../../../server/share/render/dokuwiki/escape.js';
import { startDokuWiki } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { wikiEmitterSuite, type Nodes } from '../../support/wikis/emitterSuite.js';
import { featuresOf } from '../../support/wikis/features.js';
import { MARKER } from '../../support/wikis/pages.js';

/** DokuWiki puts what stands below a heading into a division of its own. */
function unfolded(nodes: Nodes): Nodes {
  return nodes.flatMap(node =>
    'attribs' in node && /^level\d$/.test(node.attribs['class'] ?? '') ? unfolded(node.children) : [node]
  );
}

wikiEmitterSuite('DokuWiki', async () => {
  const server = await startDokuWiki();
  const people = dokuWikiPeople(server);
  return {
    emitter: new DokuWikiEmitter(featuresOf('dokuwiki'), MARKER, {
      place: () => ({ name: 'nb-none.png', width: undefined })
    }),
    storable,
    render: people.render,
    content: html => unfolded(parseDocument(html).children),
    tags: {
      paragraph: 'p',
      strong: 'strong',
      emphasis: 'em',
      code: 'code',
      link: 'p',
      heading: 'h2',
      item: 'li',
      number: 'li',
      cell: 'td',
      header: 'th',
      caption: 'strong',
      notice: 'blockquote',
      below: 'em',
      quote: 'blockquote',
      fold: 'p',
      output: 'pre',
      python: 'pre',
      plain: 'pre'
    },
    // No heading begins or ends with its own sign.
    shown: (place, text) => (place === 'heading' ? text.replace(/^[\s=]+|[\s=]+$/g, '') : text),
    // Links; what wraps the words of an item and of a quotation, and words that the wiki explains.
    isOwn: ({ name, attribs }) =>
      name === 'abbr' ||
      (name === 'a' && attribs['href'] === 'https://example.org/?a=1&b=2') ||
      (name === 'div' && /^(?:li|no)$/.test(attribs['class'] ?? '')),
    block: { kind: 'text', text: 'y', long: false },
    stop: () => server.stop()
  };
});
