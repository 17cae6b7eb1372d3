// Logs in, describes, queries, upserts and deletes with jsforce as it is; prints what it did.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const url = process.argv[2];
const oauth2 = { loginUrl: url, clientId: 'qanat', clientSecret: 'qanat' };

const bySoap = new jsforce.Connection({ loginUrl: url, version: '62.0' });
await bySoap.login('qanat@example.com', 'qanat');
console.log('logged in by SOAP');
await assert.rejects(
  new jsforce.Connection({ loginUrl: url }).login('qanat@example.com', 'wrong'),
  /INVALID_LOGIN/,
);
const byPassword = new jsforce.Connection({ oauth2, version: '62.0' });
await byPassword.login('qanat@example.com', 'qanat');
console.log('logged in by OAuth with a password');

const client = new jsforce.Connection({ oauth2, version: '62.0' });
const user = await client.authorize({ grant_type: 'client_credentials' });
assert.match(user.organizationId, /^00D\w{15}$/);
console.log('logged in by client credentials as', user.id);

assert.equal((await client.identity()).username, 'qanat@example.com');
const described = await client.sobject('Contact').describe();
assert.ok(described.fields.find((field) => field.name === 'ExternalId__c').externalId);
console.log('described Contact:', described.fields.length, 'fields');

const contacts = client.sobject('Contact');
const records = Array.from({ length: 450 }, (_, i) => ({ ExternalId__c: `js-${i}`, LastName: `Name ${i}` }));
const saved = await contacts.upsert(records, 'ExternalId__c', { allowRecursive: true });
assert.ok(saved.every((result) => result.success && result.created));
console.log('upserted', saved.length, 'contacts');

const again = await contacts.upsert({ ExternalId__c: 'js-0', LastName: 'Changed' }, 'ExternalId__c');
assert.equal(again.id, saved[0].id);
const refused = await contacts.upsert([{ ExternalId__c: 'js-x' }], 'ExternalId__c');
assert.equal(refused[0].errors[0].statusCode ?? refused[0].errors[0].errorCode, 'REQUIRED_FIELD_MISSING');

const found = await client.query("SELECT Id, LastName FROM Contact WHERE ExternalId__c = 'js-0'");
assert.equal(found.records[0].LastName, 'Changed');
const all = await client.query('SELECT Id FROM Contact', { autoFetch: true, maxFetch: 1000, headers: { 'Sforce-Query-Options': 'batchSize=200' } });
assert.equal(all.records.length, 450);
console.log('queried', all.totalSize, 'contacts; used', client.limitInfo.apiUsage.used, 'calls');

const gone = await contacts.destroy(all.records.map((record) => record.Id), { allowRecursive: true });
assert.ok(gone.every((result) => result.success));
assert.equal((await client.query('SELECT COUNT() FROM Contact')).totalSize, 0);
console.log('deleted', gone.length, 'contacts');
await client.logout();
