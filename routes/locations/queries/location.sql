select location_json(l.id, l.person_id, l.lon, l.lat, l.ts) as body
from location_with(:id::bigint) as l
