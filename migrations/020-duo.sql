-- Who is asked by Duo. No secret is here: by which name Duo knows somebody is all there is, and whoever reads this table alone
-- signs in as nobody.

create table duo_holders (
  id {{id}},
  user_id bigint unique references users (id) on delete cascade,
  administrator_id bigint unique references administrators (id) on delete cascade,
  -- Fixed when it was set up: another address later is still the same person of Duo.
  name {{key}} not null,
  created_at bigint not null,
  last_used_at bigint
);
-- One person of Duo stands for one of ours.
create unique index duo_holders_by_name_of_user on duo_holders (name) where user_id is not null;
create unique index duo_holders_by_name_of_administrator on duo_holders (name) where administrator_id is not null;
