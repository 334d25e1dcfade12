-- The visit during which a contact takes place; the contacts that are known already get it with their next report.
alter table contacts add column visit text;
create index contacts_by_visit on contacts (visit);
