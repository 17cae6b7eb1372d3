'use strict';

const PAGE = 50;
const $ = id => document.getElementById(id);
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

let plan;
let drawn;
let chosen = null;
let asked = 0;
let circles = new Map();

/** An answer's JSON and its next page; an error has the hub's own words. */
async function get(path) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' } });
  } catch (e) {
    throw new Error('The hub does not answer. Is it running?');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    const first = body && body.errors && body.errors[0];
    throw new Error(first ? `${first.pointer} ${first.detail}` : body && body.detail || `The hub answered ${response.status}.`);
  }
  const next = /<([^>]*)>; rel="next"/.exec(response.headers.get('Link') || '');
  return { body, next: next && next[1] };
}

const name = person => `${person.first_name} ${person.last_name}`;

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

function say(text, error = false) {
  $('status').textContent = text;
  $('status').classList.toggle('error', error);
}

/* People */

async function people(path, append) {
  $('people-status').textContent = 'Looking…';
  $('more').hidden = true;
  let found;
  try {
    found = await get(path);
  } catch (e) {
    $('people-status').textContent = e.message;
    return;
  }
  if (!append) {
    $('people').replaceChildren();
  }
  found.body.forEach(person => {
    const button = element('button', name(person), { type: 'button', 'aria-pressed': 'false', 'data-id': person.id });
    button.append(element('small', person.company_name));
    button.addEventListener('click', () => choose(person));
    const item = document.createElement('li');
    item.append(button);
    $('people').append(item);
  });
  const shown = $('people').children.length;
  $('people-status').textContent = shown === 0 ? 'Nobody is called that.' : found.next ? `The first ${shown}` : `${shown} in all`;
  $('more').hidden = !found.next;
  $('more').onclick = () => people(found.next, true);
  mark();
}

function search() {
  const q = $('q').value.trim();
  people(`/api/persons?limit=${PAGE}` + (q ? `&q=${encodeURIComponent(q)}` : ''), false);
}

function mark() {
  $('people').querySelectorAll('button').forEach(
    button => button.setAttribute('aria-pressed', String(chosen !== null && button.dataset.id === String(chosen.id))));
}

/* One person */

async function choose(person) {
  chosen = person;
  mark();
  $('who').textContent = name(person);
  $('question').hidden = false;
  if (!$('start').value) {
    const now = ++asked;
    say('Looking for the last day on which they were seen…');
    try {
      const track = (await get(`/api/persons/${person.id}/track`)).body;
      if (now !== asked) {
        return;
      }
      const day = (track.length ? track[track.length - 1][0] : new Date().toISOString()).slice(0, 10);
      $('start').value = day;
      $('end').value = day;
    } catch (e) {
      say(e.message, true);
      return;
    }
  }
  ask();
}

function parameters(window) {
  return new URLSearchParams({
    start_date: $('start').value, end_date: $('end').value, distance: $('distance').value, window });
}

async function ask() {
  if (!chosen || !$('question').reportValidity()) {
    return;
  }
  const now = ++asked;
  const window = $('window').value;
  say(`Looking for whom ${name(chosen)} met…`);
  $('answer').setAttribute('aria-busy', 'true');
  try {
    const base = `/api/persons/${chosen.id}`;
    const range = new URLSearchParams({ start_date: $('start').value, end_date: $('end').value });
    const [track, met, any] = await Promise.all([
      get(`${base}/track?${range}`),
      get(`${base}/connection?${parameters(window)}`),
      window === 'any' ? null : get(`${base}/connection?${parameters('any')}`)]);
    if (now === asked) {
      show(track.body, met.body, any ? any.body.length : met.body.length, window);
    }
  } catch (e) {
    if (now === asked) {
      $('answer').hidden = true;
      say(e.message, true);
    }
  } finally {
    $('answer').removeAttribute('aria-busy');
  }
}

function show(track, met, any, window) {
  if (track.length === 0) {
    $('answer').hidden = true;
    say(`${name(chosen)} was not seen in this time. Choose other dates.`);
    return;
  }
  const words = $('window').selectedOptions[0].textContent.trim();
  const within = window === 'any' ? 'at any time' : `within ${words}`;
  $('answer').hidden = false;
  $('count').textContent = `${met.length} ${met.length === 1 ? 'person' : 'people'} within ${$('distance').value} m and ${within}`
    + (window === 'any' ? '' : `; ${any} at any time`);
  say(met.length === 0
    ? `Nobody was so near at the same time; ${any} were there at another.`
    : `${name(chosen)} met ${met.length} ${met.length === 1 ? 'person' : 'people'} ${within}.`);
  draw(track, met);
  $('contacts').replaceChildren(...met.map(row));
}

function row(contact) {
  const line = document.createElement('tr');
  const header = element('th', '', { scope: 'row' });
  const button = element('button', name(contact.person), { type: 'button' });
  button.addEventListener('click', () => circles.get(contact.person.id).openPopup());
  header.append(button);
  line.append(
    header,
    element('td', contact.person.company_name),
    element('td', moment.format(new Date(contact.first_seen))),
    element('td', moment.format(new Date(contact.last_seen))),
    element('td', `${number.format(contact.min_distance_m)} m`),
    element('td', contact.samples));
  return line;
}

/* The plan: no map, because indoors there is none */

function draw(track, met) {
  if (!plan) {
    plan = L.map('plan', { attributionControl: false, zoomSnap: 0.25, maxZoom: 24, keyboard: true });
    L.control.scale({ imperial: false }).addTo(plan);
    drawn = L.featureGroup().addTo(plan);
  }
  plan.invalidateSize();
  drawn.clearLayers();
  circles = new Map();
  const way = track.map(([, longitude, latitude]) => [latitude, longitude]);
  L.polyline(way, { color: '#0b6b8a', weight: 2, opacity: .7 }).addTo(drawn);
  way.forEach(place => L.circleMarker(place, { radius: 3, stroke: false, fillColor: '#0b6b8a', fillOpacity: .9 }).addTo(drawn));
  const farthest = Number($('distance').value) || 1;
  met.forEach(contact => {
    const share = Math.min(1, contact.min_distance_m / farthest);
    const circle = L.circleMarker(
      [Number(contact.location.latitude), Number(contact.location.longitude)],
      {
        radius: Math.min(20, 6 + 2 * Math.sqrt(contact.samples)),
        color: '#1c2733', weight: 1, fillOpacity: .8,
        fillColor: `hsl(${4 + 33 * share} ${71 + 8 * share}% ${41 + 17 * share}%)`
      });
    circle.bindPopup(element('span',
      `${name(contact.person)}, ${number.format(contact.min_distance_m)} m, ${moment.format(new Date(contact.location.creation_time))}`));
    circle.addTo(drawn);
    circles.set(contact.person.id, circle);
  });
  plan.fitBounds(drawn.getBounds().pad(.15), { animate: false, maxZoom: 22 });
}

/* Start */

let typing;
$('search').addEventListener('submit', event => { event.preventDefault(); search(); });
$('q').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(search, 250); });
$('question').addEventListener('submit', event => event.preventDefault());
$('question').addEventListener('change', ask);
search();

const linked = new URLSearchParams(location.search);
['start', 'end', 'distance', 'window'].filter(key => linked.has(key)).forEach(key => { $(key).value = linked.get(key); });
if (linked.has('person')) {
  get(`/api/persons/${encodeURIComponent(linked.get('person'))}`)
    .then(found => choose(found.body))
    .catch(e => say(e.message, true));
}
