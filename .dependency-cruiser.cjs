/** The arrows of docs/architecture.md. test/house/arrows.test.ts proves that each rule bites. */
const npm = name => `(^|/)node_modules/${name}/`;
const feature = '(share|history|schedule|credentials|tables)';

module.exports = {
  forbidden: [
    {
      name: 'contract-needs-zod-only',
      comment: 'The contract is read by browser and server alike: it may use zod and itself.',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: ['^contract/', npm('zod')] }
    },
    {
      name: 'browser-and-server-never-meet',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^server/' }
    },
    {
      name: 'server-and-browser-never-meet',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^src/' }
    },
    {
      name: 'features-do-not-import-features',
      comment: 'Features meet through tokens, commands and the contract.',
      severity: 'error',
      from: { path: `^(src|server|contract)/${feature}/` },
      to: { path: `^$1/${feature}/`, pathNot: '^$1/$2/' }
    },
    {
      name: 'model-knows-no-view',
      comment: 'plugin → panel → body → model → api: a model holds state and signals, no DOM, no React, no widgets.',
      severity: 'error',
      from: { path: '^src/.*/(\\w+[mM]odel|model)\\.ts$' },
      to: {
        path: [
          npm('react'),
          npm('react-dom'),
          npm('@lumino/widgets'),
          npm('@jupyterlab/(apputils|ui-components|notebook|application)'),
          '\\.tsx$',
          '^src/ui/',
          '/plugin\\.ts$'
        ]
      }
    },
    {
      name: 'api-knows-no-feature',
      severity: 'error',
      from: { path: '^src/(api|ui)/' },
      to: { path: [`^src/${feature}/`, '/plugin\\.ts$'] }
    },
    {
      name: 'nobody-imports-a-plugin',
      comment: 'A plugin file only wires; src/index.ts lists the plugins.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/index\\.ts$'] },
      to: { path: '/plugin\\.ts$' }
    },
    {
      name: 'services-know-no-transport',
      comment: 'A service knows no Express, no SDK, no route table.',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: ['^server/(http|adapters)/', '^server/(app|main|compose\\w*|cli)\\.ts$', '^server/cli/', '/pages/']
      },
      to: {
        path: [npm('express'), '^server/http/', '^contract/routes\\.ts$', npm('@aws-sdk/.*'), npm('@kubernetes/.*')]
      }
    },
    {
      name: 'only-compose-sees-adapters',
      severity: 'error',
      from: { path: '^server/', pathNot: ['^server/adapters/', '^server/(compose\\w*|broker)\\.ts$'] },
      to: { path: '^server/adapters/' }
    },
    {
      name: 'adapters-see-ports-only',
      comment:
        'An adapter implements a port; it may use the pure parts of the feature and what adapters have in common, never a service, a route or another adapter.',
      severity: 'error',
      from: { path: '^server/adapters/([^/]+)/' },
      to: {
        path: [
          '/service\\.ts$',
          '/routes\\.ts$',
          '^server/(app|main|compose\\w*|cli)\\.ts$',
          '^server/http/',
          '^server/adapters/'
        ],
        pathNot: ['^server/adapters/$1/', '^server/adapters/common/']
      }
    },
    {
      name: 'ports-import-types-only',
      severity: 'error',
      from: { path: '/ports\\.ts$' },
      to: { path: '.', pathNot: ['ports\\.ts$', '^contract/'] }
    },
    {
      name: 'pino-in-logging-only',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/logging\\.ts$' },
      to: { path: npm('pino') }
    },
    {
      name: 'databases-in-adapters-only',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/adapters/sqlite-' },
      to: { path: '^(node:)?sqlite$' }
    },
    {
      name: 'rendering-libraries-in-render-only',
      comment: 'Foreign content is parsed in the capped child process alone.',
      severity: 'error',
      from: { path: '^(server|src)/', pathNot: '^server/share/(render|notebook)/' },
      to: {
        path: [
          npm('sanitize-html'),
          npm('htmlparser2'),
          npm('markdown-it'),
          npm('katex'),
          npm('highlight\\.js'),
          npm('ansi_up')
        ]
      }
    },
    {
      name: 'secretlint-in-the-gate-only',
      comment: 'Loaded in the renderer child, when a notebook is scanned; the sidecar never pays for it.',
      severity: 'error',
      from: { path: '^(server|src)/', pathNot: '^server/share/gate/preset\\.ts$' },
      to: { path: npm('@secretlint/.*') }
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types']
    }
  }
};
