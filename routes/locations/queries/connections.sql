-- Whom the person :id met; see the function contacts.
select (
    select coalesce(
      json_agg(
        json_build_object(
          'location', location_json(c.id, c.person_id, c.lon, c.lat, c.ts),
          'person', person_json(p),
          'first_seen', time_json(c.first_seen),
          'last_seen', time_json(c.last_seen),
          'samples', c.samples,
          'min_distance_m', round(c.metres::numeric, 3))
        order by c.metres, c.person_id, c.ts),
      '[]')
    from date_range(:start_date, :end_date) as r
      cross join lateral contacts(
        :id::bigint, r.first, r.after, nullif(:window, 'any')::interval, :distance::float8, :detail is not null) as c
      join person p on p.id = c.person_id
  ) as body
from person
where id = :id::bigint
