-- What came of the page of an item; `hash` is that of its text, absent where it could not be read.
create table pages (
    item      text   not null primary key,
    feed      text   not null,
    fetched   bigint not null,
    outcome   text   not null,
    url       text,
    canonical text,
    dated     bigint,
    hash      text
);
create index pages_by_time on pages (fetched);
