export { S3Settings } from '../common/s3/settings.js';
