-- Times are microseconds since the epoch, days are YYYY-MM-DD, ids are 32 hexadecimal digits.

create table feeds (
    id            text    not null primary key,
    etag          blob,
    last_modified blob,
    body_hash     text,
    due           bigint,
    failures      bigint  not null,
    last_error    text,
    last_ok       bigint,
    baseline      boolean not null,
    gone          boolean not null
);

-- What a feed has shown: 20 bytes an item, latest sight first (see seen.rs).
create table seen (
    feed    text not null primary key,
    entries blob not null
);

-- Items that had a mention or matched a rule. Their texts are null once they are past retention.
create table items (
    id        text   not null primary key,
    feed      text   not null,
    url       text,
    title     text   not null,
    summary   text,
    content   text,
    published bigint,
    seen      bigint not null,
    hash      text   not null
);
create index items_by_sight on items (seen);

-- The record is the whole contact as JSON; the other columns are what queries look at.
create table contacts (
    id             text   not null primary key,
    kind           text   not null,
    status         text   not null,
    novelty        text   not null,
    level          bigint not null,
    starts         text,
    ends           text,
    place          text,
    as_of          bigint not null,
    first_reported bigint not null,
    version        bigint not null,
    record         text   not null
);
create index contacts_by_start on contacts (starts);
create index contacts_by_report on contacts (as_of);

-- The record is the whole alert as JSON, null once it is past retention.
create table alerts (
    id     text   not null primary key,
    raised bigint not null,
    record text
);
create index alerts_by_time on alerts (raised);

create table deliveries (
    id        text   not null primary key,
    alert     text   not null references alerts (id),
    channel   text   not null,
    recipient text   not null,
    state     text   not null check (state in ('queued', 'claimed', 'sent', 'buried')),
    attempts  bigint not null,
    due       bigint not null,
    lease     bigint,
    created   bigint not null,
    reason    text
);
create index deliveries_by_alert on deliveries (alert);
create index deliveries_by_state on deliveries (state, due);
create index deliveries_open on deliveries (channel, recipient, due, created, id) where state in ('queued', 'claimed');

create table attempts (
    delivery text    not null references deliveries (id) on delete cascade,
    number   bigint  not null,
    at       bigint  not null,
    took     bigint  not null,
    ok       boolean not null,
    text     text    not null,
    retry    boolean not null,
    after    bigint,
    primary key (delivery, number)
);
