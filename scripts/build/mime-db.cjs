// Stands in for mime-db, whose 2,500 types take express 25 ms to sort at each start. These are the types that the
// sidecar names by their ending; all others it gives in full.
module.exports = {
  'application/json': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['json'] },
  'application/octet-stream': { source: 'iana', compressible: true, extensions: ['bin'] },
  'application/x-www-form-urlencoded': { source: 'iana', compressible: true },
  'multipart/form-data': { source: 'iana', compressible: false },
  'text/css': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['css'] },
  'text/html': { source: 'iana', compressible: true, extensions: ['html'] },
  'text/javascript': { source: 'iana', charset: 'UTF-8', compressible: true, extensions: ['js'] },
  'text/plain': { source: 'iana', compressible: true, extensions: ['txt'] }
};
