import { startMediaWiki } from '../../support/wikis/mediawiki.js';

/** Starts an empty MediaWiki, prints where it is as one line of JSON, and ends it when its standard input ends. */
const { api, bot, stop } = await startMediaWiki();
console.log(JSON.stringify({ api, ...bot }));
for await (const _ of process.stdin);
await stop();
