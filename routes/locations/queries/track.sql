-- Where the person :id was in a range, or, without one, on the last day on which they were seen.
select (
    select coalesce(json_agg(json_build_array(time_json(t.ts), t.lon, t.lat) order by t.ts), '[]')
    from (select coalesce(last_seen(:id::bigint), now())::date::text as last_day) as l
      cross join lateral date_range(coalesce(:start_date, l.last_day), coalesce(:end_date, l.last_day)) as r
      cross join lateral track(:id::bigint, r.first, r.after, 10000) as t
  ) as body
from person
where id = :id::bigint
