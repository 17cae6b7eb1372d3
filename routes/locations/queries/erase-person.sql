select null as body, 204 as status
where erase(:id::bigint)
