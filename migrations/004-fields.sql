-- What an operator asks of clients beyond the profile. `options` is a list in JSON; flags are 0 or 1.
create table custom_fields (
  id {{id}},
  name text not null,
  description text not null,
  type text not null,
  options text not null,
  pattern text not null,
  admin_only bigint not null,
  required bigint not null,
  on_order_form bigint not null,
  on_invoice bigint not null,
  position bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);

-- One value of a client; an empty one has no row. `sealed` 1: the value is sealed, since the field is of the kind password.
create table custom_field_values (
  client_id bigint not null references clients (id) on delete cascade,
  field_id bigint not null references custom_fields (id) on delete cascade,
  value text not null,
  sealed bigint not null,
  primary key (client_id, field_id)
);
create index custom_field_values_by_field on custom_field_values (field_id);
