/** How commands are written, kept apart from their code, which is loaded when they run. */
export const renderUsage = 'lakeside render NB [--hide-code] [--title TITLE] [--out FILE]';
export const shareUsage =
  'lakeside share NB [--title T] [--tag T]... [--group G]... [--hide-code | --show-code] [--update | --new] [--to WIKI [--space S] [--parent PAGE] [--page-title T] [--on-conflict merge|overwrite|new|fail]] [--not-a-secret ID]... [--publish-secret ID]... [--redact ID]... [--reason R] [--json]';
export const copyUsage = 'lakeside library copy [--from PLACE] [--to PLACE] [--verify] [--json]';
export const targetsUsage = 'lakeside targets list | test [NAME...] [--json]';
export const sourcesUsage = 'lakeside sources list | test [NAME...] [--json]';
export const scanUsage = 'lakeside scan NB... [--json]';
export const pluginKitUsage = 'lakeside plugin-kit';
export const runUsage =
  'lakeside run NB|share://ID[@VERSION]|s3://BUCKET/KEY [-p NAME=VALUE]... [--parameters FILE.json] [--out DIR|s3://BUCKET/KEY/] [--kernel K] [--timeout 2h] [--cell-timeout 10m] [--memory 4Gi] [--scheduled-at TIME] [--interval-start TIME] [--interval-end TIME] [--zone ZONE] [--resume OUTPUT.ipynb] [--hide-code] [--json]';
