import { DomUtils, parseDocument } from 'htmlparser2';
import { MediaWikiEmitter } from '../../../server/share/render/mediawiki/emitter.js';
import { storable } from '../../../server/share/render/mediawiki/escape.js';
import { wikiEmitterSuite } from '../../support/wikis/emitterSuite.js';
import { featuresOf } from '../../support/wikis/features.js';
import { startMediaWiki } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';
import { MARKER } from '../../support/wikis/pages.js';

wikiEmitterSuite('wikitext', async () => {
  const server = await startMediaWiki();
  const people = mediaWikiPeople(server);
  return {
    emitter: new MediaWikiEmitter(featuresOf('mediawiki'), MARKER, {
      place: () => ({ name: 'nb-none.png', width: undefined })
    }),
    storable,
    render: text => people.render(text),
    content: html => DomUtils.getElementsByClassName('mw-parser-output', parseDocument(html))[0]?.children ?? [],
    tags: {
      paragraph: 'p',
      strong: 'strong',
      emphasis: 'em',
      code: 'code',
      link: 'a',
      heading: 'h3',
      item: 'li',
      number: 'li',
      cell: 'td',
      header: 'th',
      caption: 'caption',
      notice: 'div',
      below: 'small',
      quote: 'p',
      fold: 'p',
      output: 'pre',
      python: 'pre',
      plain: 'pre'
    },
    // Headings hold empty elements with the names of places, ours and the wiki's.
    isOwn: ({ name, attribs, children }) =>
      name === 'hr' || attribs['class'] === 'mw-headline' || ('id' in attribs && children.length === 0),
    block: { kind: 'rule' },
    stop: () => server.stop()
  };
});
