import { startMediaWiki } from '../../support/wikis/mediawiki.js';

/**
 * Starts an empty MediaWiki, prints where it is as one line of JSON, and ends it when its standard input ends. PHP
 * keeps what it compiled, as it does wherever a wiki is run.
 */
const server = await startMediaWiki([], ['-d', 'opcache.enable_cli=1']);
console.log(JSON.stringify({ api: server.api, ...server.bot }));
for await (const _ of process.stdin);
await server.stop();
