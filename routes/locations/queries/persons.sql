-- A page of the people whose name or company holds :q, after the person :after.
with found as materialized (
  select p
  from person p
  where p.id > coalesce(:after::bigint, 0)
    and (:q::text is null
      or position(lower(:q) in lower(concat_ws(' ', p.first_name, p.last_name, p.company_name))) > 0)
  order by p.id
  limit coalesce(:limit::int, 10000) + 1
), page as (
  select p, row_number() over (order by (p).id) as n
  from found
)
select coalesce(json_agg(person_json(p) order by (p).id) filter (where n <= coalesce(:limit::int, 10000)), '[]') as body,
  case when count(*) > coalesce(:limit::int, 10000) then
    format('</api/persons?after=%s&limit=%s%s>; rel="next"',
      max((p).id) filter (where n <= coalesce(:limit::int, 10000)),
      coalesce(:limit::int, 10000),
      '&q=' || regexp_replace(encode(convert_to(:q, 'UTF8'), 'hex'), '(..)', '%\1', 'g'))
  end as "Link"
from page
