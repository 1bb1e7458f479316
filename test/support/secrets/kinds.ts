/**
 * Secrets made at random, in the form in which they stand in notebooks. No literal here looks like a secret: the
 * beginnings that scanners look for are put together from parts.
 */
import { DIGITS, LOWER, UPPER, type Random } from './random.js';

/** A secret and the text in which it stands. */
export interface Planted {
  /** What must not be left in a published copy. */
  secret: string;
  /** As it stands in a file, an output or a value: says by itself what it is. */
  text: string;
  /** As Python writes it, where that is another text. */
  code?: string;
}

type Kind = (random: Random) => Planted;

const pem = (random: Random, name: string, length: number, begin = 'MI'): Planted => {
  const body = `${begin}${random.base64(length)}`.replace(/.{64}/g, '$&\n');
  const line = (word: string) => `-----${word} ${name}PRIVATE KEY-----`;
  return { secret: body.split('\n')[0] as string, text: `${line('BEGIN')}\n${body}\n${line('END')}` };
};

const bare = (secret: string): Planted => ({ secret, text: secret, code: `client = Client("${secret}")` });
const awsId = (random: Random) => `${random.pick(['AK', 'AS'])}IA${random.text(16, `${UPPER}234567`)}`;
const jwt = (random: Random) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: String(random.below(1e9)), iat: random.below(1e9) })}.${random.token(43)}`;
};
const host = (random: Random) =>
  `${random.pick(['db', 'warehouse', 'pg-1'])}.${random.pick(['corp', 'internal'])}.example.com`;

export const kinds: Record<string, Kind> = {
  'aws pair': r => {
    const [id, secret] = [awsId(r), r.base64(40)];
    return {
      secret,
      text: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}`,
      code: `aws_access_key_id = "${id}"\naws_secret_access_key = "${secret}"`
    };
  },
  'aws pair by position': r => {
    const [id, secret] = [awsId(r), r.base64(40)];
    return { secret, text: `${id},${secret}`, code: `session = boto3.Session("${id}", "${secret}")` };
  },
  'aws session token': r => {
    const secret = `IQoJb3JpZ2luX2Vj${r.base64(300)}`;
    return { secret, text: `SessionToken: ${secret}`, code: `aws_session_token="${secret}"` };
  },
  'github classic': r => bare(`gh${r.pick(['p', 'o', 'u', 's', 'r'])}_${r.word(36)}`),
  'github fine-grained': r => bare(`github_pat_${r.word(82)}`),
  gitlab: r => bare(`glpat-${r.word(20)}`),
  'slack bot': r => bare(`xoxb-${r.text(12, DIGITS)}-${r.text(12, DIGITS)}-${r.word(24)}`),
  'slack hook': r => {
    const secret = `T${r.text(8, UPPER)}/B${r.text(8, UPPER)}/${r.word(24)}`;
    const url = `https://hooks.slack.com/services/${secret}`;
    return { secret, text: url, code: `requests.post("${url}")` };
  },
  'openai old': r => bare(`sk-${r.word(20)}T3BlbkFJ${r.word(20)}`),
  'openai project': r => bare(`sk-proj-${r.token(58)}T3BlbkFJ${r.token(58)}`.replace(/-$/, 'a')),
  anthropic: r => bare(`sk-ant-api03-${r.word(93)}AA`),
  'hugging face': r => bare(`hf_${r.text(34, UPPER + LOWER)}`),
  stripe: r => bare(`sk_live_${r.word(24)}`),
  sendgrid: r => bare(`SG.${r.word(22)}.${r.word(43)}`),
  npm: r => bare(`npm_${r.word(36)}`),
  pypi: r => bare(`pypi-AgEIcHlwaS5vcmc${r.token(60)}x`),
  databricks: r => bare(`dapi${r.hex(32)}`),
  'google api': r => bare(`AIza${r.word(35)}`),
  'google oauth': r => bare(`GOCSPX-${r.word(28)}`),
  vault: r => bare(`hvs.${r.word(95)}`),
  docker: r => bare(`dckr_pat_${r.word(27)}`),
  twilio: r => bare(`SK${r.hex(32)}`),
  'gcp service account': r => {
    const { secret, text } = pem(r, '', 800, 'MIIEvQIBADANBg');
    const json = JSON.stringify(
      { type: 'service_account', project_id: 'p', private_key_id: r.hex(40), private_key: `${text}\n` },
      undefined,
      2
    );
    return { secret, text: json, code: `info = json.loads(r'''${json}''')` };
  },
  'rsa key': r => ({ ...pem(r, 'RSA ', 1200) }),
  'short ec key': r => ({ ...pem(r, 'EC ', 60) }),
  'openssh key': r => ({ ...pem(r, 'OPENSSH ', 300, 'b3BlbnNzaC1rZXktdjE') }),
  jwt: r => bare(jwt(r)),
  'bearer header': r => {
    const secret = r.token(40);
    return { secret, text: `Authorization: Bearer ${secret}`, code: `headers = {"Authorization": "Bearer ${secret}"}` };
  },
  'bearer jwt': r => {
    const secret = jwt(r);
    return { secret, text: `authorization: bearer ${secret}`, code: `h = {'Authorization': f'Bearer ${secret}'}` };
  },
  'basic header': r => {
    const secret = Buffer.from(`etl:${r.password()}`).toString('base64');
    return { secret, text: `Authorization: Basic ${secret}`, code: `headers={"Authorization": "Basic ${secret}"}` };
  },
  'api key header': r => {
    const secret = r.word(32);
    return { secret, text: `X-Api-Key: ${secret}`, code: `headers = {'X-Api-Key': '${secret}'}` };
  },
  'jdbc postgresql': r => {
    const secret = r.word(14);
    const url = `jdbc:postgresql://${host(r)}:5432/sales?user=etl&password=${secret}&ssl=true`;
    return { secret, text: url, code: `url = "${url}"` };
  },
  'jdbc sql server': r => {
    const secret = r.password();
    const url = `jdbc:sqlserver://${host(r)}:1433;databaseName=dwh;user=etl;password=${secret};encrypt=true`;
    return { secret, text: url, code: `spark.read.jdbc("${url}", "t")` };
  },
  'jdbc oracle': r => {
    const secret = r.word(12);
    const url = `jdbc:oracle:thin:scott/${secret}@${host(r)}:1521/orcl`;
    return { secret, text: url, code: `url = '${url}'` };
  },
  'address of a database': r => {
    const secret = r.word(12);
    const scheme = r.pick([
      'postgresql',
      'postgresql+psycopg2',
      'mysql+pymysql',
      'mongodb+srv',
      'redis',
      'amqp',
      'trino',
      'clickhouse'
    ]);
    const url = `${scheme}://etl:${secret}@${host(r)}/sales`;
    return { secret, text: url, code: `engine = create_engine("${url}")` };
  },
  'address of a site': r => {
    const secret = r.word(20);
    const url = `https://deploy:${secret}@git.example.com/team/repo.git`;
    return { secret, text: `origin  ${url} (fetch)`, code: `!git clone ${url}` };
  },
  odbc: r => {
    const secret = r.password();
    const text = `Driver={ODBC Driver 18};Server=${host(r)};Database=dwh;Uid=etl;Pwd=${secret};Encrypt=yes;`;
    return { secret, text, code: `pyodbc.connect("${text}")` };
  },
  libpq: r => {
    const secret = r.word(14);
    const text = `host=${host(r)} port=5432 user=etl password=${secret} dbname=sales`;
    return { secret, text, code: `psycopg.connect("${text}")` };
  },
  'azure account key': r => {
    const secret = `${r.base64(86)}==`;
    const text = `DefaultEndpointsProtocol=https;AccountName=lake;AccountKey=${secret};EndpointSuffix=core.windows.net`;
    return { secret, text, code: `conn = "${text}"` };
  },
  'azure signature': r => {
    const secret = r.word(43);
    const url = `https://lake.blob.core.windows.net/raw?sv=2023-01-03&sr=c&sp=rl&sig=${secret}`;
    return { secret, text: url, code: `df = pd.read_csv("${url}")` };
  },
  'percent env': r => {
    const secret = r.word(24);
    return { secret, text: `env: DB_PASSWORD=${secret}`, code: `%env DB_PASSWORD=${secret}` };
  },
  'os.environ': r => {
    const secret = r.word(32);
    const name = r.pick(['OPENAI_API_KEY', 'SERVICE_TOKEN', 'PGPASSWORD', 'LINE_KEY']);
    return { secret, text: `SERVICE_TOKEN=${secret}`, code: `os.environ["${name}"] = "${secret}"` };
  },
  export: r => {
    const secret = r.password();
    return {
      secret,
      text: `export PGPASSWORD=${secret}`,
      code: `%%bash\nexport PGPASSWORD=${secret}\npsql -c 'select 1'`
    };
  },
  's3a secret': r => {
    const secret = r.base64(40);
    return {
      secret,
      text: `spark.hadoop.fs.s3a.secret.key  ${secret}`,
      code: `spark.conf.set("fs.s3a.secret.key", "${secret}")`
    };
  },
  'adls key': r => {
    const secret = `${r.base64(86)}==`;
    return {
      secret,
      text: `fs.azure.account.key.lake.dfs.core.windows.net=${secret}`,
      code: `spark.conf.set("fs.azure.account.key.lake.dfs.core.windows.net", "${secret}")`
    };
  },
  'curl -u': r => {
    const secret = r.password();
    return {
      secret,
      text: `curl -s -u etl:${secret} https://example.com/api`,
      code: `!curl -s -u etl:${secret} https://example.com/api`
    };
  },
  'hive -p': r => {
    const secret = r.password();
    const line = `beeline -u jdbc:hive2://hs2:10000 -n etl -p ${secret} -e 'show tables'`;
    return { secret, text: `+ ${line}`, code: `!${line}` };
  },
  'keyword argument': r => {
    const secret = r.password();
    return { secret, text: `password: ${secret}`, code: `conn = connect(host=host, user="etl", password="${secret}")` };
  },
  dictionary: r => {
    const secret = r.password();
    return {
      secret,
      text: `{'user': 'etl', 'password': '${secret}'}`,
      code: `cfg = {'user': 'etl', 'password': '${secret}'}`
    };
  },
  yaml: r => {
    const secret = r.password();
    return {
      secret,
      text: `db:\n  user: etl\n  password: ${secret}\n  port: 5432`,
      code: `cfg = """\ndb:\n  password: "${secret}"\n"""`
    };
  },
  netrc: r => {
    const secret = r.word(20);
    return {
      secret,
      text: `machine example.com\nlogin etl\npassword ${secret}`,
      code: `%%writefile .netrc\nmachine example.com\nlogin etl\npassword ${secret}`
    };
  },
  'client secret': r => {
    const secret = r.token(40);
    return { secret, text: `"client_secret": "${secret}"`, code: `client_secret = '${secret}'` };
  },
  'word as a password': r => {
    const secret =
      r.pick(['letmein', 'sesame', 'dragonfly', 'swordfish', 'trustno']) + r.text(2, LOWER) + r.text(1, DIGITS);
    return { secret, text: `DB_PASSWORD=${secret}`, code: `DB_PASSWORD = "${secret}"` };
  },
  cookie: r => {
    const secret = r.word(40);
    return {
      secret,
      text: `Set-Cookie: sessionid=${secret}; HttpOnly`,
      code: `headers = {"Cookie": "sessionid=${secret}"}`
    };
  },
  'access token': r => {
    const secret = r.token(48);
    return {
      secret,
      text: `{"access_token": "${secret}", "expires_in": 3600}`,
      code: `r = requests.get(url, params={"access_token": "${secret}"})`
    };
  }
};
