import { ProblemError } from '../../../contract/problem.js';
import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { GitWikiSettings } from './settings.js';

/** `kind: git`: the wiki of a GitLab, Gitea, Forgejo or GitHub project, which is a git repository. */
export const gitWikiPlugin = definePlugin({
  kind: 'wiki-target',
  id: 'git',
  config: GitWikiSettings.extend({ token: Secret }),
  async create(
    { token, ...settings },
    { readSecret, label = 'The wiki', clock, cacheDirectory, environment, settings: place }
  ) {
    if (settings.folder !== undefined && settings.forge !== 'gitlab')
      throw new ProblemError('invalid', `${place} has the key "folder", which only wikis of GitLab know. Take it out.`);
    const { createGitWikiTarget } = await import('./index.js');
    return createGitWikiTarget({
      settings,
      token: await readSecret(token),
      label,
      clock,
      cacheDirectory,
      environment: environment ?? {}
    });
  }
});
