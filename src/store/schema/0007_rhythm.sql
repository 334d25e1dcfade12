-- How often a feed brings something new and what it asks for; durations in milliseconds, hours and days as bits.
alter table feeds add column gap bigint;
alter table feeds add column arrived bigint;
alter table feeds add column asked bigint;
alter table feeds add column skip_hours bigint not null default 0;
alter table feeds add column skip_days bigint not null default 0;
alter table feeds add column interval bigint;
alter table feeds add column why text not null default 'new';
