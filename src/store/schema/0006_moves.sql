-- When a whole body last came, and where the feed has moved or is said to have moved.
alter table feeds add column whole bigint;
alter table feeds add column moving_url text;
alter table feeds add column moving_since bigint;
alter table feeds add column moving_count bigint;
alter table feeds add column moved text;
-- When its validators were last found wrong.
alter table feeds add column distrusted bigint;
