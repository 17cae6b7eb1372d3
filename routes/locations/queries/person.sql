select person_json(p) as body
from person p
where p.id = :id::bigint
