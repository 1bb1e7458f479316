// A program that lists a bucket with one and the same client, each time it reads a line; what it says is one line of JSON.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const [endpoint, Bucket] = process.argv.slice(2);
// The SDK puts a sentence of its own in the place of what the endpoint says.
async function endpointSays() {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file = '' } =
    process.env;
  const answer = await fetch(url, { headers: { authorization: readFileSync(file, 'utf8') } });
  const { Message: message } = await answer.json();
  return { status: answer.status, message };
}

const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });

console.log('{}');
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    console.log(JSON.stringify({ keys: Contents.map(({ Key }) => Key) }));
  } catch (error) {
    console.log(JSON.stringify({ error: `${error.name}: ${error.message}`, endpoint: await endpointSays() }));
  }
}
