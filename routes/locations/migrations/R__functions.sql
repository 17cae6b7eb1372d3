-- The functions of this flow. Flyway runs this file anew whenever it has changed.

-- A grid of 1/5120 degree in latitude, 22 m; each row has as many columns as are that wide at its latitude.
create or replace function cell_row(lat float8) returns int
  language sql immutable strict parallel safe
  return floor((lat + 90) * 5120)::int;

-- Not strict, so that PostgreSQL takes it into the statement: greatest() is not strict. In float8, because numeric is slow.
create or replace function cell_columns(cell_row int) returns int
  language sql immutable parallel safe
  return greatest(1, floor(1843200 * cos(radians((cell_row + 0.5::float8) / 5120 - 90))))::int;

create or replace function cell_at(cell_row int, columns int, lon float8) returns bigint
  language sql immutable strict parallel safe
  return (cell_row::bigint << 21) | (floor((lon + 180) / 360 * columns)::bigint % columns);

-- The cells that hold every point within some metres of a point: in each row, the columns that the haversine formula
-- leaves, on the smallest sphere that the WGS84 ellipsoid is curved like (6335439 m), so that none is missed.
create or replace function cells_within(lon float8, lat float8, metres float8) returns bigint[]
  language plpgsql immutable strict parallel safe as $$
declare
  cells bigint[] := '{}';
  columns int;
  half_chord float8;
  reach float8;
  first int;
  last int;
begin
  for cell_row in cell_row(greatest(-90, lat - latitude_reach(metres)))..cell_row(least(90, lat + latitude_reach(metres)))
  loop
    columns := cell_columns(cell_row);
    half_chord := sin(metres / 6335439 / 2) / sqrt(greatest(1e-300, cos(radians(lat)) * cos(radians(
      least(90, greatest(abs(lat), abs(cell_row / 5120.0::float8 - 90), abs((cell_row + 1) / 5120.0::float8 - 90)))))));
    reach := case when half_chord < 1 then 2 * degrees(asin(half_chord)) + 1e-9 else 180 end;
    first := floor((lon - reach + 180) / 360 * columns);
    last := floor((lon + reach + 180) / 360 * columns);
    if last - first >= columns - 1 then
      first := 0;
      last := columns - 1;
    end if;
    for cell_column in first..last loop
      cells := cells || (cell_row::bigint << 21 | (cell_column + columns) % columns);
    end loop;
  end loop;
  return cells;
end
$$;

-- The id of a location begins with its day, counted from 2000, so that it tells the partition; the number that follows
-- has 38 bits, so that every id is one that JavaScript can hold.
create or replace function location_id(ts timestamptz) returns bigint
  language sql volatile
  return ((ts at time zone 'UTC')::date - date '2000-01-01')::bigint << 38 | nextval('location_number');

create or replace function day_of(location_id bigint) returns timestamptz
  language sql immutable strict parallel safe
  return (date '2000-01-01' + (location_id >> 38)::int)::timestamp at time zone 'UTC';

-- How far in latitude and in longitude a point may be that is within some metres of another, in degrees; at a pole any
-- longitude. Never too little, because the sphere is the one above.
create or replace function latitude_reach(metres float8) returns float8
  language sql immutable strict parallel safe
  return degrees(metres / 6335439) + 1e-9;

create or replace function longitude_reach(lat float8, metres float8) returns float8
  language sql immutable strict parallel safe
  return case when abs(lat) + latitude_reach(metres) < 89.9999
    then degrees(asin(least(1, sin(metres / 6335439) / cos(radians(lat))))) + 1e-9 else 180 end;

-- Geocentric coordinates on WGS84, in metres: a chord of 200 m is 8e-9 m shorter than the geodesic.
create or replace function normal_radius(lat float8) returns float8
  language sql immutable strict parallel safe
  return 6378137 / sqrt(1 - 0.00669437999014132 * sin(radians(lat)) * sin(radians(lat)));

create or replace function geocentric_x(lon float8, lat float8) returns float8
  language sql immutable strict parallel safe
  return normal_radius(lat) * cos(radians(lat)) * cos(radians(lon));

create or replace function geocentric_y(lon float8, lat float8) returns float8
  language sql immutable strict parallel safe
  return normal_radius(lat) * cos(radians(lat)) * sin(radians(lon));

