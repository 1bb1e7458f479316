import type { TranslationBundle } from '@jupyterlab/translation';

/** How a field is filled in. `names`: several, with commas between. `secret`: where a secret is. */
export type FieldInput = 'text' | 'number' | 'names' | 'secret' | 'choice';

/** A setting of a source. */
export interface IField {
  /** Where in the settings: `bucket.prefix`. */
  readonly path: string;
  readonly label: string;
  readonly input: FieldInput;
  readonly isRequired?: boolean;
  /** Needed where the secret of this path comes from elsewhere than a profile of credentials. */
  readonly neededUnless?: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** Of a choice; the first one stands for what is taken where nothing is said. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** Settings that belong together. With a title they are folded away, without one always there. */
export interface IGroup {
  readonly title?: string;
  readonly fields: readonly IField[];
}

/** A kind of sources. Two may be of one plug-in: a folder and a bucket are both `files`. */
export interface IKind {
  readonly id: string;
  /** The plug-in, as the configuration names it. */
  readonly kind: string;
  readonly label: string;
  readonly groups: readonly IGroup[];
}

/** The kinds that can be added, and what each needs to know. A test compares them with the server's own schema. */
export function kindsOf(trans: TranslationBundle): readonly IKind[] {
  const text = (path: string, label: string, more: Partial<IField> = {}): IField => ({
    path,
    label,
    input: 'text',
    ...more
  });
  const secret = (path: string, label: string, more: Partial<IField> = {}): IField => ({
    path,
    label,
    input: 'secret',
    ...more
  });
  const port = (usual: number) => text('port', trans.__('Port'), { input: 'number', placeholder: String(usual) });
  const host = text('host', trans.__('Host'), { isRequired: true, placeholder: 'db.example.org' });
  const schemas = text('schemas', trans.__('Only schemas'), {
    input: 'names',
    placeholder: 'sales, mart_*',
    hint: trans.__('With commas between; * stands for any characters.')
  });
  const more = trans.__('More settings');

  const bucketKeys = (at: string): IField[] => [
    text(`${at}.credentials.profile`, trans.__('Profile of credentials'), {
      hint: trans.__('Its keys are used. Leave the two below empty then.')
    }),
    text(`${at}.credentials.accessKeyId`, trans.__('Id of the key')),
    secret(`${at}.credentials.secretAccessKey`, trans.__('Secret key'), {
      hint: trans.__('Without a key, what AWS itself finds on this machine is used.')
    })
  ];
  const server = (at: string): IField[] => [
    text(`${at}.endpoint`, trans.__('Server'), { placeholder: 'https://s3.example.org' }),
    text(`${at}.region`, trans.__('Region'), { placeholder: 'eu-central-1' })
  ];
  const previews: IGroup = {
    title: trans.__('Files of tables, for previews'),
    fields: [
      text('data.path', trans.__('Folder'), { placeholder: '/data/warehouse' }),
      ...server('data.s3'),
      ...bucketKeys('data.s3')
    ]
  };

  const database = (id: string, label: string, usual: number, own: Partial<IField>): IKind => ({
    id,
    kind: id,
    label,
    groups: [
      {
        fields: [
          host,
          port(usual),
          text('database', trans.__('Database'), own),
          text('user', trans.__('User'), {
            neededUnless: 'password',
            hint: trans.__(
              'An account that may read and nothing else. May be empty where a profile of credentials holds the password.'
            )
          }),
          secret('password', trans.__('Password')),
          {
            path: 'tls',
            label: trans.__('Encryption'),
            input: 'choice',
            options: [
              { value: 'prefer', label: trans.__('Where the server can') },
              { value: 'require', label: trans.__('Always') },
              { value: 'verify', label: trans.__('Always, with a certificate that is checked') },
              { value: 'off', label: trans.__('Never') }
            ]
          }
        ]
      },
      {
        title: more,
        fields: [
          schemas,
          text('ca', trans.__('Authority'), {
            placeholder: '/etc/ssl/certs/company.pem',
            hint: trans.__('A file of the authority that signed the certificate, where it is none of the public ones.')
          })
        ]
      }
    ]
  });
  const mustHave = { isRequired: true };
  const mayHave = { hint: trans.__('Left out: all that the account may see.') };

  return [
    {
      id: 'folder',
      kind: 'files',
      label: trans.__('Files in a folder'),
      groups: [
        {
          fields: [
            text('path', trans.__('Folder'), {
              isRequired: true,
              placeholder: '/data/lake',
              hint: trans.__('On the machine where Jupyter runs. Parquet, CSV and Iceberg below it are tables.')
            })
          ]
        }
      ]
    },
    {
      id: 'bucket',
      kind: 'files',
      label: trans.__('Files in a bucket'),
      groups: [
        {
          fields: [
            text('bucket.bucket', trans.__('Bucket'), { isRequired: true, placeholder: 'company-lake' }),
            text('bucket.prefix', trans.__('Folder in it'), { placeholder: 'sales/2026' }),
            ...bucketKeys('bucket')
          ]
        },
        { title: trans.__('Another server than Amazon S3'), fields: server('bucket') }
      ]
    },
    database('postgresql', 'PostgreSQL', 5432, mustHave),
    database('redshift', 'Amazon Redshift', 5439, mustHave),
    database('mysql', 'MySQL', 3306, mayHave),
    database('mariadb', 'MariaDB', 3306, mayHave),
    {
      id: 'iceberg',
      kind: 'iceberg',
      label: trans.__('Iceberg catalogue (REST)'),
      groups: [
        {
          fields: [
            text('uri', trans.__('Address'), {
              isRequired: true,
              placeholder: 'https://catalog.example.org/iceberg',
              hint: trans.__('Without /v1 at its end.')
            }),
            text('warehouse', trans.__('Warehouse'), {
              hint: trans.__('Where the catalogue has several.')
            }),
            secret('token', trans.__('Token'))
          ]
        },
        {
          title: trans.__('Sign in by a client, not by a token'),
          fields: [
            text('oauth.clientId', trans.__('Client')),
            secret('oauth.clientSecret', trans.__('Its secret')),
            text('oauth.scope', trans.__('Scope'), { placeholder: 'catalog' }),
            text('oauth.tokenUri', trans.__('Gives tokens'), { placeholder: 'https://login.example.org/oauth/token' })
          ]
        },
        previews
      ]
    },
    {
      id: 'hive',
      kind: 'hive',
      label: trans.__('Hive metastore'),
      groups: [
        {
          fields: [
            { ...host, placeholder: 'metastore.example.org' },
            port(9083),
            text('user', trans.__('User'), { hint: trans.__('The name it is asked under, where it trusts names.') })
          ]
        },
        { title: more, fields: [schemas] },
        previews
      ]
    }
  ];
}

/** All settings of a kind, in the order in which they are asked for. */
export function fieldsOf(kind: IKind): readonly IField[] {
  return kind.groups.flatMap(group => group.fields);
}
