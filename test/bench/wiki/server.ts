import { startMediaWiki } from '../../support/wikis/mediawiki.js';

/** Starts an empty MediaWiki, prints where it is as one line of JSON, and ends it when its standard input ends. */
const server = await startMediaWiki();
console.log(JSON.stringify({ api: server.api, ...server.bot }));
for await (const _ of process.stdin);
await server.stop();
