select drop_partitions(:retention::interval)::text as body
