-- Locations as they are commonly kept with PostGIS, a geography under a plain GiST index: in one table, and in days as
-- the flow keeps its own.

create table hall (
  id bigint not null,
  person_id bigint not null,
  ts timestamptz not null,
  point geography(point, 4326) not null,
  primary key (person_id, ts, id)
);
create index hall_point on hall using gist (point);

create table hall_in_days (like hall including defaults, primary key (person_id, ts, id)) partition by range (ts);
create index hall_in_days_point on hall_in_days using gist (point);

-- Whom a person met and how close, in one statement. As the flow's own, it is planned with the range known, and
-- with neither compiling nor less memory.
create function contacts_by_gist(
    hall regclass, person bigint, first timestamptz, after timestamptz, apart interval, distance float8)
  returns table (person_id bigint, metres float8)
  language plpgsql stable
  set jit = off
  set work_mem = '32MB'
  as $$
begin
  return query execute format(
    $q$
      with own as materialized (
        select l.ts, l.point
        from %1$s l
        where l.person_id = $1
          and l.ts >= $2
          and l.ts < $3
      )
      select near.person_id, min(near.metres)
      from own o
        cross join lateral (
          select l.person_id, st_distance(l.point, o.point) as metres
          from %1$s l
          where st_dwithin(l.point, o.point, $5)
            and l.ts >= o.ts - $4
            and l.ts <= o.ts + $4
            and l.ts >= $6
            and l.ts < $7
            and l.person_id <> $1
          offset 0
        ) as near
      group by near.person_id
    $q$,
    hall)
  using person, first, after, apart, distance, first - apart, after + apart;
end
$$;
