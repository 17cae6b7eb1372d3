// Calls the hub as the clients of the systems do that it replaced, and checks that each answer of
// theirs is still in what they get. Usage: node tools/old-clients/replay.mjs http://127.0.0.1:8080

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const hub = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const run = `replay-${Date.now()}`;
const text = (value) => typeof value === 'string' && value.length > 0;
const number = (value) => typeof value === 'number';
const time = (value) => text(value) && !Number.isNaN(Date.parse(value));
let calls = 0;

async function call(method, path, body) {
  const response = await fetch(hub + path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body: said ? JSON.parse(said) : null };
}

/** Says where something of the expected is not in the actual; an array expects its one element of each. */
function missing(actual, expected, at = '$') {
  if (typeof expected === 'function') {
    return expected(actual) ? [] : [`${at} is ${JSON.stringify(actual)}`];
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length === 0) {
      return [`${at} is no list, or empty`];
    }
    return actual.flatMap((item, index) => missing(item, expected[0], `${at}[${index}]`));
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object') {
      return [`${at} is ${JSON.stringify(actual)}`];
    }
    return Object.entries(expected).flatMap(([key, value]) => missing(actual[key], value, `${at}.${key}`));
  }
  return Object.is(actual, expected) ? [] : [`${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
}

async function expects(what, status, expected, method, path, body) {
  const answer = await call(method, path, body);
  calls += 1;
  assert.equal(answer.status, status, `${what}: ${method} ${path} is ${answer.status} ${JSON.stringify(answer.body)}`);
  assert.deepEqual(missing(answer.body, expected), [], `${what}: ${method} ${path} is ${JSON.stringify(answer.body)}`);
  console.log(`${what}: ${method} ${path} ${answer.status}`);
  return answer.body;
}

/** A failure that the old systems called a success is a problem now. */
async function refused(what, status, method, path, body) {
  const answer = await call(method, path, body);
  calls += 1;
  assert.equal(answer.status, status, `${what}: ${method} ${path} is ${answer.status} ${JSON.stringify(answer.body)}`);
  assert.equal(answer.type, 'application/problem+json');
  console.log(`${what}: ${method} ${path} ${answer.status} ${answer.body.detail}`);
}

async function until(what, path, there) {
  for (let tries = 0; tries < 150; tries += 1) {
    const answer = await call('GET', path);
    if (answer.status === 200 && there(answer.body)) {
      return;
    }
    await pause(200);
  }
  assert.fail(`${what}: ${path} does not come to it`);
}

async function orders() {
  const user = `${run}-u`;
  const order = { userId: user, productId: '1', productName: 'Well', totalOrderAmount: 12.5 };
  const shape = {
    ...order, orderStatus: text, paymentStatus: text, created_at: time, updated_at: time, id: text,
  };
  const place = async (productId) => {
    const placed = await expects('orders', 201,
      { ok: true, created: { id: text }, payment: 'Create order success, payment processing' },
      'POST', '/orders', { ...order, productId, orderStatus: 'Processing', createdAt: new Date().toISOString() });
    return placed.created.id;
  };
  const becomes = (id, status) => until('orders', `/orders/status/${id}`, (body) => body.orderStatus === status);
  const paid = await place('1');
  await expects('orders', 200, { ok: true, order: { ...shape, id: paid } }, 'GET', `/orders/one/${paid}`);
  await becomes(paid, 'Success');
  await expects('orders', 200, { ok: true, orderStatus: 'Success' }, 'GET', `/orders/status/${paid}`);
  await expects('orders', 200, { ok: true, message: 'Update order success' },
    'PUT', '/orders', { orderId: paid, orderStatus: 'Confirmed' });
  const declined = await place('2');
  await becomes(declined, 'Declined');
  await expects('orders', 200, { ok: true, orders: [{ ...shape, productId: text }] }, 'GET', `/orders/${user}`);
  await refused('orders', 409, 'PUT', '/orders', { orderId: declined, orderStatus: 'Cancelled' });
  await refused('orders', 404, 'PUT', '/orders', { orderId: 'nothing', orderStatus: 'Cancelled' });
  await refused('orders', 404, 'GET', '/orders/one/nothing');
  await refused('orders', 400, 'POST', '/orders', { userId: user });
}

async function purchases() {
  const user = `${run}-p`;
  const purchase = { username: user, userid: `${user}-id`, price: 9.99, timestamp: '2026-10-05T10:00:00Z' };
  const shape = { _id: text, username: user, userid: `${user}-id`, price: 9.99, timestamp: time };
  await expects('purchases', 200, (body) => body !== null && typeof body === 'object', 'GET', '/');
  await expects('purchases', 200, 'Success', 'GET', '/healthz');
  await expects('purchases', 200, { status: 'Ok!', message: 'Message successfully sent to Kafka!' }, 'POST', '/buy', purchase);
  await until('purchases', `/buyList/${user}`, (body) => body.purchases.length === 1);
  await expects('purchases', 200, { status: 'Ok!', purchases: [shape] }, 'GET', `/buyList/${user}`);
  await expects('purchases', 200, { username: user, purchases: [shape] }, 'GET', `/getAllUserBuys/${user}`);
  await expects('purchases', 200, [shape], 'GET', `/purchases?userid=${user}-id`);
  await refused('purchases', 400, 'POST', '/buy', { username: user });
}

async function records() {
  const kept = await expects('records', 202, { id: text }, 'POST', '/data', { kind: run, depth: 300, of: { any: ['form'] } });
  await until('records', `/data?kind=${run}`, (body) => body.length === 1);
  await expects('records', 200, [{ _id: kept.id, kind: run, depth: 300 }], 'GET', `/data?kind=${run}`);
  await expects('records', 200, [{ _id: text }], 'GET', '/data');
  await refused('records', 400, 'POST', '/data', 'no object');
  await refused('records', 400, 'POST', '/data', 7);
}

for (const system of [orders, purchases, records]) {
  await system();
}
console.log(`${calls} calls, each answered as its client expects`);
