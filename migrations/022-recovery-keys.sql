-- A recovery that somebody vouched for is finished by whoever reads the mailbox that its person signs in with: the hash of the
-- key in the newest letter there.
alter table recoveries add column key_hash text;
create unique index recoveries_by_key on recoveries (key_hash);
