-- Whether any client is kept in a currency, before it is removed.
create index clients_by_currency on clients (currency_id);
