-- Faults of the table location, what the trials count of it, and no rows. Sequences count what is rolled back too.
create table if not exists locations.trial_fault (kind text not null, times int not null);
create sequence if not exists locations.trial_calls;
create sequence if not exists locations.trial_written;
create sequence if not exists locations.trial_strikes;

create or replace function locations.trial_call() returns trigger language plpgsql as $$
begin
  perform nextval('locations.trial_calls');
  if exists (select from locations.trial_fault where kind = 'unavailable') then
    perform nextval('locations.trial_strikes');
    raise exception 'the trial is on' using errcode = 'cannot_connect_now';
  end if;
  if exists (
    select from locations.trial_fault where kind = 'slow' and times > (select last_value from locations.trial_strikes)
  ) then
    perform nextval('locations.trial_strikes');
    perform pg_sleep(10);
  end if;
  return null;
end
$$;

create or replace function locations.trial_row() returns trigger language plpgsql as $$
begin
  if exists (select from locations.trial_fault where kind = 'refused') then
    raise exception 'the trial refuses rows' using errcode = 'data_exception';
  end if;
  return new;
end
$$;

create or replace function locations.trial_written() returns trigger language plpgsql as $$
begin
  perform nextval('locations.trial_written');
  return null;
end
$$;

create or replace trigger trial_call before insert on locations.location
  for each statement execute function locations.trial_call();
create or replace trigger trial_row before insert on locations.location
  for each row execute function locations.trial_row();
create or replace trigger trial_written after insert on locations.location
  for each row execute function locations.trial_written();

delete from locations.trial_fault;
select setval('locations.trial_calls', 1, false), setval('locations.trial_written', 1, false), setval('locations.trial_strikes', 1, false);

-- The hub makes its partitions anew.
do $$
declare
  partition regclass;
begin
  for partition in select inhrelid::regclass from pg_inherits where inhparent = 'locations.location'::regclass loop
    execute format('drop table %s', partition);
  end loop;
end
$$;