create or replace function geocentric_z(lat float8) returns float8
  language sql immutable strict parallel safe
  return normal_radius(lat) * (1 - 0.00669437999014132) * sin(radians(lat));

create or replace function partition_of(day date) returns text
  language sql immutable strict
  return 'location_' || to_char(day, 'YYYYMMDD');

-- Makes the partitions that rows of these times need, up to 16 in a transaction, because each takes locks; tells
-- whether some are still missing. A partition is attached, because that stops neither readers nor writers of others.
create or replace function make_partitions(times timestamptz[], retention interval) returns boolean
  language plpgsql as $$
declare
  day date;
  made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('locations.partitions'));
  for day in
    select distinct (t at time zone 'UTC')::date as d
    from unnest(times) as t
    where t >= now() - retention and t <= now() + interval '5 minutes'
    order by d
  loop
    if to_regclass(partition_of(day)) is null then
      if made = 16 then
        return true;
      end if;
      execute format('create table %I (like location including defaults)', partition_of(day));
      execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.02)', partition_of(day));
      execute format(
        'alter table location attach partition %I for values from (%L) to (%L)',
        partition_of(day), day::text || 'T00:00:00Z', (day + 1)::text || 'T00:00:00Z');
      made := made + 1;
    end if;
  end loop;
  return false;
end
$$;

-- Drops the partitions whose day is over by more than the retention. Whoever reads for long is not waited for: the
-- next call drops them.
create or replace function drop_partitions(retention interval) returns int
  language plpgsql as $$
declare
  partition regclass;
  dropped int := 0;
begin
  perform set_config('lock_timeout', '2s', true);
  for partition in
    select i.inhrelid::regclass
    from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'location'::regclass
      and c.relname < partition_of(((now() - retention) at time zone 'UTC')::date)
    order by c.relname
    limit 16
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

-- Forgets a person for good: their locations go, and replays of their events are passed over.
create or replace function erase(id bigint) returns boolean
  language plpgsql as $$
declare
  erased boolean;
begin
  -- Waits for the batches that are being written, and they for this.
  perform pg_advisory_xact_lock(hashtext('locations.erase'));
  delete from person p where p.id = erase.id;
  erased := found;
  if erased then
    insert into erased_person (person_id) values (erase.id);
    delete from location l where l.person_id = erase.id;
  end if;
  return erased;
end
$$;

-- A person as callers see them.
create or replace function person_json(p person) returns json
  language sql immutable strict parallel safe
  return json_build_object(
    'id', p.id, 'first_name', p.first_name, 'last_name', p.last_name, 'company_name', p.company_name);

create or replace function time_json(ts timestamptz) returns json
  language sql immutable strict parallel safe
  return to_json(trim('"' from to_json(ts at time zone 'UTC')::text) || 'Z');

-- A location as callers see it: coordinates are texts, as they always were.
create or replace function location_json(id bigint, person_id bigint, lon float8, lat float8, ts timestamptz) returns json
  language sql immutable strict parallel safe
  return json_build_object(
    'id', id, 'person_id', person_id, 'longitude', lon::text, 'latitude', lat::text, 'creation_time', time_json(ts));

-- Refuses a parameter of a request; the hub answers 400 with these words.
create or replace function refuse(parameter text, reason text) returns void
  language plpgsql immutable as $$
begin
  raise exception using errcode = 'QA400', message = reason, hint = parameter;
end
$$;

-- What a date or a moment of a request means.
create or replace function moment(parameter text, value text) returns timestamptz
  language plpgsql stable as $$
begin
  return value::timestamptz;
exception when data_exception then
  perform refuse(parameter, 'is no date or time of the calendar');
end
$$;

-- The range between two dates, both meant whole, or two moments, both meant too; the end is the first moment after it.
create or replace function date_range(start_date text, end_date text, out first timestamptz, out after timestamptz)
  language plpgsql stable as $$
begin
  first := moment('start_date', start_date);
  after := moment('end_date', end_date)
    + case when length(end_date) = 10 then interval '1 day' else interval '1 microsecond' end;
  if first >= after then
    perform refuse('end_date', 'is before start_date');
  end if;
end
$$;

-- A location by its id. The statement is planned with the day known, so that only its partition is looked at.
create or replace function location_with(id bigint)
  returns setof location
  language plpgsql stable as $$
begin
  return query execute
    'select * from location l where l.ts >= $1 and l.ts < $2 and l.id = $3'
    using day_of(id), day_of(id) + interval '1 day', id;
