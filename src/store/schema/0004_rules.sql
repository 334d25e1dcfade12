-- Alerts of rules that ask for several sources, while they wait. The record is the whole alert as JSON.
create table unconfirmed (
    contact text    not null,
    rule    text    not null,
    opening boolean not null,
    record  text    not null,
    primary key (contact, rule)
);

-- The latest publication that a feed has shown, and the polls in a row at which it listed old items under new ids.
alter table feeds add column newest bigint;
alter table feeds add column floods bigint not null default 0;
alter table feeds add column flooded bigint;

alter table items add column updated bigint;
