-- A passkey that was set up before its person's address was proved may be somebody else's: after a new password by letter it
-- stands beside the password and opens nothing alone.
alter table passkeys add column second_only bigint not null default 0;