exception when datetime_field_overflow or numeric_value_out_of_range then
  return;
end
$$;

-- When a person was last seen; days are looked at from the newest on, because the last one is seldom far.
create or replace function last_seen(person bigint) returns timestamptz
  language plpgsql stable as $$
declare
  partition regclass;
  found_at timestamptz;
begin
  for partition in
    select i.inhrelid::regclass
    from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'location'::regclass
    order by c.relname desc
  loop
    execute format('select max(ts) from %s where person_id = $1', partition) into found_at using person;
    if found_at is not null then
      return found_at;
    end if;
  end loop;
  return null;
end
$$;

-- Where a person was, at most so many places, the newest of the range.
create or replace function track(person bigint, first timestamptz, after timestamptz, most int)
  returns setof location
  language plpgsql stable as $$
begin
  return query execute
    'select * from location l where l.person_id = $1 and l.ts >= $2 and l.ts < $3 order by l.ts desc limit $4'
    using person, first, after, most;
end
$$;

-- Who was within some metres of a person, no more than so far apart in time, or at any time of the range: for each of
-- them, or for each location of theirs, the closest encounter. The statement is planned with the range known, so that
-- only its partitions are looked at.
create or replace function contacts(
    person bigint, first timestamptz, after timestamptz, apart interval, distance float8, every_location boolean)
  returns table (
    id bigint, person_id bigint, ts timestamptz, lon float8, lat float8, metres float8,
    first_seen timestamptz, last_seen timestamptz, samples bigint)
  language plpgsql stable
  -- Compiling the statement takes a hundred times as long as running it.
  set jit = off
  set work_mem = '32MB'
  as $$
begin
  return query execute $q$
    with own as materialized (
      select l.lon, l.lat,
        geocentric_x(l.lon, l.lat) as x, geocentric_y(l.lon, l.lat) as y, geocentric_z(l.lat) as z,
        latitude_reach($5) as lat_reach, longitude_reach(l.lat, $5) as lon_reach,
        cells_within(l.lon, l.lat, $5) as cells,
        coalesce(l.ts - $4, $2) as earliest,
        coalesce(l.ts + $4, $3) as latest
      from location l
      where l.person_id = $1
        and l.ts >= $2
        and l.ts < $3
    ), met as materialized (
      select near.person_id, near.id, near.ts, near.lon, near.lat,
        sqrt(min(
          (near.x - o.x) * (near.x - o.x) + (near.y - o.y) * (near.y - o.y) + (near.z - o.z) * (near.z - o.z)))
          as metres,
        case when $6 then near.id end as part
      from own o
        -- The offset keeps the planner from joining in another way than cell by cell.
        cross join lateral (
          select l.person_id, l.id, l.ts, l.lon, l.lat,
            geocentric_x(l.lon, l.lat) as x, geocentric_y(l.lon, l.lat) as y, geocentric_z(l.lat) as z
          from location l
          where l.cell = any (o.cells)
            and l.ts >= o.earliest
            and l.ts <= o.latest
            and l.ts >= $7
            and l.ts < $8
            and l.person_id <> $1
            and abs(l.lat - o.lat) <= o.lat_reach
            and (abs(l.lon - o.lon) <= o.lon_reach or abs(l.lon - o.lon) >= 360 - o.lon_reach)
          offset 0
        ) as near
      where (near.x - o.x) * (near.x - o.x) + (near.y - o.y) * (near.y - o.y) + (near.z - o.z) * (near.z - o.z)
        <= $5 * $5
      group by near.person_id, near.id, near.ts, near.lon, near.lat
    ), closest as (
      select distinct on (m.person_id, m.part) m.*
      from met m
      order by m.person_id, m.part, m.metres, m.ts, m.id
    ), summary as (
      select m.person_id, m.part, min(m.ts) as first_seen, max(m.ts) as last_seen, count(*) as samples
      from met m
      group by m.person_id, m.part
    )
    select c.id, c.person_id, c.ts, c.lon, c.lat, c.metres, s.first_seen, s.last_seen, s.samples
    from closest c
      join summary s on s.person_id = c.person_id and s.part is not distinct from c.part
  $q$
  using person, first, after, apart, distance, every_location,
    first - coalesce(apart, interval '0'), after + coalesce(apart, interval '0');
end
$$;
