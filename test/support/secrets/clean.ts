/** Notebooks without a secret, full of what looks like one: hashes, ids, pictures, lock files, placeholders, prose. */
import { codeCell, display, failure, markdownCell, notebookOf, stream } from '../notebooks.js';
import { DIGITS, LOWER, Random } from './random.js';

type Cell = Parameters<typeof notebookOf>[0][number];

const uuid = (r: Random) => [8, 4, 4, 4, 12].map(length => r.hex(length)).join('-');
const bytes = (r: Random, length: number) => Buffer.from(Array.from({ length }, () => r.below(256)));
const picture = (r: Random) =>
  Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), bytes(r, 3000)]).toString('base64');

const cells: ((r: Random) => Cell)[] = [
  r =>
    codeCell('!git log --oneline', [
      stream(Array.from({ length: 8 }, () => `${r.hex(7)} Fix token handling`).join('\n'))
    ]),
  r => codeCell('!git rev-parse HEAD', [stream(`${r.hex(40)}\n`)]),
  r =>
    codeCell('!sha256sum *.parquet', [
      stream(Array.from({ length: 5 }, () => `${r.hex(64)}  part-${r.below(99)}.parquet`).join('\n'))
    ]),
  r => codeCell('print(uuid4())', [stream(`${uuid(r)}\nrequest ${uuid(r)} took ${r.below(900)} ms\n`)]),
  r =>
    codeCell('plt.plot(x)', [display({ 'image/png': picture(r), 'text/plain': '<Figure size 640x480 with 1 Axes>' })]),
  r => codeCell('HTML(img)', [display({ 'text/html': `<img src="data:image/png;base64,${picture(r)}"/>` })]),
  r => markdownCell(`![plot](attachment:plot.png)`, { attachments: { 'plot.png': { 'image/png': picture(r) } } }),
  r =>
    codeCell('!cat package-lock.json', [
      stream(
        `"node_modules/a": {\n "version": "1.2.${r.below(9)}",\n "resolved": "https://example.org/a.tgz",\n "integrity": "sha512-${bytes(r, 64).toString('base64')}"\n}`
      )
    ]),
  r =>
    codeCell('!cat requirements.txt', [
      stream(`numpy==2.1.${r.below(9)} \\\n    --hash=sha256:${r.hex(64)} \\\n    --hash=sha256:${r.hex(64)}\n`)
    ]),
  r =>
    codeCell('!cat uv.lock', [
      stream(
        `sdist = { url = "https://files.example.org/${r.hex(2)}/${r.hex(60)}/a-1.0.tar.gz", hash = "sha256:${r.hex(64)}", size = ${r.below(9e5)} }`
      )
    ]),
  () =>
    codeCell(
      'import os\npassword = os.environ["DB_PASSWORD"]\ntoken = os.getenv("API_TOKEN")\nengine = create_engine(f"postgresql://{user}:{password}@{host}/db")'
    ),
  () =>
    codeCell(
      'from getpass import getpass\npassword = getpass("Password: ")\napi_key = input("API key: ")\nconn = connect(user=user, password=password, token=token)'
    ),
  () =>
    codeCell(
      'config = yaml.safe_load(open("config.yml"))\nconn = connect(password=config["password"], secret_key=settings.SECRET_KEY)\nauth = (config["user"], config["password"])'
    ),
  () =>
    codeCell(
      'client = OpenAI(api_key="YOUR_API_KEY")\nheaders = {"Authorization": f"Bearer {token}", "X-Api-Key": "<your-api-key>"}\npassword = "********"'
    ),
  () =>
    codeCell(
      'os.environ["OPENAI_API_KEY"] = "sk-..."\nos.environ["TOKENIZERS_PARALLELISM"] = "false"\nos.environ["CUDA_VISIBLE_DEVICES"] = "0,1"\n%env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64'
    ),
  () =>
    codeCell(
      'aws_access_key_id = "AKIAIOSFODNN7EXAMPLE"\naws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"'
    ),
  r =>
    codeCell(
      'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")\ntokens = tokenizer.tokenize(text)\npad_token = "[PAD]"\neos_token = "<|endoftext|>"\nmax_tokens = 4096',
      [
        stream(
          `tokens: ['the', '##ing', 'token', '##s']\ntoken_ids: [${Array.from({ length: 20 }, () => r.below(30000)).join(', ')}]\n`
        )
      ]
    ),
  r =>
    codeCell('resp.headers', [
      stream(
        `{'Date': 'Tue, 03 Mar 2026 10:00:00 GMT', 'ETag': '"${r.hex(32)}"', 'x-amz-request-id': '${r.text(16, 'ABCDEFGHJKMNPQRSTVWXYZ0123456789')}', 'x-amz-version-id': '${r.token(32)}'}`
      )
    ]),
  () =>
    markdownCell(
      '## Access\n\nYou need a password and an API token: ask the platform team. Never put the secret key into a notebook; set `DB_PASSWORD` instead. The token expires after 12 hours.\n\n| setting | meaning |\n|---|---|\n| password | your LDAP password |\n| token | see the wiki |'
    ),
  () =>
    markdownCell(
      'Bearer authentication is used: `Authorization: Bearer <token>`. Basic authentication is not. See https://example.org/docs/oauth2#access-token and `curl -u user:password https://example.org`.'
    ),
  r =>
    codeCell('df.info()', [
      stream(
        ' #   Column            Non-Null Count  Dtype\n 0   user_id           1000 non-null   int64\n 1   password_changed  980 non-null    datetime64[ns]\n 2   token_count       1000 non-null   int64\n'
      ),
      display({
        'text/html': `<table>${Array.from({ length: 20 }, () => `<tr><td>${uuid(r)}</td><td>${r.hex(32)}</td><td>2026-03-0${r.below(9) + 1}</td></tr>`).join('')}</table>`
      })
    ]),
  r =>
    codeCell('fig.show()', [
      display({
        'application/vnd.plotly.v1+json': {
          data: [{ type: 'scatter', x: { bdata: bytes(r, 800).toString('base64'), dtype: 'f8' }, uid: uuid(r) }],
          layout: { uirevision: r.hex(12) }
        }
      })
    ]),
  r =>
    codeCell('alt.Chart(df)', [
      display({
        'application/vnd.vegalite.v5+json': {
          datasets: { [`data-${r.hex(32)}`]: [{ key: 'a', token: 'the', value: r.below(100) }] }
        }
      })
    ]),
  r =>
    codeCell('model.fit(x)', [
      stream(
        Array.from(
          { length: 10 },
          (_, n) => `Epoch ${n}: loss=0.${r.text(6, DIGITS)} checkpoint=/models/run-${r.hex(8)}/ckpt-${n}.pt`
        ).join('\n')
      )
    ]),
  () =>
    codeCell('f()', [
      failure('KeyError', "'password'", [
        '\u001b[0;31m-----\u001b[0m',
        '\u001b[0;32m----> 1\u001b[0;31m \u001b[0mconn\u001b[0m \u001b[0;34m=\u001b[0m \u001b[0mconnect\u001b[0m\u001b[0;34m(\u001b[0m\u001b[0mpassword\u001b[0m\u001b[0;34m=\u001b[0m\u001b[0mcfg\u001b[0m\u001b[0;34m[\u001b[0m\u001b[0;34m"password"\u001b[0m\u001b[0;34m]\u001b[0m\u001b[0;34m)\u001b[0m'
      ])
    ]),
  () =>
    codeCell(
      "SELECT user_id, password_hash, token_type FROM auth.users WHERE token IS NOT NULL AND secret_name = 'prod/db/main'"
    ),
  r =>
    codeCell('%%sql\nselect * from t', [
      display({ 'text/plain': `shape: (3, 2)\n│ id ┆ name │\n│ ${uuid(r)} ┆ ${r.text(12, LOWER)} │` })
    ]),
  () =>
    codeCell(
      'def login(user: str, password: str, token: Optional[str] = None) -> Session:\n    """password: the password of the user\n    token: an optional token"""\n    return Session(user, password=password, auth_token=token or "")'
    ),
  () =>
    codeCell(
      'parser.add_argument("--password", help="Database password")\nparser.add_argument("--token", default=None, help="API token for v2")\nfields = ["user", "password", "secret", "token"]\nassert form["password"] == form["password2"]'
    ),
  r =>
    codeCell('spark', [
      display({
        'text/html': `<div><p><b>SparkSession</b></p><p><a href="http://driver-${r.hex(8)}:4040">Spark UI</a></p><dt>Version</dt><dd><code>v3.5.${r.below(5)}</code></dd></div>`
      })
    ]),
  r =>
    codeCell('!docker images', [
      stream(`REPOSITORY  TAG  IMAGE ID\nnginx  1.27  ${r.hex(12)}\npython@sha256:${r.hex(64)}\n`)
    ]),
  r =>
    codeCell('kubectl', [
      stream(
        `pod/app-${r.hex(10)}-${r.text(5, LOWER + DIGITS)} Running\nsecret/db-credentials Opaque 2 41d\nconfigmap/kube-root-ca.crt 1 41d\n`
      )
    ]),
  () =>
    codeCell(
      'url = "jdbc:postgresql://db:5432/sales?user=etl&password=${DB_PASSWORD}"\nprops = {"user": "etl", "password": pw, "driver": "org.postgresql.Driver"}\ndf = spark.read.jdbc(url, "t", properties=props)'
    ),
  () =>
    codeCell(
      '!curl -s -o data.csv https://example.org/data.csv\n!mysql -u root -p < schema.sql\n!pip install -q secretstorage token-bucket==0.3.0 passlib'
    ),
  r =>
    codeCell('print(quote(s))', [
      stream(`q=caf%C3%A9%20au%20lait&page=${r.below(9)}&cursor=${bytes(r, 24).toString('base64url')}\n`)
    ]),
  r =>
    codeCell('base64.b64encode(b"hello world, this is a plain text")', [
      stream(`${Buffer.from(`hello world, number ${r.below(1e6)}, a plain text of no interest`).toString('base64')}\n`)
    ]),
  r =>
    codeCell('arr', [stream(`array([[${Array.from({ length: 30 }, () => `0.${r.text(8, DIGITS)}`).join(', ')}]])\n`)]),
  () => codeCell('pwd\n!pwd', [stream('/home/jovyan/work/project-1/v2.0\n')]),
  () =>
    markdownCell(
      '### Tokens per second\n\nToken throughput: 1523.4 tok/s. Secret santa list: see below. Key: value pairs. Password policy: at least 12 characters, 1 digit.'
    )
];

/** So many notebooks of eight cells each. */
export function* cleanNotebooks(seed: number, count: number): Generator<ReturnType<typeof notebookOf>> {
  const random = new Random(seed);
  for (let number = 0; number < count; number++) {
    const chosen = Array.from({ length: 8 }, (_, at) =>
      (cells[(number * 8 + at) % cells.length] as (r: Random) => Cell)(random)
    );
    yield notebookOf(chosen, { signature_hash: random.hex(64), session: { id: uuid(random) } });
  }
}
