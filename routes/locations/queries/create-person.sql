with created as (
  insert into person as p (first_name, last_name, company_name)
  values (:first_name, :last_name, :company_name)
  returning p
)
select person_json(p) as body, 201 as status, '/api/persons/' || (p).id as "Location"
from created
