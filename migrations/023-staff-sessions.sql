-- The log of who of the staff was signed in leafs through their sessions, which stand among those of all customers.
create index sessions_of_staff on sessions (id) where administrator_id is not null;
