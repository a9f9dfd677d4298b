-- The texts of letters that staff may edit. A shipped letter has a row here for its number, its switch and its copies; a
-- custom one is made by staff. What stands in a letter is a text for each language; without one the shipped text holds.

create table email_templates (
  id {{id}},
  kind {{key}} not null unique,
  type text not null,
  name text not null,
  name_key {{key}} not null unique,
  is_custom bigint not null default 0,
  disabled_at bigint,
  copies text not null default '',
  created_at bigint not null,
  updated_at bigint not null
);

-- version: of the shipped text that it was made from. fault: why it last could not be used; then the shipped text went out.
create table email_template_texts (
  template_id bigint not null references email_templates (id) on delete cascade,
  language {{key}} not null,
  subject text not null,
  body text not null,
  small text not null,
  version text not null,
  updated_at bigint not null,
  administrator_id bigint,
  fault text,
  primary key (template_id, language)
);
create index email_template_faults on email_template_texts (template_id) where fault is not null;
