-- The address to which a feed's state belongs: another address begins anew.
alter table feeds add column url text;
