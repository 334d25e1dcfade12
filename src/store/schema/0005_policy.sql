-- Silences as they were written; matchers are a JSON list of texts.
create table silences (
    id       text   not null primary key,
    matchers text   not null,
    reason   text   not null,
    created  bigint not null,
    until    bigint not null
);

-- Who does not get an alert, and why; `delivery` is the id of the delivery that it would have been, here and in deferred.
-- For each of these ids there is a row here, or in deferred, or a delivery.
create table mutes (
    delivery  text   not null primary key,
    alert     text   not null references alerts (id),
    channel   text   not null,
    recipient text   not null,
    contact   text,
    at        bigint not null,
    cause     text   not null,
    source    text,
    rule      text,
    reason    text   not null
);
create index mutes_by_contact on mutes (contact) where contact is not null;

create table digests (
    id        text   not null primary key,
    channel   text   not null,
    recipient text   not null,
    at        bigint not null
);

-- Alerts that wait for their recipient; once they are part of a digest, they keep its id.
create table deferred (
    delivery  text   not null primary key,
    alert     text   not null references alerts (id),
    channel   text   not null,
    recipient text   not null,
    why       text   not null,
    due       bigint not null,
    since     bigint not null,
    digest    text   references digests (id)
);
create index deferred_by_alert on deferred (alert);
create index deferred_waiting on deferred (due) where digest is null;
create index deferred_by_digest on deferred (digest) where digest is not null;

-- Of a digest, `alert` is its first.
alter table deliveries add column digest text references digests (id);
create index deliveries_by_creation on deliveries (created);
