-- Roles and the schema `auth` are Supabase's own; where they are missing, what Gamma needs of them is made.
do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin noinherit; end if;
  if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin noinherit; end if;
  if not pg_has_role(current_user, 'authenticated', 'member') then execute format('grant authenticated to %I', current_user); end if;
  if not pg_has_role(current_user, 'service_role', 'member') then execute format('grant service_role to %I', current_user); end if;
  if not exists (select from pg_namespace where nspname = 'auth') then
    create schema auth;
    create function auth.uid() returns uuid language sql stable
      as 'select nullif(nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'', '''')::uuid';
  end if;
end $$;
grant usage on schema auth to authenticated, service_role;
grant execute on function auth.uid() to authenticated, service_role;
grant usage on schema public to authenticated, service_role;

create table public.profiles (
  id uuid primary key,
  name text not null default '',
  created_at timestamptz not null default now()
);

create table public.projects (
  id uuid primary key default gen_random_uuid(),
  sequence bigint generated always as identity,
  name text not null check (length(name) between 1 and 200),
  -- `owner/name`; GitHub compares without case.
  repository text not null check (repository ~ '^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$'),
  installation_id text,
  s3_bucket text,
  s3_prefix text,
  mlflow_experiment text,
  target text not null check (target in ('runner', 'sagemaker')),
  -- Who made it; what they may do now is their role among the members.
  owner_id uuid not null references public.profiles (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index projects_repository on public.projects (lower(repository));

create table public.members (
  sequence bigint generated always as identity,
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  role text not null check (role in ('owner', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (project_id, user_id)
);
create index members_user on public.members (user_id);

create table public.training_jobs (
  id uuid primary key default gen_random_uuid(),
  -- Lists go newest first by this: times may be equal.
  sequence bigint generated always as identity,
  project_id uuid not null references public.projects (id) on delete cascade,
  commit_sha text not null,
  branch text not null,
  message text not null default '',
  author text not null default '',
  status text not null default 'pending' check (status in ('pending', 'running', 'completed', 'failed', 'stopped')),
  reason text,
  target text not null check (target in ('runner', 'sagemaker')),
  attempt integer not null default 1 check (attempt >= 1),
  -- What made it: the same push told twice, or replayed under another delivery id, makes no second job.
  origin text not null,
  workflow_run_id text,
  workflow_run_attempt integer,
  sagemaker_job_name text,
  mlflow_run_id text,
  progress double precision check (progress between 0 and 1),
  labels text[] not null default '{}',
  -- Params that this attempt changes; given to the training.
  params jsonb not null default '{}',
  stop_requested boolean not null default false,
  -- Leases given so far: a job that ends its runner each time is given up.
  claims integer not null default 0,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index jobs_origin on public.training_jobs (project_id, origin, attempt);
create index jobs_newest on public.training_jobs (project_id, sequence desc);
create index jobs_commit on public.training_jobs (commit_sha);
create index jobs_waiting on public.training_jobs (sequence) where status in ('pending', 'running') and target = 'runner';
create unique index jobs_sagemaker on public.training_jobs (sagemaker_job_name) where sagemaker_job_name is not null;

create table public.events (
  id bigint primary key,
  project_id uuid not null references public.projects (id) on delete cascade,
  job_id uuid,
  kind text not null,
  -- One line of JSON as it is sent. Text, since jsonb takes no NUL and reorders keys.
  data text not null,
  created_at timestamptz not null default now()
);
create index events_of_project on public.events (project_id, id);
create index events_of_job on public.events (job_id, id) where job_id is not null;
create sequence public.event_ids;

create sequence public.lease_tokens;
create table public.leases (
  job_id uuid primary key references public.training_jobs (id) on delete cascade,
  -- Only grows: whoever holds a smaller one is late.
  token bigint not null,
  runner text not null,
  -- The person whose token the runner carries.
  user_id uuid not null,
  claimed_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index leases_expiry on public.leases (expires_at);

create table public.logs (
  job_id uuid not null references public.training_jobs (id) on delete cascade,
  start_byte bigint not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  primary key (job_id, start_byte)
);

create table public.deliveries (
  -- `github` or `aws`.
  source text not null,
  id text not null,
  kind text not null,
  body_sha256 bytea not null,
  outcome text not null,
  received_at timestamptz not null default now(),
  primary key (source, id)
);
create index deliveries_body on public.deliveries (source, body_sha256);
create index deliveries_age on public.deliveries (received_at);

create table public.agent_conversations (
  id uuid primary key default gen_random_uuid(),
  sequence bigint generated always as identity,
  project_id uuid not null references public.projects (id) on delete cascade,
  job_id uuid references public.training_jobs (id) on delete set null,
  title text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversations_newest on public.agent_conversations (project_id, sequence desc);

create table public.agent_messages (
  id uuid primary key default gen_random_uuid(),
  sequence bigint generated always as identity,
  conversation_id uuid not null references public.agent_conversations (id) on delete cascade,
  project_id uuid not null references public.projects (id) on delete cascade,
  role text not null check (role in ('user', 'assistant')),
  content text not null,
  created_at timestamptz not null default now()
);
create index messages_newest on public.agent_messages (conversation_id, sequence desc);

create table public.commit_summaries (
  project_id uuid not null references public.projects (id) on delete cascade,
  commit_sha text not null,
  summary text not null,
  model text,
  created_at timestamptz not null default now(),
  primary key (project_id, commit_sha)
);

create table public.comments (
  id uuid primary key default gen_random_uuid(),
  sequence bigint generated always as identity,
  project_id uuid not null references public.projects (id) on delete cascade,
  job_id uuid not null references public.training_jobs (id) on delete cascade,
  author_id uuid not null,
  -- Their name when they wrote it: whoever leaves a project is seen no more.
  author text not null default '',
  text text not null check (length(text) between 1 and 20000),
  created_at timestamptz not null default now()
);
create index comments_newest on public.comments (job_id, sequence desc);

-- The signed-in person's role in a project, or null. As `service_role`, since policies on members that ask members would go round.
create function public.gamma_role(project uuid) returns text
  language sql stable security definer set search_path = ''
  as 'select role from public.members where project_id = project and user_id = auth.uid()';
create function public.gamma_may_write(project uuid) returns boolean
  language sql stable as $$ select coalesce(public.gamma_role(project) in ('owner', 'member'), false) $$;
create function public.gamma_is_owner(project uuid) returns boolean
  language sql stable as $$ select coalesce(public.gamma_role(project) = 'owner', false) $$;
create function public.gamma_shares_project(other uuid) returns boolean
  language sql stable security definer set search_path = ''
  as 'select exists (select from public.members mine join public.members theirs using (project_id)
      where mine.user_id = auth.uid() and theirs.user_id = other)';
create function public.gamma_has_members(project uuid) returns boolean
  language sql stable security definer set search_path = ''
  as 'select exists (select from public.members where project_id = project)';

-- A project keeps an owner for as long as it is there. Owners who remove each other at once take turns.
create function public.gamma_keep_an_owner() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if old.role <> 'owner' or (tg_op = 'UPDATE' and new.role = 'owner' and new.project_id = old.project_id and new.user_id = old.user_id) then
    return coalesce(new, old);
  end if;
  perform from public.projects where id = old.project_id for update;
  if found and not exists (
    select from public.members where project_id = old.project_id and user_id <> old.user_id and role = 'owner'
  ) then
    raise exception 'the last owner of a project stays' using errcode = 'GM001';
  end if;
  return coalesce(new, old);
end $$;
create trigger keep_an_owner before update or delete on public.members
  for each row execute function public.gamma_keep_an_owner();

-- Appends an event. One append at a time until its transaction has committed, so that ids are in the order of commits and
-- a reader that has seen id n will never meet a smaller one. Call it last in a transaction. It is the only way in for a
-- person: whoever could choose an id could end every project's feed.
create function public.gamma_append_event(project uuid, job uuid, kind text, data text) returns bigint
  language plpgsql security definer set search_path = '' as $$
declare new_id bigint;
begin
  if current_setting('role') in ('anon', 'authenticated') and not public.gamma_may_write(project) then
    raise insufficient_privilege;
  end if;
  perform pg_advisory_xact_lock(7426002);
  new_id := nextval('public.event_ids');
  insert into public.events (id, project_id, job_id, kind, data) values (new_id, project, job, kind, data);
  perform pg_notify('gamma_events', new_id::text);
  return new_id;
end $$;
revoke execute on function public.gamma_append_event(uuid, uuid, text, text) from public, anon;
grant execute on function public.gamma_append_event(uuid, uuid, text, text) to authenticated, service_role;

-- They see every row, as the relay does; a person only calls them.
grant create on schema public to service_role;
alter function public.gamma_role(uuid) owner to service_role;
alter function public.gamma_shares_project(uuid) owner to service_role;
alter function public.gamma_has_members(uuid) owner to service_role;
alter function public.gamma_keep_an_owner() owner to service_role;
alter function public.gamma_append_event(uuid, uuid, text, text) owner to service_role;
revoke create on schema public from service_role;

-- Supabase gives every new table to everybody by default: what a person gets is named below, row by row and column by column.
do $$
declare name text;
begin
  foreach name in array array['profiles', 'projects', 'members', 'training_jobs', 'events', 'leases', 'logs', 'deliveries',
    'agent_conversations', 'agent_messages', 'commit_summaries', 'comments'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated', name);
    execute format('grant select, insert, update, delete on public.%I to service_role', name);
    execute format('create policy relay on public.%I for all to service_role using (true) with check (true)', name);
  end loop;
end $$;
grant usage on all sequences in schema public to service_role;
alter table if exists public.gamma_migrations enable row level security;

grant select, insert, update on public.profiles to authenticated;
create policy seen on public.profiles for select to authenticated using (id = auth.uid() or public.gamma_shares_project(id));
create policy made on public.profiles for insert to authenticated with check (id = auth.uid());
create policy changed on public.profiles for update to authenticated using (id = auth.uid()) with check (id = auth.uid());

grant select, insert, delete on public.projects to authenticated;
grant update (name, repository, installation_id, s3_bucket, s3_prefix, mlflow_experiment, target, updated_at)
  on public.projects to authenticated;
-- Whoever makes a project sees it while they add themselves; later only members do, its maker among them or not.
create policy seen on public.projects for select to authenticated using (
  public.gamma_role(id) is not null or (owner_id = auth.uid() and not public.gamma_has_members(id)));
create policy made on public.projects for insert to authenticated with check (owner_id = auth.uid());
create policy changed on public.projects for update to authenticated using (public.gamma_is_owner(id)) with check (public.gamma_is_owner(id));
create policy removed on public.projects for delete to authenticated using (public.gamma_is_owner(id));

grant select, insert, delete on public.members to authenticated;
grant update (role) on public.members to authenticated;
create policy seen on public.members for select to authenticated using (user_id = auth.uid() or public.gamma_role(project_id) is not null);
-- An owner adds others; whoever makes a project adds themselves.
create policy made on public.members for insert to authenticated with check (
  public.gamma_is_owner(project_id)
  or (user_id = auth.uid() and role = 'owner' and not public.gamma_has_members(project_id)
      and exists (select from public.projects p where p.id = project_id and p.owner_id = auth.uid())));
create policy changed on public.members for update to authenticated using (public.gamma_is_owner(project_id)) with check (public.gamma_is_owner(project_id));
create policy removed on public.members for delete to authenticated using (public.gamma_is_owner(project_id));

grant select, insert on public.training_jobs to authenticated;
grant update (message, author, status, reason, target, workflow_run_id, workflow_run_attempt, sagemaker_job_name, mlflow_run_id,
  progress, labels, params, stop_requested, claims, started_at, completed_at, updated_at) on public.training_jobs to authenticated;
create policy seen on public.training_jobs for select to authenticated using (public.gamma_role(project_id) is not null);
create policy made on public.training_jobs for insert to authenticated with check (public.gamma_may_write(project_id));
create policy changed on public.training_jobs for update to authenticated using (public.gamma_may_write(project_id)) with check (public.gamma_may_write(project_id));

grant select on public.events to authenticated;
create policy seen on public.events for select to authenticated using (public.gamma_role(project_id) is not null);

grant select on public.logs to authenticated;
create policy seen on public.logs for select to authenticated using (
  exists (select from public.training_jobs j where j.id = job_id and public.gamma_role(j.project_id) is not null));

grant select, insert on public.agent_conversations, public.agent_messages, public.commit_summaries, public.comments to authenticated;
grant update (title, updated_at) on public.agent_conversations to authenticated;
grant update (summary, model, created_at) on public.commit_summaries to authenticated;
grant delete on public.agent_conversations, public.comments to authenticated;
create policy seen on public.agent_conversations for select to authenticated using (public.gamma_role(project_id) is not null);
create policy made on public.agent_conversations for insert to authenticated with check (
  created_by = auth.uid() and public.gamma_may_write(project_id)
  and (job_id is null
       or exists (select from public.training_jobs j where j.id = job_id and j.project_id = agent_conversations.project_id)));
create policy changed on public.agent_conversations for update to authenticated using (public.gamma_may_write(project_id)) with check (public.gamma_may_write(project_id));
create policy removed on public.agent_conversations for delete to authenticated using (created_by = auth.uid() or public.gamma_is_owner(project_id));
create policy seen on public.agent_messages for select to authenticated using (public.gamma_role(project_id) is not null);
-- A message belongs to its conversation's project, or a member of one project could write into another's.
create policy made on public.agent_messages for insert to authenticated with check (
  public.gamma_may_write(project_id)
  and exists (select from public.agent_conversations c where c.id = conversation_id and c.project_id = agent_messages.project_id));
create policy seen on public.commit_summaries for select to authenticated using (public.gamma_role(project_id) is not null);
create policy made on public.commit_summaries for insert to authenticated with check (public.gamma_may_write(project_id));
create policy changed on public.commit_summaries for update to authenticated using (public.gamma_may_write(project_id)) with check (public.gamma_may_write(project_id));
create policy seen on public.comments for select to authenticated using (public.gamma_role(project_id) is not null);
create policy made on public.comments for insert to authenticated with check (
  author_id = auth.uid() and author = (select p.name from public.profiles p where p.id = auth.uid())
  and public.gamma_may_write(project_id)
  and exists (select from public.training_jobs j where j.id = job_id and j.project_id = comments.project_id));
create policy removed on public.comments for delete to authenticated using (author_id = auth.uid() or public.gamma_is_owner(project_id));
